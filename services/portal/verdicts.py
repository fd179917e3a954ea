# SPDX-License-Identifier: Apache-2.0
"""The last verification of a back-end, out of the report.json of rgw_verify_report (docs/verify-report.schema.json).

Whoever is signed in sees when a back-end was verified, whether it passed, which probes did not, and their remedies,
which are fixed texts of the toolkit. Where and why a probe failed may name addresses, containers and roles of the
inside, so that admins alone see that.
"""

from __future__ import annotations

import os
import stat
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Literal

from pydantic import AwareDatetime, BaseModel, Field, ValidationError

from module_utils.base.words import FAIL, PASS, WARN
from module_utils.doctor.report.text import WORDS, outcome

from .config import VerifiedSettings
from .log import LOG

# A report of ten hosts that look at ten gateways has about 5 MB.
_MOST_BYTES = 16 * 1024 * 1024
_MOST_FINDINGS = 200
# As the report itself calls what is no probe ("changes" in the schema), and what to do about it.
_RUN, _LOAD = "run", "load"
_NOT_RUN = "Read the report: at least one host could not verify a gateway."
_WRONG_UNDER_LOAD = "Read the report: under load came wrong answers."

State = Literal["current", "old", "missing", "broken", "not-configured"]
Text = Annotated[str, Field(max_length=10_000)]


class Place(BaseModel):
    """Where a probe did not pass, and what came."""

    gateway: str
    host: str
    expected: str
    got: str
    cause: str


class Finding(BaseModel):
    """A probe that did not pass: failed, or warning. places: for admins, null for others."""

    probe: str
    outcome: str
    remedy: str
    places: list[Place] | None


class Verdict(BaseModel):
    """The last verification. when: RFC 3339, UTC; null where that is not known. passed: null without a report."""

    state: State
    when: datetime | None = None
    passed: bool | None = None
    probes_passed: int = 0
    findings: list[Finding] = []

    def without_places(self) -> Verdict:
        """The same for everybody."""
        findings = [one.model_copy(update={"places": None}) for one in self.findings]
        return self.model_copy(update={"findings": findings})


class _Probe(BaseModel):
    probe: Text
    verdict: Text
    severity: Text
    expected: Text
    got: Text
    cause: Text
    remedy: Text


class _Load(BaseModel):
    wrong: int


class _Run(BaseModel):
    host: Text
    endpoint: Text
    error: Text | None
    verdicts: list[_Probe]
    load: _Load | None


class _Report(BaseModel):
    version: Literal[2] = Field(alias="schema")
    when: AwareDatetime | None
    passed: bool
    runs: list[_Run]


@dataclass(frozen=True)
class _Read:
    """What a file held. mark: tells whether it is still the same file."""

    mark: tuple[int, ...]
    written: float
    verdict: Verdict


class VerdictFile:
    """The report of one back-end, read again when the file has changed."""

    def __init__(self, settings: VerifiedSettings) -> None:
        self._path, self._max_age_s = settings.verdict_file, settings.verdict_max_age_s
        self._lock = threading.Lock()
        self._last: _Read | None = None

    def verdict(self) -> Verdict:
        """What the file says now."""
        if self._path is None:
            return Verdict(state="not-configured")
        try:
            found = self._read(self._path)
        except FileNotFoundError:
            return Verdict(state="missing")
        except (OSError, ValueError) as error:
            # Pydantic's own text would quote the file.
            reason = f"{error.error_count()} errors" if isinstance(error, ValidationError) else error
            LOG.error("%s: no report of a verification that can be shown: %s", self._path, reason)
            return Verdict(state="broken")
        verdict = found.verdict
        began = verdict.when.timestamp() if verdict.when else found.written
        is_old = began + self._max_age_s < time.time()
        return verdict.model_copy(update={"state": "old"}) if is_old else verdict

    def _read(self, path: str) -> _Read:
        """The file's content. Raises OSError, ValueError."""
        # A pipe in the file's place must not keep anybody waiting.
        with self._lock, open(path, "rb", opener=lambda name, flags: os.open(name, flags | os.O_NONBLOCK)) as file:
            seen = os.fstat(file.fileno())
            if not stat.S_ISREG(seen.st_mode):
                raise ValueError("no regular file")
            mark = (seen.st_dev, seen.st_ino, seen.st_size, seen.st_mtime_ns)
            if self._last is None or self._last.mark != mark:
                content = file.read(_MOST_BYTES + 1)
                if len(content) > _MOST_BYTES:
                    raise ValueError(f"more than {_MOST_BYTES} bytes")
                self._last = _Read(mark, seen.st_mtime, _verdict(_Report.model_validate_json(content)))
            return self._last


def _verdict(report: _Report) -> Verdict:
    findings: dict[tuple[str, str, str], list[Place]] = {}
    for finding, place in _findings(report):
        findings.setdefault(finding, []).append(place)
    shown = [
        Finding(probe=probe, outcome=word, remedy=remedy, places=places)
        for (probe, word, remedy), places in findings.items()
    ]
    shown.sort(key=lambda one: one.outcome != WORDS[FAIL])
    passed = sum(outcome(probe.model_dump()) == PASS for run in report.runs for probe in run.verdicts)
    return Verdict(
        state="current",
        when=report.when,
        passed=report.passed,
        probes_passed=passed,
        findings=shown[:_MOST_FINDINGS],
    )


def _findings(report: _Report) -> Iterator[tuple[tuple[str, str, str], Place]]:
    """What did not pass, by name, outcome and remedy, and where."""
    for run in report.runs:
        where = {"gateway": run.endpoint, "host": run.host}
        nothing = {"expected": "", "got": "", "cause": ""}
        if run.error is not None:
            yield (_RUN, WORDS[FAIL], _NOT_RUN), Place(**where, **{**nothing, "got": run.error})
        if run.load is not None and run.load.wrong:
            got = f"{run.load.wrong} wrong answers"
            yield (_LOAD, WORDS[FAIL], _WRONG_UNDER_LOAD), Place(**where, **{**nothing, "got": got})
        for probe in run.verdicts:
            kind = outcome(probe.model_dump())
            if kind in (FAIL, WARN):
                seen = {"expected": probe.expected, "got": probe.got, "cause": probe.cause}
                yield (probe.probe, WORDS[kind], probe.remedy), Place(**where, **seen)
