# SPDX-License-Identifier: Apache-2.0
"""What a configuration shows of the ways in which redirects break."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.rgwkit.ceph.plugins.module_utils.registry.config.schema_redirect import redirects_to_rgw
from ansible_collections.rgwkit.ceph.plugins.module_utils.registry.config.validator import validate

SWIFT = {
    "authurl": "https://gw.example/auth/v1",
    "secretkey": "key-of-the-account",
    "tempurlmethods": ["GET", "HEAD"],
    "tempurlcontainerkey": True,
}
S3 = {"regionendpoint": "https://gw.example", "region": "default", "bucket": "b"}


def places(driver: dict[str, Any], redirect: Any, **http: Any) -> list[str]:
    name = "swift" if "authurl" in driver else "s3"
    config = {"storage": {name: driver, "redirect": redirect}, "http": {"addr": ":5000", **http}}
    found = list(redirects_to_rgw(config, "2.8"))
    assert {one.severity for one in found} <= {"warning"}
    assert "key-of-the-account" not in str(found)
    return [str(one.place).rpartition(".")[2] for one in found]


@pytest.mark.parametrize("driver", [SWIFT, S3], ids=["swift", "s3"])
def test_nothing_is_found_where_redirects_can_work_or_are_off(driver: dict[str, Any]) -> None:
    assert places(driver, {"disable": False}) == []
    bad = {**driver, "authurl": "http://127.0.0.1/auth/v1"} if driver is SWIFT else {**driver, "regionendpoint": "x"}
    assert places(bad, {"disable": True}) == places(bad, None) == places(bad, {}) == []


@pytest.mark.parametrize(
    ("change", "place"),
    [
        ({"secretkey": ""}, "secretkey"),
        ({"tempurlmethods": []}, "tempurlmethods"),
        ({"tempurlmethods": ["GET"]}, "tempurlmethods"),
        ({"tempurlcontainerkey": False}, "tempurlcontainerkey"),
        ({"authurl": "https://127.0.0.1:8080/auth/v1"}, "authurl"),
    ],
)
def test_what_breaks_redirects_of_swift_is_found(change: dict[str, Any], place: str) -> None:
    assert places({**SWIFT, **change}, {"disable": False}) == [place]


@pytest.mark.parametrize("endpoint", ["https://localhost:8080", "https://[::1]", "https://gw.example/store/"])
def test_what_breaks_redirects_of_s3_is_found(endpoint: str) -> None:
    assert places({**S3, "regionendpoint": endpoint}, {"disable": False}) == ["regionendpoint"]


@pytest.mark.parametrize(
    ("endpoint", "auth", "found"),
    [
        ("https://hub.example:8080", True, ["regionendpoint"]),
        ("https://gw.hub.example", True, ["regionendpoint"]),
        ("https://hub.example:8080", False, []),
        ("https://github.example", True, []),
    ],
)
def test_a_gateway_that_would_get_the_registry_s_login_is_found(endpoint: str, auth: bool, found: list[str]) -> None:
    config = {
        "storage": {"s3": {**S3, "regionendpoint": endpoint}, "redirect": {"disable": False}},
        "http": {"addr": ":5000", "host": "https://hub.example:5000"},
        **({"auth": {"htpasswd": {}}} if auth else {}),
    }
    assert [str(one.place).rpartition(".")[2] for one in redirects_to_rgw(config, "2.8")] == found


def test_a_registry_on_loopback_may_send_its_clients_there() -> None:
    assert places({**SWIFT, "authurl": "http://127.0.0.1/auth/v1"}, {"disable": False}, addr="127.0.0.1:5000") == []


def test_a_registry_with_tls_sends_its_clients_to_no_plain_http() -> None:
    tls = {"tls": {"certificate": "/c", "key": "/k"}}
    assert places({**SWIFT, "authurl": "http://gw.example/auth/v1"}, {"disable": False}, **tls) == ["authurl"]
    assert places(SWIFT, {"disable": False}, **tls) == []


def test_the_linter_knows_the_rule() -> None:
    swift = {**SWIFT, "authversion": 1, "username": "a:b", "password": "p", "container": "registry", "secretkey": ""}
    config = {
        "version": "0.1",
        "storage": {"swift": swift, "redirect": {"disable": False}},
        "http": {"addr": ":5000", "secret": "s"},
    }
    assert [str(one.place) for one in validate(config, "2.8")] == ["storage.swift.secretkey"]
