# SPDX-License-Identifier: Apache-2.0
"""Proves a registry by what clients do: runs the steps, turns what they find into verdicts, and cleans up."""

from __future__ import annotations

import secrets
import time
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Sequence

from ...http.outcomes import Skip, WrongAnswer
from ...http.verdict import Verdict
from ...http.verdicts import OK, SKIPPED
from ..api.client import OciRegistry
from ..api.content import Image
from ..redirect.proof import RedirectProof
from .session import ProbeSession
from .steps import Step

CLEANUP_SECONDS = 30.0
MEBIBYTE = 1024 * 1024


@dataclass(frozen=True)
class StepVerdict(Verdict):
    """What a step found. `bytes` went through in `seconds`, at `rate` MiB a second, None where no image moves."""

    step: str = ""
    bytes: int = 0
    rate: float | None = None


@dataclass(frozen=True)
class Report:
    """All verdicts of a run, the name that its repositories are below, and what of them could not be deleted."""

    verdicts: Sequence[StepVerdict]
    seconds: float
    repository: str
    leftover: Sequence[str] = ()

    @property
    def passed(self) -> bool:
        """Whether nothing wrong was found."""
        return not any(verdict.failed for verdict in self.verdicts)

    def as_dict(self) -> dict[str, Any]:
        """The report as plain data."""
        return {
            "passed": self.passed,
            "seconds": self.seconds,
            "repository": self.repository,
            "leftover": list(self.leftover),
            "verdicts": [verdict.as_dict() for verdict in self.verdicts],
        }


def prove(
    registries: Sequence[OciRegistry],
    sizes: Sequence[int],
    steps: Sequence[Step],
    seconds: float,
    only_read: bool = False,
    seed: str = "",
    redirects: RedirectProof | None = None,
    existing: str = "",
) -> Report:
    """Run `steps` in their order, each in `seconds` at most, with an image of layers of `sizes` bytes.

    `registries` are one registry or its replicas. With `only_read`, nothing is stored. The content follows from `seed`;
    by default it is new, so that no storage can have it. `redirects` is what the step redirect proves; by default, it
    looks at redirects where there are any. `existing` is REPOSITORY:TAG of an image that a mirror can get, empty for
    none. What was pushed is deleted at the end, where that is allowed.
    """
    began = time.monotonic()
    image = Image(seed or secrets.token_hex(8), sizes)
    session = ProbeSession(registries, image, redirects or RedirectProof(), existing)
    verdicts: list[StepVerdict] = []
    closed_gate = ""
    try:
        for step in steps:
            if only_read and not step.only_reads:
                verdicts.append(StepVerdict(verdict=SKIPPED, step=step.name, got="check mode only reads"))
            elif closed_gate:
                verdicts.append(StepVerdict(verdict=SKIPPED, step=step.name, got=f"{closed_gate} failed"))
            else:
                verdicts.append(_run(step, session, seconds))
                if step.gate and verdicts[-1].failed:
                    closed_gate = step.name
    finally:
        leftover = _clean_up(session)
        session.close()
    return Report(verdicts, time.monotonic() - began, session.name, leftover)


def _run(step: Step, session: ProbeSession, seconds: float) -> StepVerdict:
    began = time.monotonic()
    session.begin(seconds)
    try:
        step.check(session)
    except Skip as skip:
        return StepVerdict(verdict=SKIPPED, seconds=time.monotonic() - began, step=step.name, got=str(skip))
    except WrongAnswer as finding:
        session.close()  # What was out of step must not spoil the next one.
        cause, remedy = finding.advice or (step.cause, step.remedy)
        took = time.monotonic() - began
        return StepVerdict(
            step=step.name,
            verdict=finding.word,
            seconds=took,
            expected=finding.expected,
            got=finding.got,
            cause=cause,
            remedy=remedy,
            bytes=session.bytes,
        )
    took = time.monotonic() - began
    rate = session.bytes / MEBIBYTE / took if session.bytes else None
    return StepVerdict(verdict=OK, seconds=took, step=step.name, bytes=session.bytes, rate=rate)


def _clean_up(session: ProbeSession) -> list[str]:
    """Delete what is still there; what could not be deleted."""
    session.begin(CLEANUP_SECONDS)
    with suppress(WrongAnswer):
        session.remove()
    return [f"{repository}@{blob.digest}" for repository, blob in session.pushed]
