# SPDX-License-Identifier: Apache-2.0
"""Proves a registry by what clients do: runs the steps, turns what they find into verdicts, and cleans up."""

from __future__ import annotations

import secrets
import time
from contextlib import suppress
from dataclasses import asdict, dataclass
from typing import Any, Sequence

from ...http.outcomes import Skip, WrongAnswer
from ...http.verdicts import OK, SKIPPED
from ..api.client import OciRegistry
from ..api.content import Image
from .session import ProbeSession
from .steps import Step

CLEANUP_SECONDS = 30.0
MEBIBYTE = 1024 * 1024


@dataclass(frozen=True)
class Verdict:
    """What a step found. `verdict` is a word of rgw_wire_words or oci_errors; texts are empty where nothing is to say.

    `bytes` went through in `seconds`, which is `rate` MiB a second, None for a step that moves no image.
    """

    step: str
    verdict: str
    expected: str = ""
    got: str = ""
    cause: str = ""
    remedy: str = ""
    seconds: float = 0.0
    bytes: int = 0
    rate: float | None = None

    @property
    def ok(self) -> bool:
        """Whether the step ran and found nothing wrong."""
        return self.verdict == OK

    @property
    def failed(self) -> bool:
        """Whether the step ran and found something wrong."""
        return self.verdict not in (OK, SKIPPED)


@dataclass(frozen=True)
class Report:
    """All verdicts of a run, the name that its repositories are below, and what of them could not be deleted."""

    verdicts: Sequence[Verdict]
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
            "verdicts": [{**asdict(verdict), "ok": verdict.ok} for verdict in self.verdicts],
        }


def prove(
    registries: Sequence[OciRegistry],
    sizes: Sequence[int],
    steps: Sequence[Step],
    seconds: float,
    only_read: bool = False,
    seed: str = "",
) -> Report:
    """Run `steps` in their order, each in `seconds` at most, with an image of layers of `sizes` bytes.

    `registries` are one registry or its replicas. With `only_read`, nothing is stored. The content follows from `seed`;
    by default it is new, so that no storage can have it. What was pushed is deleted at the end, where that is allowed.
    """
    began = time.monotonic()
    session = ProbeSession(registries, Image(seed or secrets.token_hex(8), sizes))
    verdicts: list[Verdict] = []
    closed_gate = ""
    try:
        for step in steps:
            if only_read and not step.only_reads:
                verdicts.append(Verdict(step.name, SKIPPED, got="check mode only reads"))
            elif closed_gate:
                verdicts.append(Verdict(step.name, SKIPPED, got=f"{closed_gate} failed"))
            else:
                verdicts.append(_run(step, session, seconds))
                if step.gate and verdicts[-1].failed:
                    closed_gate = step.name
    finally:
        leftover = _clean_up(session)
        session.close()
    return Report(verdicts, time.monotonic() - began, session.name, leftover)


def _run(step: Step, session: ProbeSession, seconds: float) -> Verdict:
    began = time.monotonic()
    session.begin(seconds)
    try:
        step.check(session)
    except Skip as skip:
        return Verdict(step.name, SKIPPED, got=str(skip), seconds=time.monotonic() - began)
    except WrongAnswer as finding:
        session.close()  # What was out of step must not spoil the next one.
        cause, remedy = finding.advice or (step.cause, step.remedy)
        took = time.monotonic() - began
        return Verdict(step.name, finding.word, finding.expected, finding.got, cause, remedy, took, session.bytes)
    took = time.monotonic() - began
    rate = session.bytes / MEBIBYTE / took if session.bytes else None
    return Verdict(step.name, OK, seconds=took, bytes=session.bytes, rate=rate)


def _clean_up(session: ProbeSession) -> list[str]:
    """Delete what is still there; what could not be deleted."""
    session.begin(CLEANUP_SECONDS)
    with suppress(WrongAnswer):
        session.remove()
    return [f"{repository}@{blob.digest}" for repository, blob in session.pushed]
