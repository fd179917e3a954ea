# SPDX-License-Identifier: Apache-2.0
"""A registry's proof in words: a line for each step, and what failed, why, and what to do."""

from __future__ import annotations

from typing import Any, Mapping, Sequence

from ...base.words import FAIL, PASS, SKIP, one_line, paragraph, plural, wrong
from ...http.verdicts import OK, SKIPPED

Verdict = Mapping[str, Any]


def summary(verdicts: Sequence[Verdict]) -> list[str]:
    """One line for each step, in their order."""
    width = max(len(verdict["step"]) for verdict in verdicts)
    return [_line(verdict, width) for verdict in verdicts]


def failure_message(registries: str, verdicts: Sequence[Verdict]) -> str:
    """What failed, in readable lines."""
    failed = [verdict for verdict in verdicts if _outcome(verdict) == FAIL]
    title = f"Probe of {registries}: {len(failed)} of {plural(len(verdicts), 'step')} failed."
    return "\n".join([title, *(paragraph(verdict["step"], verdict) for verdict in failed)])


def _outcome(verdict: Verdict) -> str:
    return {OK: PASS, SKIPPED: SKIP}.get(verdict["verdict"], FAIL)


def _line(verdict: Verdict, width: int) -> str:
    kind = _outcome(verdict)
    text = wrong(verdict) if kind == FAIL else verdict["got"]
    if verdict["rate"] is not None:
        text = f"{verdict['bytes']} bytes, {verdict['rate']:.1f} MiB/s"
    seconds = "-" if kind == SKIP else f"{verdict['seconds']:.3f} s"
    return one_line(f"{kind:4}  {verdict['step']:{width}}  {seconds:>9}  {text}").rstrip()
