# SPDX-License-Identifier: Apache-2.0
"""What changed since the last report: new failures, what was mended, what is no longer asked.

A report keeps the outcomes of the one before it. So a play that writes its report in several batches, or again without
a new verification, still compares with what was found before that play.
"""

from __future__ import annotations

from typing import Any, Callable, Iterable, Mapping, Optional, Sequence

from ...base.remote_json import loads
from ...base.words import FAIL, PASS
from .fitness import LOAD
from .text import WORDS, outcome

# An outcome of a run that no probe has: whether it took place.
RUN = "run"
FAILED, WARNING, OK, SKIPPED = WORDS.values()
_WRONG = (FAILED, WARNING)


def outcomes_of(run: Mapping[str, Any]) -> dict[str, str]:
    """How each probe of a run ended, in the words of a report."""
    outcomes = {verdict["probe"]: WORDS[outcome(verdict)] for verdict in run["verdicts"]}
    if run.get("load"):
        outcomes[LOAD] = WORDS[FAIL if run["load"]["wrong"] else PASS]
    return {RUN: WORDS[FAIL if run["error"] else PASS], **outcomes}


def baseline(previous: Optional[str], runs: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """What a report of `runs` is compared with: the outcomes in the `previous` report's text, none for None.

    Where the previous report holds one of `runs`, it is an earlier state of the same report, and what that was compared
    with is kept. A text that is no report counts as none.
    """
    try:
        report = loads(previous or "")
        if _is_same(report["runs"], runs):
            return [_checked(entry) for entry in report.get("before", [])]
        return [_condensed(run) for run in report["runs"]]
    except (ValueError, LookupError, TypeError, AttributeError):
        return []


def changes(run: Mapping[str, Any], before: Iterable[Mapping[str, Any]]) -> Optional[dict[str, Any]]:
    """What changed in a run since `before`; None where this host has not looked at this gateway before."""
    same = [entry for entry in before if (entry["host"], entry["endpoint"]) == (run["host"], run["endpoint"])]
    # A rotation gives the registry another subuser; the gateway is the same.
    same.sort(key=lambda entry: bool(entry["user"] != run["user"]))
    return _changes(outcomes_of(run), same[0]) if same else None


def _changes(now: Mapping[str, str], earlier: Mapping[str, Any]) -> dict[str, Any]:
    then = earlier["outcomes"]
    every = [*now, *(name for name in then if name not in now)]

    def where(condition: Callable[[str, str], bool]) -> list[str]:
        return [name for name in every if condition(then.get(name, SKIPPED), now.get(name, SKIPPED))]

    return {
        "since": earlier["when"],
        "version": earlier["version"],
        "failed": where(lambda before, after: after == FAILED != before),
        "warned": where(lambda before, after: after == WARNING != before),
        "mended": where(lambda before, after: after == OK and before in _WRONG),
        "proven": where(lambda before, after: after == OK and before == SKIPPED),
        "unasked": where(lambda before, after: after == SKIPPED != before),
        "unchanged": sum(1 for name, word in now.items() if name not in (RUN, LOAD) and then.get(name) == word),
    }


def _is_same(earlier: Iterable[Mapping[str, Any]], runs: Iterable[Mapping[str, Any]]) -> bool:
    """Whether these are runs of one report: some are the same, or all are and none of them took place."""
    there, here = ([(run["host"], run["endpoint"], run["when"]) for run in some] for some in (earlier, runs))
    return there == here or any(one in here and one[-1] for one in there)


def _condensed(run: Mapping[str, Any]) -> dict[str, Any]:
    version = run["facts"].get("version")
    return _checked({**run, "version": version, "outcomes": outcomes_of(run)})


def _checked(entry: Mapping[str, Any]) -> dict[str, Any]:
    """What a report keeps of a run of the one before it. Raises TypeError and LookupError for what is none."""
    texts = {name: entry[name] for name in ("host", "endpoint", "user")}
    perhaps = {name: entry[name] for name in ("when", "version")}
    outcomes = {name: word for name, word in entry["outcomes"].items() if word in WORDS.values()}
    if not all(isinstance(text, str) for text in (*texts.values(), *filter(None, perhaps.values()))):
        raise TypeError("a run of a report has another form")
    return {**texts, **{name: text or None for name, text in perhaps.items()}, "outcomes": outcomes}
