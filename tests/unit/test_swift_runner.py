# SPDX-License-Identifier: Apache-2.0
"""Session and runner: nothing is left on the gateway, and every wait has its end."""

from __future__ import annotations

import time

import pytest
from ansible_collections.rgwkit.ceph.plugins.module_utils import swift_runner, swift_session
from ansible_collections.rgwkit.ceph.plugins.module_utils.rgw_wire_endpoint import Endpoint
from ansible_collections.rgwkit.ceph.plugins.module_utils.rgw_wire_messages import Answer, Request
from ansible_collections.rgwkit.ceph.plugins.module_utils.swift_probes import PROBES, READY, select
from ansible_collections.rgwkit.ceph.plugins.module_utils.swift_runner import Report, verify, wait_ready
from swift_double import Gateway, answer, faulty

ENDPOINT = Endpoint("gw", 8080)


@pytest.fixture
def gateway(monkeypatch: pytest.MonkeyPatch) -> Gateway:
    double = Gateway()
    monkeypatch.setattr(swift_session, "Connection", lambda endpoint: double)
    return double


def run(*names: str, **options: bool) -> Report:
    return verify(ENDPOINT, "demo:swift", "secret-of-the-user", select(names), 5, **options)


def words(report: Report) -> dict[str, str]:
    return {verdict.probe: verdict.verdict for verdict in report.verdicts}


def methods(gateway: Gateway) -> list[str]:
    return [f"{request.method} {request.target}" for request in gateway.requests]


def test_check_mode_changes_nothing(gateway: Gateway) -> None:
    report = run(only_read=True)
    assert words(report) == {"auth": "ok", **{probe.name: "skipped" for probe in PROBES[1:]}}
    assert methods(gateway) == ["GET /auth/v1", "HEAD /swift/v1"]


def test_a_container_that_was_there_before_is_not_touched(gateway: Gateway) -> None:
    gateway.change = lambda request, right: answer("PUT", 202) if request.method == "PUT" else None
    report = run("plain-object")
    assert words(report)["plain-object"] == "wrong-status"
    assert not any(line.startswith("DELETE") for line in methods(gateway))


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
    session = swift_session.SwiftSession(ENDPOINT, "demo:swift", "secret-of-the-user")
    session.begin(5)
    session.authenticate()
    session.make_container()
    session.put("a b/ü%?#", b"")
    assert session.remove_container(5)
    assert gateway.containers == {}


def test_a_container_that_stays_is_reported(gateway: Gateway, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(swift_runner, "CLEANUP_SECONDS", 0.15)
    gateway.change = lambda request, right: answer("DELETE", 403) if request.method == "DELETE" else None
    report = run("long-object-name")
    assert report.leftover == gateway.requests[-1].target.rpartition("/")[2]
    assert report.leftover.startswith("rgwkit-verify-")


def test_a_deadline_is_for_the_whole_probe(gateway: Gateway) -> None:
    session = swift_session.SwiftSession(ENDPOINT, "demo:swift", "secret-of-the-user")
    session.begin(5)
    session.authenticate()
    time.sleep(0.1)
    session.make_container()
    assert gateway.limits[-1] < 4.95


def test_waiting_ends_with_the_first_try_that_passes(gateway: Gateway) -> None:
    refusals = iter([faulty("GET", "refused")] * 3)
    gateway.change = lambda request, right: next(refusals, None)
    verdict = wait_ready(ENDPOINT, "demo:swift", "secret-of-the-user", 5)
    assert verdict.ok
    assert 0.1 < verdict.seconds < 1
    assert gateway.containers == {}
    assert max(gateway.limits[:-1]) <= 1.0  # The last one removes the container.


def test_waiting_ends_at_the_deadline_with_what_was_last_seen(gateway: Gateway) -> None:
    gateway.change = lambda request, right: answer("PUT", 503) if request.target.endswith("/ready") else None
    began = time.monotonic()
    verdict = wait_ready(ENDPOINT, "demo:swift", "secret-of-the-user", 0.15)
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
    verdict = wait_ready(ENDPOINT, "demo:swift", "secret-of-the-user", 0.3)
    assert gateway.limits[-1] <= 0.2
    assert (verdict.verdict, verdict.got) == ("wrong-status", "HTTP/1.1 503 X")
    assert verdict.seconds >= 0.3


def test_only_tries_that_time_out_make_the_next_one_longer(gateway: Gateway) -> None:
    seen = iter([faulty("GET", word) for word in ("refused", "timeout", "closed", "timeout", "refused")])
    gateway.change = lambda request, right: next(seen, None)
    assert wait_ready(ENDPOINT, "demo:swift", "secret-of-the-user", 30).ok
    assert [round(limit) for limit in gateway.limits[:6]] == [1, 1, 2, 2, 4, 4]


def test_a_gateway_that_does_not_become_ready_is_not_probed(gateway: Gateway) -> None:
    gateway.change = lambda request, right: faulty("GET", "refused")
    report = verify(ENDPOINT, "demo:swift", "secret-of-the-user", select([]), 5, wait=0.1)
    assert words(report) == {"ready": "refused", **{probe.name: "skipped" for probe in PROBES}}
    assert not report.passed
