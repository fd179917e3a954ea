# SPDX-License-Identifier: Apache-2.0
"""Session and runner: nothing is left on the gateway, and every wait has its end."""

from __future__ import annotations

import json
import time
from email.utils import parsedate_to_datetime

import pytest
from ansible_collections.rgwkit.ceph.plugins.module_utils.doctor import runner as doctor_runner
from ansible_collections.rgwkit.ceph.plugins.module_utils.doctor import session as doctor_session
from ansible_collections.rgwkit.ceph.plugins.module_utils.doctor.catalogue import READY, select
from ansible_collections.rgwkit.ceph.plugins.module_utils.doctor.container import lease
from ansible_collections.rgwkit.ceph.plugins.module_utils.doctor.runner import Report, verify, wait_ready
from ansible_collections.rgwkit.ceph.plugins.module_utils.http.endpoint import Endpoint
from ansible_collections.rgwkit.ceph.plugins.module_utils.http.messages import Answer, Request

from tests.unit.doctor.swift_double import DATE, Gateway, answer, faulty

ENDPOINT = Endpoint("gw", 8080)
GATEWAY_TIME = parsedate_to_datetime(DATE).timestamp()
LOGIN = doctor_session.Login("demo:swift", "secret-of-the-user")


@pytest.fixture
def gateway(monkeypatch: pytest.MonkeyPatch) -> Gateway:
    double = Gateway()
    monkeypatch.setattr(doctor_session, "Connection", lambda endpoint: double)
    return double


# What the double can answer.
SOME = ("auth", "plain-object", "head-empty-manifest", "long-object-name")


def run(*names: str, **options: bool) -> Report:
    return verify(ENDPOINT, LOGIN, select(names or SOME), 5, **options)


def words(report: Report) -> dict[str, str]:
    return {verdict.probe: verdict.verdict for verdict in report.verdicts}


def methods(gateway: Gateway) -> list[str]:
    return [f"{request.method} {request.target}" for request in gateway.requests]


def test_check_mode_changes_nothing(gateway: Gateway) -> None:
    report = run(only_read=True)
    assert words(report) == {"auth": "ok", **dict.fromkeys(SOME[1:], "skipped")}
    assert methods(gateway) == ["GET /auth/v1", "HEAD /swift/v1"]


def test_a_container_that_was_there_before_is_not_touched(gateway: Gateway) -> None:
    theirs = answer("HEAD", 204, {"X-Container-Meta-Owner": "somebody"})
    gateway.change = lambda request, right: theirs if "rgwkit-verify-" in request.target else None
    report = run("plain-object")
    assert words(report)["plain-object"] == "wrong-status"
    assert not any(line.startswith(("PUT", "DELETE")) for line in methods(gateway))


def test_a_container_that_lost_the_mark_is_not_removed(gateway: Gateway) -> None:
    """Somebody else has made it anew meanwhile."""

    def take_over(request: Request, right: Answer) -> None:
        if request.target.endswith("/plain"):
            for metadata in gateway.metadata.values():
                metadata.clear()

    gateway.change = take_over
    assert words(run("plain-object"))["plain-object"] == "ok"
    assert len(gateway.containers) == 1


def test_a_container_whose_put_was_not_answered_is_removed(gateway: Gateway) -> None:
    unanswered = iter([faulty("PUT", "timeout")])
    gateway.change = lambda request, right: next(unanswered, None) if request.method == "PUT" else None
    report = run("plain-object", "long-object-name")
    assert words(report) == {"auth": "ok", "plain-object": "timeout", "long-object-name": "ok"}
    assert (gateway.containers, report.leftover) == ({}, None)


def test_an_interrupt_leaves_nothing(gateway: Gateway) -> None:
    def interrupt(request: Request, right: Answer) -> Answer | None:
        if request.method == "HEAD" and request.target.endswith("/plain"):
            raise KeyboardInterrupt
        return None

    gateway.change = interrupt
    with pytest.raises(KeyboardInterrupt):
        run()
    assert gateway.containers == {}


def test_names_with_any_character_are_removed(gateway: Gateway) -> None:
    session = doctor_session.SwiftSession(ENDPOINT, LOGIN, 60)
    session.begin(5)
    session.authenticate()
    session.make_container()
    session.put("a b/ü%?#", b"")
    assert session.remove_own(5) == []
    assert gateway.containers == {}


def test_a_container_that_stays_is_reported(gateway: Gateway, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor_runner, "CLEANUP_SECONDS", 0.15)
    gateway.change = lambda request, right: answer("GET", 403) if "?limit=" in request.target else None
    report = run("long-object-name")
    assert report.leftover == next(iter(gateway.containers))


def test_a_deadline_is_for_the_whole_probe(gateway: Gateway) -> None:
    session = doctor_session.SwiftSession(ENDPOINT, LOGIN, 60)
    session.begin(5)
    session.authenticate()
    time.sleep(0.1)
    session.make_container()
    assert gateway.limits[-1] < 4.95


def test_waiting_ends_with_the_first_try_that_passes(gateway: Gateway) -> None:
    refusals = iter([faulty("GET", "refused")] * 3)
    gateway.change = lambda request, right: next(refusals, None)
    verdict = wait_ready(ENDPOINT, LOGIN, 5)
    assert verdict.ok
    assert 0.1 < verdict.seconds < 1
    assert gateway.containers == {}
    assert max(gateway.limits[:-2]) <= 1.0  # The last ones remove the container.


def test_waiting_ends_at_the_deadline_with_what_was_last_seen(gateway: Gateway) -> None:
    gateway.change = lambda request, right: answer("PUT", 503) if request.target.endswith("/ready") else None
    began = time.monotonic()
    verdict = wait_ready(ENDPOINT, LOGIN, 0.15)
    assert 0.15 <= time.monotonic() - began < 0.65
    assert (verdict.probe, verdict.verdict, verdict.got) == (READY.name, "wrong-status", "HTTP/1.1 503 X")
    assert gateway.containers == {}


def test_a_last_try_that_is_cut_short_does_not_hide_what_was_seen(gateway: Gateway) -> None:
    def starting(request: Request, right: Answer) -> Answer:
        if gateway.limits[-1] > 0.2:
            return answer("GET", 503)
        time.sleep(gateway.limits[-1])
        return faulty("GET", "timeout")

    gateway.change = starting
    verdict = wait_ready(ENDPOINT, LOGIN, 0.3)
    assert gateway.limits[-1] <= 0.2
    assert (verdict.verdict, verdict.got) == ("wrong-status", "HTTP/1.1 503 X")
    assert verdict.seconds >= 0.3


def test_only_tries_that_time_out_make_the_next_one_longer(gateway: Gateway) -> None:
    seen = iter([faulty("GET", word) for word in ("refused", "timeout", "closed", "timeout", "refused")])
    gateway.change = lambda request, right: next(seen, None)
    assert wait_ready(ENDPOINT, LOGIN, 30).ok
    assert [round(limit) for limit in gateway.limits[:6]] == [1, 1, 2, 2, 4, 4]


def test_a_gateway_that_does_not_become_ready_is_not_probed(gateway: Gateway) -> None:
    gateway.change = lambda request, right: faulty("GET", "refused")
    report = verify(ENDPOINT, LOGIN, select(SOME), 5, wait=0.1)
    assert words(report) == {"ready": "refused", **dict.fromkeys(SOME, "skipped")}
    assert not report.passed


def leave_behind(gateway: Gateway, name: str, mark: str) -> None:
    gateway.containers[name] = {"left": (b"", "")}
    gateway.metadata[name] = {"X-Container-Meta-Rgwkit-Lease": mark}


@pytest.mark.parametrize(
    ("name", "mark", "removed"),
    [
        ("rgwkit-verify-0123456789abcdef", lease("0123456789abcdef", GATEWAY_TIME - 1), True),
        ("rgwkit-verify-0123456789abcdef", lease("0123456789abcdef", GATEWAY_TIME + 60), False),
        ("rgwkit-verify-0123456789abcdef", "run by hand until 0000000001", False),
        ("registry", lease("0123456789abcdef", GATEWAY_TIME - 1), False),
    ],
    ids=["killed", "running", "not-ours", "another-name"],
)
def test_only_what_a_killed_run_left_is_removed(gateway: Gateway, name: str, mark: str, removed: bool) -> None:
    leave_behind(gateway, name, mark)
    report = run("plain-object")
    assert list(report.removed) == ([name] if removed else [])
    assert (name in gateway.containers) is not removed
    assert report.passed


def test_check_mode_removes_no_leftover(gateway: Gateway) -> None:
    leave_behind(gateway, "rgwkit-verify-0123456789abcdef", lease("0123456789abcdef", 0))
    run("plain-object", only_read=True)
    assert len(gateway.containers) == 1


def test_a_lease_lasts_as_long_as_the_run_may(gateway: Gateway) -> None:
    run("plain-object", "long-object-name")
    put = next(request for request in gateway.requests if request.method == "PUT")
    mark = dict(put.headers)["X-Container-Meta-Rgwkit-Lease"]
    assert 60 < int(mark.rpartition(" ")[2]) - GATEWAY_TIME < 120


@pytest.mark.parametrize(("fail_on", "passed"), [("error", True), ("warning", False), ("never", True)])
def test_a_warning_fails_the_run_where_that_is_asked(gateway: Gateway, fail_on: str, passed: bool) -> None:
    gateway.change = lambda request, right: answer("PUT", 201) if request.target.endswith("/no-length") else None
    report = run("length-required", fail_on=fail_on)
    assert words(report)["length-required"] == "wrong-status"
    assert report.verdicts[1].severity == "warning"
    assert report.passed is passed


def test_a_closed_gate_skips_the_rest(gateway: Gateway) -> None:
    gateway.change = lambda request, right: answer("PUT", 403) if request.target.endswith("/ready") else None
    report = run("store-object", "plain-object")
    assert words(report) == {"auth": "ok", "store-object": "wrong-status", "plain-object": "skipped"}
    assert report.verdicts[1].cause == "The subuser may not write."
    assert report.verdicts[2].got == "store-object failed"


def test_a_report_is_plain_data(gateway: Gateway) -> None:
    report = json.loads(json.dumps(run("small-reads").as_dict()))
    assert set(report) == {"passed", "seconds", "leftover", "removed", "verdicts", "load"}
    verdict = report["verdicts"][1]
    assert (verdict["probe"], verdict["severity"], verdict["latency"]["count"]) == ("small-reads", "warning", 20)
    assert report["verdicts"][0]["latency"] is None
