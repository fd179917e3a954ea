# SPDX-License-Identifier: Apache-2.0
"""The role: who looks at which gateways, and a report of all that is written whatever they saw."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from junitparser import JUnitXml

from tests.faulty_gateway import FaultyGateway
from tests.integration.gateway import Gateway

ROOT = Path(__file__).parents[3]


class Play:
    """How playbooks/verify.yml ended, and the report that it wrote."""

    def __init__(self, folder: Path, variables: dict[str, Any], *options: str) -> None:
        hosts = {
            "reg1": {"ansible_connection": "local", "ansible_python_interpreter": sys.executable},
            "reg2": {"ansible_connection": "local", "ansible_python_interpreter": sys.executable},
            "away": {"ansible_host": "127.0.0.1", "ansible_port": 1},
        }
        inventory = folder / "hosts.json"
        inventory.write_text(json.dumps({"registries": {"hosts": hosts}}))
        self.folder = folder / "made" / "report"
        extra = {"rgw_verify_report_dir": str(self.folder), **variables}
        playbook = Path(sys.executable).with_name("ansible-playbook")
        command = [playbook, "-i", inventory, "playbooks/verify.yml", "-e", json.dumps(extra), *options]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=120)
        self.code, self.output = done.returncode, done.stdout + done.stderr

    def report(self) -> dict[str, Any]:
        report: dict[str, Any] = json.loads((self.folder / "report.json").read_text())
        return report

    def words(self) -> list[tuple[str, str, list[str]]]:
        """Host, endpoint and the findings of each run in the report."""
        well = ("ok", "skipped")
        return [
            (
                run["host"],
                run["endpoint"],
                [found["verdict"] for found in run["verdicts"] if found["verdict"] not in well],
            )
            for run in self.report()["runs"]
        ]


@pytest.fixture
def variables(gateway: Gateway) -> dict[str, Any]:
    return {"rgw_verify_user": gateway.user, "rgw_verify_secret_file": str(gateway.secret_file)}


def test_two_hosts_look_at_two_gateways_and_one_is_ill(
    gateway: Gateway, variables: dict[str, Any], tmp_path: Path
) -> None:
    with FaultyGateway(gateway.host, gateway.port, "head-no-status-line") as proxy:
        endpoints = [gateway.url, proxy.url]
        play = Play(tmp_path, {**variables, "rgw_verify_endpoints": endpoints, "rgw_verify_hosts": "reg1,reg2"}, "-vvv")
    assert play.code == 2, play.output[-4000:]
    assert play.words() == [
        (host, url, words)
        for host in ("reg1", "reg2")
        for url, words in ((gateway.url, []), (proxy.url, ["no-status-line"] * 2))  # alone, and in a push
    ]
    assert not play.report()["passed"]
    # In the order in which they appear: the table, the path of the page, the message that ends the play.
    said = " ".join(play.output.split())
    table = said.index("FAIL head-empty-manifest ")
    page = said.index(f"Page: {play.folder}/report.html", table)
    assert "remedy: Upgrade Ceph" in said[page:]
    assert gateway.secret not in play.output
    assert {path.name: oct(path.stat().st_mode)[-3:] for path in play.folder.iterdir()} == {
        "report.json": "644",
        "junit.xml": "644",
        "report.html": "644",
    }
    suites = JUnitXml.fromfile(str(play.folder / "junit.xml"))
    assert (suites.failures, suites.errors, len(list(suites))) == (4, 0, 4)


@pytest.mark.parametrize(("fail_on", "fault", "code"), [("warning", "nagle", 2), ("never", "head-no-status-line", 0)])
def test_what_fails_a_run_is_what_was_asked_for(
    gateway: Gateway, variables: dict[str, Any], tmp_path: Path, fail_on: str, fault: str, code: int
) -> None:
    with FaultyGateway(gateway.host, gateway.port, fault) as proxy:
        asked = {"rgw_verify_endpoint": proxy.url, "rgw_verify_hosts": "reg1", "rgw_verify_fail_on": fail_on}
        play = Play(tmp_path, {**variables, **asked})
    assert play.code == code, play.output[-4000:]
    assert play.words()[0][2] == {"nagle": ["slow"], "head-no-status-line": ["no-status-line"] * 2}[fault]


def test_the_report_knows_the_gateway(gateway: Gateway, variables: dict[str, Any], tmp_path: Path) -> None:
    play = Play(tmp_path, {**variables, "rgw_verify_endpoint": gateway.url, "rgw_verify_hosts": "reg2"})
    assert play.code == 0, play.output[-4000:]
    facts = play.report()["runs"][0]["facts"]
    version = gateway.run("ceph", "--version").split()[2]
    assert (facts["version"], facts["zone"]) == (version, "default")
    assert "changed=0" in play.output


def test_the_controller_may_look(gateway: Gateway, variables: dict[str, Any], tmp_path: Path) -> None:
    play = Play(tmp_path, {**variables, "rgw_verify_endpoint": gateway.url, "rgw_verify_hosts": "localhost"})
    assert play.code == 0, play.output[-4000:]
    assert play.words() == [("localhost", gateway.url, [])]


def test_who_could_not_look_is_in_the_report(gateway: Gateway, variables: dict[str, Any], tmp_path: Path) -> None:
    play = Play(tmp_path, {**variables, "rgw_verify_endpoint": gateway.url})
    assert play.code != 0
    runs = {run["host"]: run for run in play.report()["runs"]}
    assert {host: run["passed"] for host, run in runs.items()} == {"reg1": True, "reg2": True, "away": False}
    assert runs["away"]["error"]
    assert not play.report()["passed"]


def test_what_cannot_be_started_is_in_the_report(gateway: Gateway, variables: dict[str, Any], tmp_path: Path) -> None:
    endpoints = ["http://someone:canary-word@gw.example", gateway.url]
    play = Play(tmp_path, {**variables, "rgw_verify_endpoints": endpoints, "rgw_verify_hosts": "reg1"})
    assert play.code == 2
    wrong, right = play.report()["runs"]
    assert "must be a URL like" in wrong["error"] and right["passed"]
    assert "canary-word" not in "".join(path.read_text() for path in play.folder.iterdir())


def test_a_report_that_cannot_be_written_hides_no_failure(variables: dict[str, Any], tmp_path: Path) -> None:
    (tmp_path / "made").write_text("not a folder")
    play = Play(tmp_path, {**variables, "rgw_verify_endpoint": "http://127.0.0.1:9", "rgw_verify_hosts": "reg1"})
    assert play.code == 2
    assert f"Could not read or write {play.folder}/report.json: Not a directory" in play.output
    assert "Swift verification of http://127.0.0.1:9" in play.output


def test_check_mode_writes_nothing(gateway: Gateway, variables: dict[str, Any], tmp_path: Path) -> None:
    play = Play(tmp_path, {**variables, "rgw_verify_endpoint": gateway.url, "rgw_verify_hosts": "reg1"}, "--check")
    assert play.code == 0, play.output[-4000:]
    assert not play.folder.exists()


def test_check_mode_says_that_a_key_is_still_to_be_made(variables: dict[str, Any], tmp_path: Path) -> None:
    missing = str(tmp_path / "missing")
    early = {"rgw_verify_endpoint": "http://127.0.0.1:9", "rgw_verify_hosts": "reg1", "rgw_verify_secret_file": missing}
    play = Play(tmp_path, {**variables, **early}, "--check")
    assert play.code == 0, play.output[-4000:]
    words = " ".join(play.output.split())
    assert f"http://127.0.0.1:9 was not verified, since {missing} does not exist" in words
