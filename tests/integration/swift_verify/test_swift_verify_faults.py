# SPDX-License-Identifier: Apache-2.0
"""The two-way proof: a fault fails the probe that claims to catch it and no other; without faults all pass."""

from __future__ import annotations

import time

import pytest
from ansible_collections.rgwkit.ceph.plugins.module_utils.rgw_wire_endpoint import Endpoint
from ansible_collections.rgwkit.ceph.plugins.module_utils.swift_probes import PROBES, select
from ansible_collections.rgwkit.ceph.plugins.module_utils.swift_report import summary
from ansible_collections.rgwkit.ceph.plugins.module_utils.swift_runner import Report, verify, wait_ready

from tests.faulty_gateway import FAULTS, FaultyGateway
from tests.integration.gateway import Gateway

CAUGHT_BY = {
    "head-no-status-line": ("head-empty-manifest", "no-status-line"),
    "status-0": ("head-empty-manifest", "status-0"),
    "no-last-modified": ("head-empty-manifest", "header-missing"),
    "head-hangs": ("head-empty-manifest", "timeout"),
    "wrong-length": ("plain-object", "length-mismatch"),
    "name-too-long": ("long-object-name", "wrong-status"),
}


def run(gateway: Gateway, url: str, *probes: str) -> Report:
    return verify(Endpoint.parse(url), gateway.user, gateway.secret, select(probes), 2)


def words(report: Report) -> dict[str, str]:
    return {verdict.probe: verdict.verdict for verdict in report.verdicts}


def test_a_healthy_gateway_passes_every_probe(gateway: Gateway) -> None:
    report = run(gateway, gateway.url)
    assert words(report) == {probe.name: "ok" for probe in PROBES}, summary(report.as_dict())
    assert report.leftover is None


def test_a_proxy_without_faults_changes_nothing(gateway: Gateway) -> None:
    with FaultyGateway(gateway.host, gateway.port) as proxy:
        report = run(gateway, proxy.url)
    assert words(report) == {probe.name: "ok" for probe in PROBES}, summary(report.as_dict())
    assert proxy.injected == []
    assert len(proxy.requests) > 15


def test_every_fault_has_its_probe() -> None:
    assert set(CAUGHT_BY) == set(FAULTS)


@pytest.mark.parametrize("fault", CAUGHT_BY)
def test_a_fault_fails_its_probe_and_no_other(gateway: Gateway, fault: str) -> None:
    probe, word = CAUGHT_BY[fault]
    with FaultyGateway(gateway.host, gateway.port, fault) as proxy:
        report = run(gateway, proxy.url)
    expected = {other.name: word if other.name == probe else "ok" for other in PROBES}
    assert words(report) == expected, summary(report.as_dict())
    assert [name for name, _ in proxy.injected] == [fault]


def test_real_osds_with_the_demo_images_limit_fail_long_names(gateway: Gateway) -> None:
    """No proxy: the setting itself. The OSD hears of it a moment later."""
    gateway.run("ceph", "config", "set", "osd", "osd_max_object_name_len", "256")
    try:
        until = time.monotonic() + 10
        while (report := run(gateway, gateway.url)).passed and time.monotonic() < until:
            time.sleep(0.1)
    finally:
        gateway.run("ceph", "config", "rm", "osd", "osd_max_object_name_len")
    assert words(report) == {probe.name: "ok" for probe in PROBES} | {"long-object-name": "wrong-status"}
    assert report.verdicts[-1].got == "HTTP/1.1 400 Bad Request"
    while not run(gateway, gateway.url).passed and time.monotonic() < until:
        time.sleep(0.1)


def test_the_old_fault_is_seen_by_no_plain_put_and_head(gateway: Gateway) -> None:
    with FaultyGateway(gateway.host, gateway.port, "head-no-status-line") as proxy:
        plain = run(gateway, proxy.url, "plain-object")
        assert proxy.injected == []
        manifest = run(gateway, proxy.url, "head-empty-manifest")
        assert len(proxy.injected) == 1
    assert words(plain)["plain-object"] == "ok"
    verdict = manifest.verdicts[1]
    assert (verdict.verdict, verdict.got) == ("no-status-line", "first line 'Content-Length: 0'")
    assert "\n< Content-Length: 0\n< Date: " in verdict.evidence[-1]


def test_a_hanging_answer_takes_no_longer_than_the_probe_may(gateway: Gateway) -> None:
    with FaultyGateway(gateway.host, gateway.port, "head-hangs") as proxy:
        report = run(gateway, proxy.url, "head-empty-manifest")
    assert 2 <= report.verdicts[1].seconds < 2.5


@pytest.mark.parametrize(
    ("user", "secret", "got", "cause"),
    [
        ("demo:swift", "not-the-key", "HTTP/1.1 401 Unauthorized", "not the one that the gateway knows"),
        ("demo:nobody", "not-the-key", "HTTP/1.1 403 Forbidden", "knows no such swift user"),
        ("demo", "not-the-key", "HTTP/1.1 403 Forbidden", "knows no such swift user"),
    ],
)
def test_wrong_credentials_are_told_apart(gateway: Gateway, user: str, secret: str, got: str, cause: str) -> None:
    report = verify(Endpoint.parse(gateway.url), user, secret, select([]), 5)
    assert words(report) == {"auth": "wrong-status", **{probe.name: "skipped" for probe in PROBES[1:]}}
    assert report.verdicts[0].got == got
    assert cause in report.verdicts[0].cause


def test_no_secret_is_in_the_evidence(gateway: Gateway) -> None:
    report = run(gateway, gateway.url)
    text = "\n".join("\n".join(verdict.evidence) for verdict in report.verdicts)
    assert gateway.secret not in text
    assert "AUTH_rgwtk" not in text
    assert "X-Auth-Token: ***" in text


def test_a_ready_gateway_is_ready_at_once(gateway: Gateway) -> None:
    began = time.monotonic()
    assert wait_ready(Endpoint.parse(gateway.url), gateway.user, gateway.secret, 30).ok
    assert time.monotonic() - began < 1
