# SPDX-License-Identifier: Apache-2.0
"""The plain command's exit code by severity, and what it prints for whom; all else is tested on a real gateway."""

from __future__ import annotations

import io
import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import commands.doctor.__main__ as doctor
from commands.doctor.progress import load_progress
from tests.playbooks import PROJECT
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


@pytest.mark.parametrize(
    ("found", "printed"),
    [
        (healthy(), ""),
        (WARNED, "slow"),
        (healthy(leftover="rgwkit-verify-0123"), "rgwkit-verify-0123"),
        (faulty(), "head-empty-manifest"),
    ],
)
def test_quiet_prints_what_is_wrong_and_nothing_else(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
    found: dict[str, Any],
    printed: str,
) -> None:
    monkeypatch.setattr(doctor, "_examine", lambda options: found)
    monkeypatch.setattr(doctor, "end_by_exception", lambda: None)
    page = tmp_path / "report.json"
    doctor.main(["--endpoint", "http://gw", "--user", "a:b", "--quiet", "--json", str(page)])
    out = capsys.readouterr().out
    assert (printed in out) if printed else (out == "")
    assert not re.search(r"^  (ok|skip|load) ", out, re.MULTILINE)
    assert len(json.loads(page.read_text())["runs"][0]["verdicts"]) == len(found["verdicts"])


class Terminal(io.StringIO):
    """A standard error that says that it is a terminal."""

    def isatty(self) -> bool:
        return True


def test_a_load_shows_its_progress_on_a_terminal_only(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stderr", Terminal())
    with load_progress() as watch:
        assert watch is not None
        watch("storing", 1200, 20000)
        assert sys.stderr.getvalue().endswith("load: storing 20,000 objects: 1,200 begun")
    assert sys.stderr.getvalue().endswith("\r\x1b[K")
    monkeypatch.setattr(sys, "stderr", io.StringIO())
    with load_progress() as watch:
        assert watch is None
    assert sys.stderr.getvalue() == ""


def test_a_reader_that_goes_after_the_first_line_gets_the_report_all_the_same(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    program = (
        "import commands.doctor.__main__ as doctor\n"
        "from tests.report_sample import faulty\n"
        "doctor._examine = lambda options: faulty()\n"
        "doctor.run()\n"
    )
    page = tmp_path / "report.html"
    process = subprocess.Popen(
        [sys.executable, "-c", program, "--endpoint", "http://gw", "--user", "a:b", "--html", str(page)],
        cwd=PROJECT,
        env={**os.environ, "PYTHONPATH": f"{PROJECT}:{PROJECT}/.collections"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None and process.stderr is not None
    process.stdout.close()
    assert process.stderr.read() == ""
    assert process.wait(60) == 2 and page.stat().st_size > 1000
