# SPDX-License-Identifier: Apache-2.0
"""A report in words: its verdict in one sentence, a table, failures first, and what failed, why, and what to do."""

from __future__ import annotations

from collections import Counter
from typing import Any, Mapping, Sequence

from ...base.words import FAIL, PASS, SKIP, WARN, one_line, paragraph, plural, wrong
from ...http.verdicts import OK, SKIPPED
from ..container import LEFTOVER_ADVICE
from .numbers import count, milliseconds

_ORDER = (FAIL, WARN, PASS, SKIP)
_COUNTED = {FAIL: "failed", WARN: "warned", PASS: "ok", SKIP: "skipped"}
# What a report calls each outcome, worst first.
WORDS = {FAIL: "failed", WARN: "warning", PASS: "ok", SKIP: "skipped"}

# So many probes that were skipped for one reason still have a line each: a group of optional ones has.
MOST_ALIKE = 5

# What a load does, in its order.
LOAD_OPERATIONS = {"put": "PUT", "head_after_put": "HEAD after PUT", "head": "HEAD", "delete": "DELETE"}

Run = Mapping[str, Any]
Verdict = Mapping[str, Any]


def outcome(verdict: Verdict) -> str:
    """FAIL, WARN, PASS or SKIP."""
    if verdict["verdict"] == SKIPPED:
        return SKIP
    if verdict["verdict"] == OK:
        return PASS
    return WARN if verdict.get("severity") == "warning" else FAIL


def worst_first(verdicts: Sequence[Verdict]) -> list[Verdict]:
    """The verdicts with failures first, otherwise in their order."""
    return sorted(verdicts, key=lambda verdict: _ORDER.index(outcome(verdict)))


def failed_first(runs: Sequence[Run]) -> list[Run]:
    """The runs with those that did not pass first, otherwise in their order."""
    return sorted(runs, key=lambda run: bool(run["passed"]))


def view(run: Run) -> str:
    """Which gateway, as whom, seen from where."""
    user = f" as {run['user']}" if run["user"] else ""
    return f"{run['endpoint']}{user}, seen from {run['host']}" if run["endpoint"] else str(run["host"])


def counts(run: Run) -> str:
    """How many probes ended how: `4 probes: 1 failed, 3 ok`."""
    if run["error"]:
        return "not verified"
    load = f"; {plural(_wrong_under_load(run), 'wrong answer')} under load" if run.get("load") else ""
    return tally(run["verdicts"]) + load


def tally(verdicts: Sequence[Verdict]) -> str:
    """How many of these probes ended how, the worst first."""
    outcomes = [outcome(verdict) for verdict in verdicts]
    parts = [f"{outcomes.count(kind)} {_COUNTED[kind]}" for kind in _ORDER if kind in outcomes]
    return f"{plural(len(outcomes), 'probe')}: {', '.join(parts)}"


def headline(report: Mapping[str, Any]) -> str:
    """The verdict on all runs in one sentence."""
    runs = report["runs"]
    findings = [finding for run in failed_first(runs) for finding in _findings(run)]
    if findings:
        more = f", and {plural(len(findings) - 1, 'more finding')}" if len(findings) > 1 else ""
        return f"Failed: {findings[0]}{more}.{_load_sentence(runs)}"
    if not runs:
        return "Nothing was verified."
    outcomes = [outcome(verdict) for run in runs for verdict in run["verdicts"]]
    warned = f" with {plural(outcomes.count(WARN), 'warning')}" if WARN in outcomes else ""
    skipped = f", {outcomes.count(SKIP)} skipped" if SKIP in outcomes else ""
    where = view(runs[0]) if len(runs) == 1 else f"all {len(runs)} runs"
    return f"Passed{warned}: {where}: {plural(outcomes.count(PASS), 'probe')} ok{skipped}.{_load_sentence(runs)}"


def table(report: Mapping[str, Any]) -> list[str]:
    """A heading for each run and a line for each probe, failures first."""
    rows = []
    for run in failed_first(report["runs"]):
        rows.append(one_line(f"{view(run)}: {counts(run)}"))
        rows += [*(f"  {line}" for line in summary(run)), *_leftover(run)]
    return rows


def folded_table(report: Mapping[str, Any]) -> list[str]:
    """A heading for each run, a line for each failure and warning, and counts of all other probes.

    Of several runs, the verdict on all comes first.
    """
    rows = [one_line(headline(report))] if len(report["runs"]) > 1 else []
    for run in failed_first(report["runs"]):
        rows += [one_line(f"{view(run)}: {counts(run)}"), *(f"  {line}" for line in _folded(run)), *_leftover(run)]
    return rows


def summary(run: Run) -> list[str]:
    """One line for each probe of a run, failures first, and what the load showed.

    Many probes that were skipped for the same reason, as behind a gate that failed, share one line.
    """
    if run.get("error"):
        return [one_line(f"{FAIL}  {run['error']}")]
    width = max((len(verdict["probe"]) for verdict in run["verdicts"]), default=0)
    skips = Counter(verdict["got"] for verdict in run["verdicts"] if outcome(verdict) == SKIP)
    folded = {why: number for why, number in skips.items() if number > MOST_ALIKE}
    shown = [verdict for verdict in run["verdicts"] if outcome(verdict) != SKIP or verdict["got"] not in folded]
    rows = [_line(verdict, width) for verdict in worst_first(shown)]
    rows += [
        one_line(f"{SKIP:4}  {plural(number, 'probe'):{width}}  {'-':>9}  {why}") for why, number in folded.items()
    ]
    return rows + _load_lines(run.get("load"))


def failure_message(run: Run) -> str:
    """What failed in a run, in readable lines. Where nothing else did, the warnings are what the run failed for."""
    failed = _ending_in(FAIL, run) or _ending_in(WARN, run)
    title = f"Swift verification of {run['endpoint']} as {run['user']}: "
    title += f"{len(failed)} of {plural(len(run['verdicts']), 'probe')} failed."
    if _wrong_under_load(run):
        title += f" Under load came {plural(_wrong_under_load(run), 'wrong answer')}."
    wrong_answers = [line for line in _load_lines(run.get("load")) if line.startswith(FAIL)]
    return "\n".join([title, *(paragraph(verdict["probe"], verdict) for verdict in failed), *wrong_answers])


def percentiles(latency: Mapping[str, Any]) -> str:
    """`p50 1.2 ms, p95 3 ms, p99 8 ms, max 1.03 s`."""
    named = (("p50", "p50_ms"), ("p95", "p95_ms"), ("p99", "p99_ms"), ("max", "max_ms"))
    return ", ".join(f"{name} {milliseconds(latency[key])}" for name, key in named)


def _folded(run: Run) -> list[str]:
    """What failed and what warned, a line each; how many are ok in each group; the reasons for what was skipped."""
    if run.get("error"):
        return summary(run)
    wrong_ones = worst_first(_ending_in(FAIL, run) + _ending_in(WARN, run))
    width = max((len(verdict["probe"]) for verdict in wrong_ones), default=0)
    rows = [_line(verdict, width) for verdict in wrong_ones]
    groups = Counter(verdict["group"] or verdict["probe"] for verdict in _ending_in(PASS, run))
    if groups:
        rows.append(one_line(f"{PASS:4}  {', '.join(f'{group} {number}' for group, number in groups.items())}"))
    reasons = Counter(verdict["got"] for verdict in _ending_in(SKIP, run))
    rows += [one_line(f"{SKIP:4}  {plural(number, 'probe')}: {reason}") for reason, number in reasons.items()]
    return rows + _load_lines(run.get("load"))


def _leftover(run: Run) -> list[str]:
    left = run["leftover"]
    return [one_line(f"  The container {left} could not be removed. {LEFTOVER_ADVICE}")] if left else []


def _ending_in(kind: str, run: Run) -> list[Verdict]:
    return [verdict for verdict in run["verdicts"] if outcome(verdict) == kind]


def _findings(run: Run) -> list[str]:
    if run["passed"]:
        return []
    if not run["endpoint"]:
        return [f"nothing was verified from {run['host']}"]
    seen = f"{run['endpoint']} seen from {run['host']}"
    if run["error"]:
        return [f"{seen} was not verified"]
    failed = [f"{verdict['probe']} on {seen}" for verdict in _ending_in(FAIL, run) or _ending_in(WARN, run)]
    wrong_answers = plural(_wrong_under_load(run), "wrong answer")
    load = [f"{wrong_answers} under load on {seen}"] if _wrong_under_load(run) else []
    return failed + load or [f"{seen} did not pass"]


def _load_sentence(runs: Sequence[Run]) -> str:
    """What the load of all runs showed; empty without one."""
    loads = [run["load"] for run in runs if run.get("load")]
    if not loads:
        return ""
    wrong_answers = sum(load["wrong"] for load in loads)
    found = plural(wrong_answers, "wrong answer") if wrong_answers else "no wrong answer"
    return f" Under load: {count(sum(load['objects'] for load in loads), 'object')}, {found}."


def _wrong_under_load(run: Run) -> int:
    return int((run.get("load") or {}).get("wrong", 0))


def _load_lines(load: Mapping[str, Any] | None) -> list[str]:
    if not load:
        return []
    lines = [
        f"load  {title:14}  {load[name]['rate']:>7.0f}/s  {percentiles(load[name])}"
        for name, title in LOAD_OPERATIONS.items()
    ]
    return lines + [
        one_line(f"{FAIL:4}  {finding['count']} x {LOAD_OPERATIONS[finding['operation']]}: {wrong(finding)}")
        for finding in load["findings"]
    ]


def _line(verdict: Verdict, width: int) -> str:
    kind = outcome(verdict)
    text = wrong(verdict) if kind in (FAIL, WARN) else verdict["got"] if kind == SKIP else ""
    if kind == PASS and verdict.get("latency"):
        text = percentiles(verdict["latency"])
    seconds = "-" if kind == SKIP else f"{verdict['seconds']:.3f} s"
    return one_line(f"{kind:4}  {verdict['probe']:{width}}  {seconds:>9}  {text}").rstrip()
