# SPDX-License-Identifier: Apache-2.0
"""Runs probes against a gateway and turns what they find into verdicts; leaves nothing behind on it."""

from __future__ import annotations

import time
from dataclasses import asdict, dataclass, field, replace
from typing import Any, Sequence

from .rgw_wire_deadline import Deadline
from .rgw_wire_endpoint import Endpoint
from .rgw_wire_words import ADVICE, OK, SKIPPED, TIMEOUT, Advice
from .swift_checks import Finding
from .swift_probes import AUTH, READY, Probe
from .swift_session import SwiftSession

CLEANUP_SECONDS = 10.0
READY_TRY_SECONDS = 1.0
READY_TRY_MAX_SECONDS = 8.0
READY_PAUSE_SECONDS = 0.05
READY_CLEANUP_SECONDS = 2.0


@dataclass(frozen=True)
class Verdict:
    """What a probe found. `verdict` is a word of rgw_wire_words; the texts are empty where there is nothing to say."""

    probe: str
    group: str
    verdict: str
    seconds: float = 0.0
    expected: str = ""
    got: str = ""
    cause: str = ""
    remedy: str = ""
    affected: str = ""
    reference: str = ""
    evidence: Sequence[str] = field(default=(), repr=False)

    @property
    def ok(self) -> bool:
        """Whether the probe ran and found nothing wrong."""
        return self.verdict == OK

    @property
    def failed(self) -> bool:
        """Whether the probe ran and found something wrong."""
        return self.verdict not in (OK, SKIPPED)

    def as_dict(self) -> dict[str, Any]:
        """The verdict as plain data."""
        return {**asdict(self), "ok": self.ok, "evidence": list(self.evidence)}


@dataclass(frozen=True)
class Report:
    """All verdicts of a run, and the name of a container that could not be removed."""

    verdicts: Sequence[Verdict]
    seconds: float
    leftover: str | None = None

    @property
    def passed(self) -> bool:
        """Whether no probe failed; one that was skipped did not fail."""
        return not any(verdict.failed for verdict in self.verdicts)

    def as_dict(self) -> dict[str, Any]:
        """The report as plain data."""
        verdicts = [verdict.as_dict() for verdict in self.verdicts]
        return {"passed": self.passed, "seconds": self.seconds, "verdicts": verdicts}


def verify(
    endpoint: Endpoint,
    user: str,
    secret: str,
    probes: Sequence[Probe],
    seconds: float,
    wait: float = 0.0,
    only_read: bool = False,
) -> Report:
    """Run `probes` in their order, each in `seconds` at most, in a container of random name that is removed at the end.

    With `wait`, first give the gateway that many seconds to become ready. With `only_read`, run nothing but `auth`.
    Raises ValueError for a user or secret that no header field can carry.
    """
    began = time.monotonic()
    if wait:
        ready = wait_ready(endpoint, user, secret, wait, AUTH if only_read else READY)
        if not ready.ok:
            skipped = [_skip(probe, "the gateway is not ready") for probe in probes]
            return Report([ready, *skipped], time.monotonic() - began)
    session = SwiftSession(endpoint, user, secret)
    verdicts: list[Verdict] = []
    leftover = None
    try:
        for probe in probes:
            if only_read and probe is not AUTH:
                verdicts.append(_skip(probe, "check mode only reads"))
            elif verdicts and verdicts[0].failed:
                verdicts.append(_skip(probe, f"{verdicts[0].probe} failed"))
            else:
                verdicts.append(_run(probe, session, seconds))
    finally:
        if not session.remove_container(CLEANUP_SECONDS):
            leftover = session.container
        session.close()
    return Report(verdicts, time.monotonic() - began, leftover)


def wait_ready(endpoint: Endpoint, user: str, secret: str, seconds: float, probe: Probe = READY) -> Verdict:
    """Run `probe` until it passes or `seconds` are over (2 more to clean up); the last verdict, with the time of all.

    A request in the instant in which RGW begins to listen can hang for 30 seconds, while the next one is served at
    once. So each try is short, and only tries that time out make the next one longer. The last try may be cut short by
    the deadline; that it timed out then says less than the verdict before it.
    """
    began = time.monotonic()
    deadline = Deadline(seconds)
    limit = READY_TRY_SECONDS
    session = SwiftSession(endpoint, user, secret)
    verdict = None
    try:
        while True:
            left = max(READY_PAUSE_SECONDS, deadline.left())
            latest = _run(probe, session, min(limit, left))
            cut_short = latest.verdict == TIMEOUT and left < limit
            if verdict is None or not cut_short:
                verdict = latest
            if verdict.ok or not deadline.left():
                return replace(verdict, seconds=time.monotonic() - began)
            if latest.verdict == TIMEOUT:
                limit = min(2 * limit, READY_TRY_MAX_SECONDS)
            time.sleep(READY_PAUSE_SECONDS)
    finally:
        session.remove_container(READY_CLEANUP_SECONDS)
        session.close()


def _run(probe: Probe, session: SwiftSession, seconds: float) -> Verdict:
    began = time.monotonic()
    session.begin(seconds)
    word, expected, got, advice = OK, "", "", Advice("", "")
    try:
        probe.check(session)
    except Finding as finding:
        word, expected, got = finding.word, finding.expected, finding.got
        advice = finding.advice or ADVICE.get(word) or Advice(probe.cause, probe.remedy)
    return Verdict(
        probe=probe.name,
        group=probe.group,
        verdict=word,
        seconds=time.monotonic() - began,
        expected=expected,
        got=got,
        cause=advice.cause,
        remedy=advice.remedy,
        affected=probe.affected,
        reference=probe.reference,
        evidence=tuple(session.evidence),
    )


def _skip(probe: Probe, why: str) -> Verdict:
    return Verdict(probe=probe.name, group=probe.group, verdict=SKIPPED, got=why)
