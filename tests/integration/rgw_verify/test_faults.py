# SPDX-License-Identifier: Apache-2.0
"""The two-way proof: a fault fails the probe that claims to catch it and no other; without faults all pass."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from ansible_collections.rgwkit.ceph.plugins.module_utils.base.login import Login
from ansible_collections.rgwkit.ceph.plugins.module_utils.doctor.catalogue import PROBES, select
from ansible_collections.rgwkit.ceph.plugins.module_utils.doctor.report.text import summary
from ansible_collections.rgwkit.ceph.plugins.module_utils.doctor.runner import verify, wait_ready
from ansible_collections.rgwkit.ceph.plugins.module_utils.http.endpoint import Endpoint

from tests.faulty_gateway import FAULTS, FaultyGateway
from tests.faulty_gateway.fault import Fault
from tests.integration.gateway import Gateway
from tests.integration.rgw_verify.conftest import OF_KEYSTONE, PATIENCE, Run, words

# Verdicts for which a probe has waited as long as it may.
WAITED_OUT = {"timeout", "connection-desync"}


def expected(well: dict[str, str], caught_by: dict[str, str]) -> dict[str, str]:
    """All is well but what the fault is meant for, and what cannot be asked behind a closed gate."""
    # A gate that fails for HEAD alone stays open.
    shut = set() if "plain-object" in caught_by else set(caught_by)
    closed = [index for index, probe in enumerate(PROBES) if probe.gate and probe.name in shut]
    behind = {probe.name: "skipped" for probe in PROBES[closed[0] + 1 :]} if closed else {}
    return well | behind | caught_by


def test_a_healthy_gateway_passes_every_probe(gateway: Gateway, run: Run, well: dict[str, str]) -> None:
    report = run(gateway.url)
    assert words(report) == well, summary(report)
    assert (report.passed, report.leftover) == (True, None)


@pytest.mark.parametrize("tls", [False, True], ids=["plain", "tls"])
def test_a_proxy_without_faults_changes_nothing(
    gateway: Gateway, run: Run, well: dict[str, str], certificate: Path, tls: bool
) -> None:
    with FaultyGateway(gateway.host, gateway.port, certificate=certificate if tls else None) as proxy:
        report = run(proxy.url, ca_file=certificate)
    assert words(report) == well, summary(report.as_dict())
    assert proxy.injected == []
    assert len(proxy.requests) > 100


def test_every_probe_has_a_fault_that_it_catches() -> None:
    caught = {probe for fault in FAULTS.values() for probe in fault.caught_by}
    assert caught == {probe.name for probe in PROBES} - OF_KEYSTONE


@pytest.mark.parametrize("fault", FAULTS.values(), ids=lambda fault: fault.name)
def test_a_fault_fails_its_probes_and_no_other(
    gateway: Gateway, run: Run, well: dict[str, str], certificate: Path, fault: Fault
) -> None:
    seconds = 5 if WAITED_OUT & set(fault.caught_by.values()) else PATIENCE
    with FaultyGateway(gateway.host, gateway.port, fault.name, certificate=certificate if fault.tls else None) as proxy:
        report = run(proxy.url, ca_file=certificate, seconds=seconds)
    assert words(report) == expected(well, fault.caught_by), summary(report.as_dict())
    assert {name for name, _ in proxy.injected} == {fault.name}
    for verdict in report.verdicts:
        assert not verdict.failed or all((verdict.expected, verdict.got, verdict.cause, verdict.remedy))


def test_real_osds_with_the_demo_images_limit_fail_long_names(gateway: Gateway, run: Run) -> None:
    """No proxy: the setting itself. The OSD hears of it a moment later."""
    gateway.run("ceph", "config", "set", "osd", "osd_max_object_name_len", "256")
    try:
        until = time.monotonic() + 30
        while (report := run(gateway.url, "long-object-name")).passed and time.monotonic() < until:
            time.sleep(0.1)
    finally:
        gateway.run("ceph", "config", "rm", "osd", "osd_max_object_name_len")
    assert words(report) == {"auth": "ok", "long-object-name": "wrong-status"}
    assert report.verdicts[-1].got == "HTTP/1.1 400 Bad Request"
    while not run(gateway.url, "long-object-name").passed and time.monotonic() < until:
        time.sleep(0.1)


def test_the_old_fault_is_seen_by_no_plain_put_and_head(gateway: Gateway, run: Run) -> None:
    with FaultyGateway(gateway.host, gateway.port, "head-no-status-line") as proxy:
        plain = run(proxy.url, "plain-object")
        assert proxy.injected == []
        manifest = run(proxy.url, "head-empty-manifest")
        assert len(proxy.injected) == 1
    assert words(plain)["plain-object"] == "ok"
    verdict = manifest.verdicts[1]
    assert (verdict.verdict, verdict.got) == ("no-status-line", "first line 'Content-Length: 0'")
    assert "\n< Content-Length: 0\n< Date: " in verdict.evidence[-1]


def test_a_hanging_answer_takes_no_longer_than_the_probe_may(gateway: Gateway, run: Run) -> None:
    with FaultyGateway(gateway.host, gateway.port, "head-hangs") as proxy:
        report = run(proxy.url, "head-empty-manifest", seconds=5)
    assert (report.verdicts[1].verdict, report.leftover) == ("timeout", None)
    assert report.verdicts[1].seconds >= 5  # The proxy would never have answered.


@pytest.mark.parametrize(
    ("user", "secret", "got", "cause"),
    [
        ("demo:swift", "not-the-key", "HTTP/1.1 401 Unauthorized", "not the one that the gateway knows"),
        ("demo:nobody", "not-the-key", "HTTP/1.1 403 Forbidden", "knows no such swift user"),
        ("demo", "not-the-key", "HTTP/1.1 403 Forbidden", "knows no such swift user"),
    ],
)
def test_wrong_credentials_are_told_apart(gateway: Gateway, user: str, secret: str, got: str, cause: str) -> None:
    report = verify(Endpoint.parse(gateway.url), Login(user, secret), select([]), 5)
    assert words(report) == {"auth": "wrong-status", **{probe.name: "skipped" for probe in PROBES[1:]}}
    assert report.verdicts[0].got == got
    assert cause in report.verdicts[0].cause


def test_no_secret_is_in_the_evidence(gateway: Gateway, run: Run) -> None:
    report = run(gateway.url)
    text = "\n".join("\n".join(verdict.evidence) for verdict in report.verdicts)
    assert gateway.secret not in text
    assert "key-of-temp-urls" not in text
    assert "AUTH_rgwtk" not in text
    assert "X-Auth-Token: ***" in text


def test_a_ready_gateway_is_ready_at_once(gateway: Gateway) -> None:
    began = time.monotonic()
    assert wait_ready(Endpoint.parse(gateway.url), Login(gateway.user, gateway.secret), 30).ok
    assert time.monotonic() - began < 1
