# SPDX-License-Identifier: Apache-2.0
"""Runs probes against a gateway and turns what they find into verdicts; leaves nothing behind on it."""

from __future__ import annotations

import time
from dataclasses import dataclass, field, replace
from typing import Any, Sequence

from ..base.login import Login
from ..http.deadline import Deadline
from ..http.endpoint import Endpoint
from ..http.outcomes import Skip, WrongAnswer
from ..http.verdict import Verdict
from ..http.verdicts import ADVICE, OK, SKIPPED, TIMEOUT, Advice
from .catalogue import READY
from .head import HEAD_ADVICE, head_is_wrong
from .load import Job, Load, Place, Watch
from .probe import ERROR, WARNING, Probe
from .probes.auth import AUTH
from .probes.limits import segment_seconds
from .session import SOME_REGISTRY, AnyLogin, RegistryUse, SwiftSession

# RGW lets a removal wait for 5 s at a time while lifecycle has locked what the bucket belongs to (guard_lc_modify).
CLEANUP_SECONDS = 20.0
LEFTOVERS_SECONDS = 5.0
READY_TRY_SECONDS = 1.0
READY_TRY_MAX_SECONDS = 8.0
READY_PAUSE_SECONDS = 0.05
READY_CLEANUP_SECONDS = 10.0
# How much longer than its parts may take a run's lease lasts: its own clock need not be quite the gateway's.
LEASE_MARGIN_SECONDS = 60.0

NEVER = "never"
# Which severities of a finding fail the run.
FAILING = {ERROR: (ERROR,), WARNING: (ERROR, WARNING), NEVER: ()}


@dataclass(frozen=True)
class ProbeVerdict(Verdict):
    """What a probe found. `latency` is how its waiting times are spread for a probe that measures, else None."""

    probe: str = ""
    group: str = ""
    affected: str = ""
    reference: str = ""
    evidence: Sequence[str] = field(default=(), repr=False)
    severity: str = ERROR
    latency: dict[str, Any] | None = None

    def as_dict(self) -> dict[str, Any]:
        """The verdict as plain data."""
        return {**super().as_dict(), "evidence": list(self.evidence)}


@dataclass(frozen=True)
class Report:
    """All verdicts of a run, the names of what could not be removed (joined by commas) and of what an earlier run had
    left and this one removed. `fail_on` is the least severity of a finding that fails the run, or NEVER. `load` is what
    came of the load (doctor.load), if there was one.
    """

    verdicts: Sequence[ProbeVerdict]
    seconds: float
    leftover: str | None = None
    removed: Sequence[str] = ()
    fail_on: str = ERROR
    load: dict[str, Any] | None = None

    @property
    def passed(self) -> bool:
        """Whether nothing was found that fails the run; a probe that was skipped found nothing."""
        wrong_under_load = self.load and self.load["wrong"] and self.fail_on != NEVER
        return not (wrong_under_load or any(self.fails(verdict) for verdict in self.verdicts))

    def fails(self, verdict: ProbeVerdict) -> bool:
        """Whether this verdict fails the run."""
        return verdict.failed and verdict.severity in FAILING[self.fail_on]

    def as_dict(self) -> dict[str, Any]:
        """The report as plain data."""
        return {
            "passed": self.passed,
            "seconds": self.seconds,
            "leftover": self.leftover,
            "removed": list(self.removed),
            "verdicts": [verdict.as_dict() for verdict in self.verdicts],
            "load": self.load,
        }


def verify(
    endpoint: Endpoint,
    login: AnyLogin,
    probes: Sequence[Probe],
    seconds: float,
    wait: float = 0.0,
    only_read: bool = False,
    s3_login: Login | None = None,
    suspended: Login | None = None,
    fail_on: str = ERROR,
    load: Job | None = None,
    registry: RegistryUse = SOME_REGISTRY,
    watch: Watch | None = None,
) -> Report:
    """Run `probes` in their order, each in `seconds` at most, in containers of its own, which are removed at the end.

    Then put the gateway under `load`, if the probes got that far.

    With `wait`, first give the gateway that many seconds to become ready. With `only_read`, run none that writes.
    `s3_login` (access key and secret key) is for the probes of the S3 API, `suspended` is a user who must not get in,
    `registry` says what a registry is to do with the gateway, `watch` is told how far the load is.
    Raises InputError for a user or secret that no header field can carry.
    """
    began = time.monotonic()
    if wait:
        ready = wait_ready(endpoint, login, wait, AUTH if only_read else READY)
        if not ready.ok:
            skipped = [_skip(probe, "the gateway is not ready") for probe in probes]
            return Report([ready, *skipped], time.monotonic() - began, fail_on=fail_on)
    lease = len(probes) * seconds + LEFTOVERS_SECONDS + CLEANUP_SECONDS + LEASE_MARGIN_SECONDS
    if load:
        lease += 2 * load.seconds
    lease += segment_seconds(registry.segment_size)
    session = SwiftSession(endpoint, login, lease, s3_login, suspended, registry)
    verdicts: list[ProbeVerdict] = []
    removed: list[str] = []
    closed_gate = ""
    seen = None
    try:
        for probe in probes:
            if only_read and not probe.only_reads:
                verdicts.append(_skip(probe, "check mode only reads"))
            elif closed_gate:
                verdicts.append(_skip(probe, f"{closed_gate} failed"))
            else:
                verdicts.append(_run(probe, session, seconds))
                if probe.gate and verdicts[-1].failed and not session.goes_on:
                    closed_gate = probe.name
                elif probe is AUTH and not only_read:
                    removed = session.remove_leftovers(LEFTOVERS_SECONDS)
        if load and not (only_read or closed_gate):
            seen = _under_load(session, load, watch)
    finally:
        left = session.remove_own(CLEANUP_SECONDS)
        session.close()
    return Report(verdicts, time.monotonic() - began, ", ".join(left) or None, removed, fail_on, seen)


def _under_load(session: SwiftSession, job: Job, watch: Watch | None) -> dict[str, Any]:
    session.begin(job.timeout)
    session.authenticate()  # The token that the probes had may end before the load does.
    container = session.make_container("-load")
    return Load(Place(session.endpoint, f"{session.storage_path}/{container}", session.token), job, watch).run()


def wait_ready(endpoint: Endpoint, login: AnyLogin, seconds: float, probe: Probe = READY) -> ProbeVerdict:
    """Run `probe` until it passes or `seconds` are over; the last verdict, with the time of all.

    Cleaning up may take READY_CLEANUP_SECONDS more.

    A request in the instant in which RGW begins to listen can hang for 30 seconds, while the next one is served at
    once. So each try is short, and only tries that time out make the next one longer. The last try may be cut short by
    the deadline; that it timed out then says less than the verdict before it.
    """
    began = time.monotonic()
    deadline = Deadline(seconds)
    limit = READY_TRY_SECONDS
    session = SwiftSession(endpoint, login, seconds + LEASE_MARGIN_SECONDS)
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
        session.remove_own(READY_CLEANUP_SECONDS)
        session.close()


def _run(probe: Probe, session: SwiftSession, seconds: float) -> ProbeVerdict:
    began = time.monotonic()
    session.begin(seconds)
    word, expected, got, advice, severity = OK, "", "", Advice("", ""), probe.severity
    evidence: Sequence[str] = ()
    try:
        probe.check(session)
    except Skip as skip:
        return _skip(probe, str(skip))
    except WrongAnswer as finding:
        session.close()  # What was out of step must not spoil the next probe.
        word, expected, got = finding.word, finding.expected, finding.got
        severity = finding.severity or probe.severity
        evidence = tuple(session.evidence)
        advice = finding.advice or ADVICE.get(word) or Advice(probe.cause, probe.remedy)
        if finding.of_head and finding.advice is None and head_is_wrong(session):
            advice = HEAD_ADVICE
    return ProbeVerdict(
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
        evidence=evidence or tuple(session.evidence),
        severity=severity,
        latency=session.latency,
    )


def _skip(probe: Probe, why: str) -> ProbeVerdict:
    return ProbeVerdict(probe=probe.name, group=probe.group, verdict=SKIPPED, got=why, severity=probe.severity)
