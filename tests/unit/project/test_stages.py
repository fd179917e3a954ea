# SPDX-License-Identifier: Apache-2.0
"""scripts/stages: which targets ran, in which order, and what is said of them at the end."""

from __future__ import annotations

import shutil
import subprocess

import pytest

from tests.playbooks import PROJECT

MAKEFILE = """
good: ; @echo good was here
bad: ; @echo bad was here; exit 1
waits: ; @for i in $$(seq 100); do [ -e met ] && exit 0; sleep 0.1; done; exit 1
meets: ; @touch met
tests: ; @echo 'FAILED tests/test_one.py::test_two - AssertionError'; echo 'FAILED by choice'; exit 1
"""


@pytest.fixture()
def stages(tmp_path):
    """Run scripts/stages in a project of its own."""
    (tmp_path / "scripts").mkdir()
    shutil.copy(PROJECT / "scripts/stages", tmp_path / "scripts/stages")
    (tmp_path / "Makefile").write_text(MAKEFILE, encoding="utf-8")
    return lambda *lanes: subprocess.run(
        [tmp_path / "scripts/stages", *lanes], capture_output=True, text=True, timeout=60, check=False
    )


@pytest.mark.parametrize("lanes", [("bad good",), ("bad", "good")])
def test_a_failure_ends_nothing_and_is_told(stages, lanes):
    done = stages(*lanes)
    assert done.returncode == 1
    assert "bad was here" in done.stdout and "good was here" in done.stdout
    assert "stages: 1 passed, 1 failed" in done.stdout
    assert [line.split()[:2] for line in done.stdout.splitlines() if line.startswith("  ")] == [
        ["bad", "FAILED"],
        ["good", "passed"],
    ]


def test_the_summary_names_the_tests_that_failed(stages):
    summary = stages("tests", "good").stdout.partition("=== summary")[2]
    assert "    FAILED tests/test_one.py::test_two - AssertionError\n" in summary and "by choice" not in summary


def test_lanes_run_side_by_side(stages):
    done = stages("waits", "meets")
    assert (done.returncode, "stages: 2 passed, 0 failed" in done.stdout) == (0, True)


@pytest.mark.parametrize("lanes", [(), ("good", " ")])
def test_a_lane_without_a_target_is_refused(stages, lanes):
    done = stages(*lanes)
    assert done.returncode == 1 and "usage: scripts/stages" in done.stderr
