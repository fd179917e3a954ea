# SPDX-License-Identifier: Apache-2.0
"""What a registry would meet at a real gateway, without a proxy: its storage URL, its segments and its container."""

from __future__ import annotations

from pathlib import Path
from typing import Iterator

import pytest
import requests
from ansible_collections.rgwkit.ceph.plugins.module_utils.base.login import Login
from ansible_collections.rgwkit.ceph.plugins.module_utils.doctor.catalogue import select
from ansible_collections.rgwkit.ceph.plugins.module_utils.doctor.runner import Report, verify
from ansible_collections.rgwkit.ceph.plugins.module_utils.doctor.session import RegistryUse
from ansible_collections.rgwkit.ceph.plugins.module_utils.http.endpoint import Endpoint

from tests.faulty_gateway import FaultyGateway
from tests.integration.gateway import Gateway, second_gateway
from tests.integration.rgw_verify.conftest import CONTAINER, Run, make_subuser, token_of, words

OTHER = Login("another:swift", "key-of-another-user")


def test_a_limit_of_the_gateway_is_met_by_a_segment(gateway: Gateway, run: Run) -> None:
    with second_gateway(gateway, rgw_max_put_size=str(1 << 20)) as url:
        report = run(url, "segment-size")
    assert words(report) == {"auth": "ok", "segment-size": "wrong-status"}
    assert "rgw_max_put_size is smaller" in report.verdicts[1].cause


@pytest.mark.parametrize(
    ("named", "word"),
    [
        ("http://127.0.0.1:1", "refused"),
        ("https://127.0.0.1:1", "refused"),
        ("http://swift.invalid", "refused"),
        ("swift.example.org", "bad-header"),
    ],
)
def test_an_rgw_swift_url_that_leads_nowhere_fails(gateway: Gateway, run: Run, named: str, word: str) -> None:
    with second_gateway(gateway, rgw_swift_url=named) as url:
        report = run(url, "storage-url", "plain-object")
    assert words(report) == {"auth": "ok", "storage-url": word, "plain-object": "ok"}
    assert "rgw_swift_url" in report.verdicts[1].remedy
    assert not report.passed


def test_an_rgw_swift_url_that_answers_elsewhere_is_a_warning(gateway: Gateway, run: Run) -> None:
    with second_gateway(gateway, rgw_swift_url=gateway.url) as url:
        report = run(url, "storage-url")
    assert words(report) == {"auth": "ok", "storage-url": "other-address"}
    assert (report.verdicts[1].severity, report.passed) == ("warning", True)


def test_https_elsewhere_is_asked_with_the_same_authorities(gateway: Gateway, run: Run, certificate: Path) -> None:
    with FaultyGateway(gateway.host, gateway.port, certificate=certificate) as proxy:  # noqa: SIM117 - proxy.url
        with second_gateway(gateway, rgw_swift_url=proxy.url) as url:
            trusted, untrusted = run(url, "storage-url", ca_file=certificate), run(url, "storage-url")
    assert words(trusted)["storage-url"] == "other-address"
    assert words(untrusted)["storage-url"] == "tls-error"
    assert "ca_file" in untrusted.verdicts[1].remedy


@pytest.fixture
def theirs(gateway: Gateway) -> Iterator[None]:
    """A user besides the demo's, and a container that is the demo user's."""
    make_subuser(gateway, OTHER, "full")
    container, token = f"{gateway.url}/swift/v1/{CONTAINER}", {"X-Auth-Token": token_of(gateway)}
    requests.put(container, headers=token, timeout=10).raise_for_status()
    yield
    requests.delete(container, headers=token, timeout=10).raise_for_status()
    gateway.run("radosgw-admin", "user", "rm", "--uid=another")


def look(gateway: Gateway, login: Login) -> Report:
    use = RegistryUse.of(CONTAINER, 1000)
    probes = select(["registry-container"])
    return verify(Endpoint.parse(gateway.url), Login(login.user, login.secret), probes, 10, registry=use)


@pytest.mark.usefixtures("theirs")
def test_a_container_of_another_user_is_told_from_ones_own(gateway: Gateway) -> None:
    assert words(look(gateway, Login(gateway.user, gateway.secret)))["registry-container"] == "ok"
    report = look(gateway, OTHER)
    assert words(report) == {"auth": "ok", "registry-container": "wrong-status"}
    assert report.verdicts[1].cause == f"The container {CONTAINER} belongs to another user of this gateway."


CAUSES = {
    "moved": "redirects to https://rgw.example.org/auth/v1",
    "no-backend": "no healthy backend",
    "s3-only": "(MinIO) that speaks S3 and no swift",
}


@pytest.mark.parametrize("fault", CAUSES)
def test_the_cause_is_who_has_answered(gateway: Gateway, run: Run, fault: str) -> None:
    with FaultyGateway(gateway.host, gateway.port, fault) as proxy:
        report = run(proxy.url, "auth")
    assert CAUSES[fault] in report.verdicts[0].cause


@pytest.mark.parametrize("fault", ["head-zero", "head-no-length"])
def test_a_broken_head_is_blamed_on_head(gateway: Gateway, run: Run, fault: str) -> None:
    with FaultyGateway(gateway.host, gateway.port, fault) as proxy:
        report = run(proxy.url)
    causes = {verdict.cause for verdict in report.verdicts if verdict.failed}
    assert [cause[:24] for cause in causes] == ["HEAD is answered wrongly"]


def test_the_token_does_not_go_from_https_to_another_host_by_http(
    gateway: Gateway, run: Run, certificate: Path
) -> None:
    with FaultyGateway(gateway.host, gateway.port, "storage-url-in-the-clear", certificate=certificate) as proxy:
        report = run(proxy.url, "storage-url", ca_file=certificate)
    verdict = report.verdicts[1]
    assert "where the token was not sent" in verdict.got
    assert (verdict.severity, verdict.evidence) == ("error", ())
