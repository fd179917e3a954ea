# SPDX-License-Identifier: Apache-2.0
"""The load on a real gateway, and faults that show once in hundreds of requests."""

from __future__ import annotations

import pytest
from ansible_collections.rgwkit.ceph.plugins.module_utils.base.login import Login
from ansible_collections.rgwkit.ceph.plugins.module_utils.doctor.catalogue import select
from ansible_collections.rgwkit.ceph.plugins.module_utils.doctor.load import Job
from ansible_collections.rgwkit.ceph.plugins.module_utils.doctor.runner import verify
from ansible_collections.rgwkit.ceph.plugins.module_utils.http.endpoint import Endpoint

from tests.faulty_gateway import FaultyGateway
from tests.faulty_gateway.fault import Fault, Reply, answer, no_status_line
from tests.faulty_gateway.faults import FAULTS

JOB = Job(objects=300, connections=8, size=100, timeout=10, seconds=60)


@pytest.fixture
def under_load(gateway):
    def run(url=gateway.url, job=JOB, **options):
        return verify(
            Endpoint.parse(url), Login(gateway.user, gateway.secret), select(["auth"], []), 10, load=job, **options
        )

    return run


@pytest.fixture
def once(gateway, monkeypatch):
    """A proxy that answers otherwise when an object's number ends in 77."""

    def make(method, reply):
        def on_answer(request, response):
            return reply(response) if request.method == method and request.object_name.endswith("77") else None

        monkeypatch.setitem(FAULTS, "once", Fault("once", "shows seldom", {}, on_answer=on_answer))
        return FaultyGateway(gateway.host, gateway.port, "once")

    return make


def test_a_gateway_that_is_well(under_load):
    report = under_load()
    assert report.passed and report.leftover is None
    assert (report.load["objects"], report.load["wrong"], report.load["findings"]) == (300, 0, [])
    for name in ("put", "head_after_put", "head", "delete"):
        assert report.load[name]["count"] == 300
        assert 0 < report.load[name]["p50_ms"] <= report.load[name]["p99_ms"] <= report.load[name]["max_ms"]
        assert report.load[name]["rate"] > 0


@pytest.mark.parametrize(
    ("method", "reply", "found"),
    [
        ("HEAD", lambda response: no_status_line(), {("head_after_put", "no-status-line"), ("head", "no-status-line")}),
        (
            "HEAD",
            lambda response: answer("404 Not Found"),
            {("head_after_put", "missing-after-put"), ("head", "missing-after-put")},
        ),
        (
            "HEAD",
            lambda response: Reply(response.with_header("Content-Length", "99")),
            {("head_after_put", "length-mismatch"), ("head", "length-mismatch")},
        ),
        (
            "HEAD",
            lambda response: Reply(response.with_header("etag", "0" * 32)),
            {("head_after_put", "etag-mismatch"), ("head", "etag-mismatch")},
        ),
        ("PUT", lambda response: answer("503 Slow Down"), {("put", "wrong-status")}),
        ("DELETE", lambda response: answer("500 Internal Server Error"), {("delete", "wrong-status")}),
    ],
)
def test_a_fault_that_shows_once_in_a_hundred(under_load, once, method, reply, found):
    with once(method, reply) as proxy:
        report = under_load(proxy.url)
    assert not report.passed
    assert {(finding["operation"], finding["verdict"]) for finding in report.load["findings"]} == found
    assert [finding["count"] for finding in report.load["findings"]] == [3] * len(found)  # 77, 177, 277
    assert report.load["wrong"] == 3 * len(found)
    assert all("load-000000" in finding["evidence"][0] for finding in report.load["findings"])


def test_an_answer_that_comes_in_pieces_is_right(under_load, once):
    with once("HEAD", lambda response: Reply(response.head, pause=0.001)) as proxy:
        report = under_load(proxy.url)
    assert report.passed, report.load["findings"]


def test_a_gateway_that_is_not_well_at_all_is_left_alone_soon(under_load, gateway, monkeypatch):
    broken = Fault("broken", "no PUT of an object works", {}, on_request=lambda request: _refused(request))
    monkeypatch.setitem(FAULTS, "broken", broken)
    with FaultyGateway(gateway.host, gateway.port, "broken") as proxy:
        report = under_load(proxy.url, JOB._replace(objects=100_000))
    assert 500 < report.load["wrong"] <= 1000
    assert report.load["objects"] <= 1000


def _refused(request):
    return answer("503 Slow Down") if request.method == "PUT" and request.object_name else None


def test_the_time_is_bounded(under_load):
    report = under_load(job=JOB._replace(objects=1_000_000, seconds=1))
    assert 0 < report.load["objects"] < 100_000
    assert report.load["wrong"] == 0
    assert report.leftover is None


def test_check_mode_stores_nothing(under_load):
    assert under_load(only_read=True).load is None
