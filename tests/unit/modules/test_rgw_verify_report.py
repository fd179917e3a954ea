# SPDX-License-Identifier: Apache-2.0
"""The module rgw_verify_report: what it writes, when it says that it changed something, and what it refuses."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.rgwkit.ceph.plugins.modules import rgw_verify_report

from tests.conftest import RunModule
from tests.report_sample import faulty, healthy, verdict

FILES = {"report.json", "junit.xml", "report.html"}


@pytest.fixture
def params(tmp_path: Path) -> dict[str, Any]:
    return {"dest": str(tmp_path / "made" / "report"), "results": {"reg1": healthy()}}


def test_create_again_change_again(run_module: RunModule, params: dict[str, Any]) -> None:
    folder = Path(params["dest"])
    looked = run_module(rgw_verify_report, check=True, **params)
    assert looked["changed"] and not folder.exists()
    made = run_module(rgw_verify_report, **params)
    assert made["changed"] and {path.name for path in folder.iterdir()} == FILES
    assert (made["passed"], made["page"]) == (True, str(folder / "report.html"))
    assert looked["diff"] == made["diff"]
    again = run_module(rgw_verify_report, **params)
    assert (again["changed"], again["diff"]) == (False, [])
    params["results"]["reg2"] = faulty()
    changed = run_module(rgw_verify_report, **params)
    assert changed["changed"] and not changed["passed"]
    assert not run_module(rgw_verify_report, check=True, **params)["changed"]


def test_the_diff_shows_the_data(run_module: RunModule, params: dict[str, Any]) -> None:
    run_module(rgw_verify_report, **params)
    params["results"] = {"reg1": healthy(seconds=9.5)}
    shown = {os.path.basename(part["after_header"]): part for part in run_module(rgw_verify_report, **params)["diff"]}
    assert shown.keys() == FILES
    assert '"seconds": 0.081' in shown["report.json"]["before"] and '"seconds": 9.5' in shown["report.json"]["after"]
    assert shown["report.html"]["prepared"] == "another content\n"


def test_everyone_may_read_a_report(run_module: RunModule, params: dict[str, Any]) -> None:
    run_module(rgw_verify_report, **params)
    page = Path(params["dest"], "report.html")
    assert page.stat().st_mode & 0o777 == 0o644
    page.chmod(0o600)
    changed = run_module(rgw_verify_report, **params)
    assert changed["diff"][0]["prepared"] == "mode 0600 -> 0644\n"
    assert page.stat().st_mode & 0o777 == 0o644


def test_a_report_is_compared_with_the_one_that_it_replaces(run_module: RunModule, params: dict[str, Any]) -> None:
    report = Path(params["dest"], "report.json")
    run_module(rgw_verify_report, **params)
    worse = healthy(
        when="2026-11-21T08:01:20Z", passed=False, verdicts=[verdict("auth"), verdict("plain-object", "closed")]
    )
    params["results"] = {"reg1": worse}
    run_module(rgw_verify_report, **params)
    changes = json.loads(report.read_text())["runs"][0]["changes"]
    assert (changes["failed"], changes["unasked"], changes["unchanged"]) == (["plain-object"], ["head-latency"], 1)
    assert "new failure" in Path(params["dest"], "report.html").read_text()
    again = run_module(rgw_verify_report, **params)
    assert (again["changed"], again["diff"]) == (False, [])


def test_what_is_no_report_is_replaced(run_module: RunModule, params: dict[str, Any]) -> None:
    report = Path(params["dest"], "report.json")
    report.parent.mkdir(parents=True)
    report.write_bytes(b"\xff")
    assert run_module(rgw_verify_report, **params)["changed"]
    assert json.loads(report.read_text())["before"] == []


def test_loops_single_tasks_and_hosts_that_could_not_look(run_module: RunModule, params: dict[str, Any]) -> None:
    skipped = {"skipped": True, "changed": False}
    params["results"] = {"a": {"results": [healthy(), faulty(), skipped]}, "b": healthy(), "c": {}, "d": skipped}
    run_module(rgw_verify_report, **params)
    runs = json.loads(Path(params["dest"], "report.json").read_text())["runs"]
    assert [(run["host"], run["passed"]) for run in runs] == [("a", True), ("a", False), ("b", True), ("c", False)]


def test_without_a_folder_only_the_table_is_made(run_module: RunModule, params: dict[str, Any]) -> None:
    made = run_module(rgw_verify_report, results=params["results"])
    assert not made["changed"] and "page" not in made
    assert made["summary"][0] == "http://gw1.example:8080 as registry:swift, seen from reg1: 3 probes: 3 ok"


def test_what_cannot_be_used_is_refused(run_module: RunModule, params: dict[str, Any], tmp_path: Path) -> None:
    (tmp_path / "made").write_text("")
    assert "Not a directory. Check the path" in run_module(rgw_verify_report, **params)["msg"]
    assert "the result of reg1 must be" in run_module(rgw_verify_report, results={"reg1": "ok"})["msg"]
