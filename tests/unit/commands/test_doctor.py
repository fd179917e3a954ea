# SPDX-License-Identifier: Apache-2.0
"""The plain command's exit code by severity; all else of it is tested on a real gateway."""

from __future__ import annotations

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
