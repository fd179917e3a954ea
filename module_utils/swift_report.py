# SPDX-License-Identifier: Apache-2.0
"""A report in words: one line for each probe, and a message that says what failed, why, and what to do."""

from __future__ import annotations

from .swift_probe import ERROR
from .swift_runner import Report, Verdict


def summary(report: Report) -> list[str]:
    """One line for each verdict, failures first."""
    return [_line(verdict) for verdict in sorted(report.verdicts, key=_rank)]


def failure_message(report: Report, url: str, user: str) -> str:
    """What failed, in readable lines. `url` and `user` say where and as whom."""
    failed = [verdict for verdict in report.verdicts if verdict.failed]
    title = f"Swift verification of {url} as {user}: {len(failed)} of {len(report.verdicts)} probes failed."
    return "\n".join([title, *(_paragraph(verdict) for verdict in sorted(failed, key=_rank))])


def _rank(verdict: Verdict) -> int:
    if verdict.failed:
        return 0 if verdict.severity == ERROR else 1
    return 2 if verdict.ok else 3


def _line(verdict: Verdict) -> str:
    mark = ("FAIL", "warn", "ok  ", "skip")[_rank(verdict)]
    if verdict.ok:
        return f"{mark} {verdict.probe} ({verdict.seconds:.3f} s)"
    if verdict.failed:
        return f"{mark} {verdict.probe}: {verdict.verdict}: expected {verdict.expected}; got {verdict.got}"
    return f"{mark} {verdict.probe}: {verdict.got}"


def _paragraph(verdict: Verdict) -> str:
    return "\n".join(
        (
            f"{verdict.probe}: {verdict.verdict}{'' if verdict.severity == ERROR else ' (a warning)'}",
            f"  expected: {verdict.expected}",
            f"  got:      {verdict.got}",
            f"  cause:    {verdict.cause}",
            f"  remedy:   {verdict.remedy}",
        )
    )
