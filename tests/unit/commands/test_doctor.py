# SPDX-License-Identifier: Apache-2.0
"""The plain command's exit code by severity; all else of it is tested on a real gateway."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

import commands.doctor.__main__ as doctor
from tests.report_sample import faulty, healthy, verdict

WARNED = healthy(verdicts=[verdict("auth"), verdict("slow", "slow", severity="warning")])


@pytest.mark.parametrize(
    ("found", "options", "code"),
    [
        (healthy(), [], 0),
        (healthy(), ["--strict"], 0),
        (WARNED, [], 0),
        (WARNED, ["--strict"], 1),
        (faulty(), [], 2),
        (faulty(), ["--strict"], 2),
    ],
)
def test_the_exit_code_is_by_severity(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    found: dict[str, Any],
    options: list[str],
    code: int,
) -> None:
    monkeypatch.setattr(doctor, "_examine", lambda options: found)
    monkeypatch.setattr(doctor, "end_by_exception", lambda: None)
    assert doctor.main(["--endpoint", "http://gw", "--user", "a:b", *options]) == code
    printed = capsys.readouterr().out
    assert ("  remedy:   Upgrade." in printed) == (code == 2)


def test_a_report_is_compared_with_the_one_that_it_replaces(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(doctor, "end_by_exception", lambda: None)
    file = tmp_path / "report.json"
    for found in (WARNED, {**healthy(), "when": "2026-11-21T08:01:20Z"}):
        monkeypatch.setattr(doctor, "_examine", lambda options, found=found: found)
        doctor.main(["--endpoint", "http://gw", "--user", "a:b", "--json", str(file)])
    changes = json.loads(file.read_text())["runs"][0]["changes"]
    assert (changes["unasked"], changes["proven"]) == (["slow"], ["plain-object", "head-latency"])


def test_a_report_that_cannot_be_read_is_no_reason_not_to_look(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.setattr(doctor, "end_by_exception", lambda: None)
    monkeypatch.setattr(doctor, "_examine", lambda options: healthy())
    assert doctor.main(["--endpoint", "http://gw", "--user", "a:b", "--json", str(tmp_path)]) == 73
    printed = capsys.readouterr()
    assert "ok    auth" in printed.out and f"writing {tmp_path}: " in printed.err
