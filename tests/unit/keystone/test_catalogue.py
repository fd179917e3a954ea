# SPDX-License-Identifier: Apache-2.0
"""The catalogue's URLs, held against a gateway's own."""

from __future__ import annotations

import pytest
from ansible_collections.rgwkit.ceph.plugins.module_utils.keystone.catalogue import Gateway, compare, swift_path
from ansible_collections.rgwkit.ceph.plugins.module_utils.keystone.token import Service

GATEWAY = Gateway(["https://objects.example.com", "http://10.0.0.1:8080/"], False)


def found(url: str, gateway: Gateway = GATEWAY, region: str = "") -> list[str]:
    catalogue = [Service("identity", "k", "public", "r", "x"), Service("object-store", "swift", "public", "r", url)]
    return [one.what for one in compare(catalogue, region, gateway, "p1")]


@pytest.mark.parametrize(
    "url",
    [
        "https://objects.example.com/swift/v1",
        "https://objects.example.com:443/swift/v1/",
        "https://OBJECTS.example.com/swift/v1",
        "http://10.0.0.1:8080/swift/v1",
    ],
)
def test_a_url_of_one_of_the_gateways_is_right(url):
    assert found(url) == []


@pytest.mark.parametrize(
    ("url", "difference"),
    [
        ("https://objects.example.com:8443/swift/v1", "another port"),
        ("http://objects.example.com/swift/v1", "another scheme and port"),
        ("http://10.0.0.2:8080/swift/v1", "another host"),
        ("https://objects.example.com/v1", "another path"),
        ("https://objects.example.com/swift/v1/AUTH_p1", "another path"),
        ("https://objects.example.com:x/swift/v1", "another port"),
    ],
)
def test_what_differs_is_said(url, difference):
    (what,) = found(url)
    assert what.startswith(f"the catalogue's public URL of the service swift in region r is {url}, and the gateway is")
    assert what.endswith(difference)


def test_other_regions_are_others():
    assert found("http://elsewhere/", region="s") == []
    assert len(found("http://elsewhere/", region="r")) == 1


@pytest.mark.parametrize(
    ("account", "prefix", "path"),
    [
        (False, "swift", "/swift/v1"),
        (True, "swift", "/swift/v1/AUTH_p1"),
        (True, "/", "/v1/AUTH_p1"),
        (False, "/object/", "/object/v1"),
    ],
)
def test_paths(account, prefix, path):
    assert swift_path(Gateway([], account, prefix), "p1") == path
