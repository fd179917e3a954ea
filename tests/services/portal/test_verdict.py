# SPDX-License-Identifier: Apache-2.0
"""The last verification of a back-end: what users see of it, what admins see, and files that are none."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.rgwkit.ceph.plugins.module_utils.doctor.report.json import document, run_of, to_json

from tests.portal import RunningPortal, running_portal
from tests.report_sample import HOSTILE, faulty, healthy, verdict
from tests.services.portal.conftest import secret_file, settings
from tests.services.portal.issuer import Issuer

INSIDE = ["http://gw1.example:8080", "reg2", "canary-of-the-inside"]
PROXY = {"X-Portal-Proxy-Secret": "canary-" + "p" * 32, "X-Forwarded-User": "ann"}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("verdict")


@pytest.fixture
def report(folder: Path) -> Iterator[Path]:
    file = folder / "report.json"
    yield file
    file.unlink(missing_ok=True)


@pytest.fixture(scope="module")
def portal(folder: Path, issuer: Issuer) -> Iterator[RunningPortal]:
    proxy = {"addresses": ["127.0.0.1"], "secret_file": secret_file(folder, "p.secret", PROXY["X-Portal-Proxy-Secret"])}
    backends = {
        "dummy": {"kind": "dummy", "verdict_file": str(folder / "report.json")},
        "unseen": {"kind": "dummy"},
    }
    web = {"url": "http://portal.example", "client_id": "portal"}
    with running_portal(folder, **settings(folder, issuer, backends=backends, proxy=proxy, web=web)) as portal:
        yield portal


def moment(**ago: int) -> str:
    return (datetime.now(timezone.utc) - timedelta(**ago)).strftime("%Y-%m-%dT%H:%M:%SZ")


def failed(**more: Any) -> dict[str, Any]:
    wrong = verdict("long-object-name", "wrong-status", got="canary-of-the-inside", remedy="Raise the limit.")
    slow = verdict("small-reads", "slow", severity="warning", remedy="Add tcp_nodelay=1.")
    return healthy(passed=False, when=moment(hours=1), verdicts=[verdict("auth"), slow, wrong], **more)


def write(file: Path, **runs: Any) -> None:
    file.write_text(to_json(document([run_of(host, result) for host, result in runs.items()])))


def ask(portal: RunningPortal, issuer: Issuer, *groups: str) -> dict[str, Any]:
    answer = portal.ask("GET", "/v1/dummy/verdict", issuer.token("ann", list(groups)))
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def page(portal: RunningPortal, group: str = "users") -> str:
    answer = portal.ask("GET", "/web/status", headers={**PROXY, "X-Forwarded-Groups": group})
    assert answer.status_code == 200
    return answer.text


def test_users_see_what_failed_and_what_to_do_and_nothing_of_the_inside(portal, issuer, report):
    write(report, reg2=failed(), reg3=failed())
    found = ask(portal, issuer, "users")
    assert (found["state"], found["passed"], found["probes_passed"]) == ("current", False, 2)
    assert [(one["probe"], one["outcome"], one["remedy"]) for one in found["findings"]] == [
        ("long-object-name", "failed", "Raise the limit."),
        ("small-reads", "warning", "Add tcp_nodelay=1."),
    ]
    shown = page(portal)
    assert "Raise the limit." in shown and "Add tcp_nodelay=1." in shown
    for secret in INSIDE:
        assert secret not in json.dumps(found) + shown


@pytest.mark.parametrize("group", ["admins", "ubers"])
def test_admins_see_where_and_why(portal, issuer, report, group):
    write(report, reg2=failed(), reg3=failed())
    places = ask(portal, issuer, group)["findings"][0]["places"]
    assert [(one["gateway"], one["host"]) for one in places] == [(INSIDE[0], "reg2"), (INSIDE[0], "reg3")]
    shown = page(portal, group)
    assert all(text in shown for text in INSIDE)


def test_a_verification_that_passed_or_did_not_take_place(portal, issuer, report):
    write(report, reg1=healthy(when=moment(hours=1)))
    assert ask(portal, issuer, "users")["passed"] is True and "passed" in page(portal)
    write(report, reg1=healthy(when=moment(hours=1)), reg2={})
    found = ask(portal, issuer, "users")
    assert found["passed"] is False and [one["probe"] for one in found["findings"]] == ["run"]


def test_wrong_answers_under_load_are_a_finding(portal, issuer, report):
    write(report, reg1=healthy(when=moment(hours=1), passed=False, load={**LOAD, "wrong": 3}))
    assert [one["probe"] for one in ask(portal, issuer, "users")["findings"]] == ["load"]


LOAD = {"objects": 10, "findings": []}


def test_an_old_verification_is_said_to_be_old(portal, issuer, report):
    write(report, reg1=healthy(when=moment(days=3)))
    assert ask(portal, issuer, "users")["state"] == "old" and "This verification is old" in page(portal)


def test_without_a_file_the_page_says_so(portal, issuer):
    assert ask(portal, issuer, "users")["state"] == "missing"
    assert "the portal does not find its report" in page(portal)
    answer = portal.ask("GET", "/v1/unseen/verdict", issuer.token())
    assert answer.json()["state"] == "not-configured" and "No verification is shown" in page(portal)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"[]",
        b"\xff",
        b'{"schema": 1, "when": null, "passed": true, "runs": []}',
        b'{"schema": 2, "when": "yesterday", "passed": true, "runs": []}',
        b'{"schema": 2, "when": null, "passed": true, "runs": [{"host": 7}]}',
        b"[" * 100_000,
        b" " * (16 * 1024 * 1024 + 1),
    ],
    ids=lambda content: content[:20].decode("latin-1"),
)
def test_a_file_that_is_no_report_is_said_to_be_broken(portal, issuer, report, content):
    report.write_bytes(content)
    assert ask(portal, issuer, "users")["state"] == "broken"
    assert "cannot be read" in page(portal)


def test_a_pipe_or_a_folder_in_the_file_s_place_keeps_nobody_waiting(portal, issuer, report):
    os.mkfifo(report)
    assert ask(portal, issuer, "users")["state"] == "broken"
    report.unlink()
    report.mkdir()
    assert ask(portal, issuer, "users")["state"] == "broken"
    report.rmdir()


def test_a_replaced_report_is_read_again(portal, issuer, report):
    write(report, reg2=failed())
    assert ask(portal, issuer, "users")["passed"] is False
    write(report.with_suffix(".new"), reg1=healthy(when=moment(hours=1)))
    os.replace(report.with_suffix(".new"), report)
    assert ask(portal, issuer, "users")["passed"] is True


def test_hostile_text_is_shown_and_not_obeyed(portal, report):
    write(report, reg2={**faulty(), "when": moment(hours=1)})
    shown = page(portal, "admins")
    assert HOSTILE not in shown and "&lt;script&gt;" in shown and "<script" not in shown


def test_nobody_else_sees_it_and_no_other_back_end_has_one(portal, issuer):
    assert portal.ask("GET", "/v1/dummy/verdict").status_code == 401
    assert portal.ask("GET", "/v1/none/verdict", issuer.token()).status_code == 404
