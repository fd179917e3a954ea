# SPDX-License-Identifier: Apache-2.0
"""What follows from an inventory: names, addresses, certificates, and where the proof goes."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.rgwkit.ceph.plugins.module_utils.base.errors import InputError
from ansible_collections.rgwkit.ceph.plugins.module_utils.dns.derive import PublishedNames

ENDPOINT = "s3.example.com"
ROLE = {
    "state": "present",
    "zone": "example.com",
    "endpoint": ENDPOINT,
    "virtual_hosts": True,
    "addresses": [],
    "address_variable": "ansible_host",
    "registries": [],
    "names": [],
    "resolver": False,
}
TLS = {"certificate": "/tls.pem", "key": "/tls.key", "names": ["images.example.com", "192.0.2.30"]}
RGW = {"name": "rgw", "type": "rgw", "port": 8443, "tls": TLS}
REGISTRY = {"name": "registry", "type": "registry", "port": 5000, "tls": TLS}


def published(hosts: dict[str, Any] | None = None, groups: dict[str, list[str]] | None = None, **role: Any):
    hosts = {"g1": {"ansible_host": "192.0.2.21"}, "g2": {"ansible_host": "2001:db8::22"}, **(hosts or {})}
    return PublishedNames({**ROLE, **role}, hosts, {"rgws": ["g1", "g2"], **(groups or {})})


def addresses(names: PublishedNames) -> dict[str, list[str]]:
    return {one["name"]: one.get("addresses", []) for one in names.records}


def test_the_endpoint_and_its_wildcard_are_at_the_gateways():
    both = ["192.0.2.21", "2001:db8::22"]
    assert addresses(published()) == {ENDPOINT: both, f"*.{ENDPOINT}": both}
    assert addresses(published(virtual_hosts=False)) == {ENDPOINT: both}
    assert addresses(published(endpoint="")) == {}
    assert addresses(published(addresses=["192.0.2.9"]))[ENDPOINT] == ["192.0.2.9"]


def test_before_the_gateways_there_may_be_an_ingress_and_its_virtual_address():
    hosts = {"i1": {"ansible_host": "192.0.2.31", "rgw_ingress_services": [RGW]}, "i2": {"ansible_host": "192.0.2.32"}}
    groups = {"ingress": ["i1", "i2"]}
    assert addresses(published(hosts, groups))[ENDPOINT] == ["192.0.2.31"]
    hosts["i1"]["rgw_ingress_virtual_address"] = "192.0.2.30/24"
    assert addresses(published(hosts, groups))[ENDPOINT] == ["192.0.2.30"]
    hosts["i1"]["rgw_ingress_services"] = [REGISTRY]
    assert addresses(published(hosts, groups))[ENDPOINT] == ["192.0.2.21", "2001:db8::22"]


def test_registries_are_those_names_of_their_variables_that_are_in_the_zone():
    hosts = {
        "r1": {"ansible_host": "192.0.2.41", "registry_names": ["192.0.2.41", "one.example.com", "x.example.org"]},
        "r2": {"ansible_host": "192.0.2.42", "registry_names": ["two.example.com."]},
    }
    groups = {"registries": ["r1", "r2"]}
    names = published(hosts, groups)
    assert names.registries == ["one.example.com", "two.example.com"]
    named = published(hosts, groups, endpoint="", registries=["one.example.com", "all.example.com"])
    assert addresses(named) == {"one.example.com": ["192.0.2.41"], "all.example.com": ["192.0.2.41", "192.0.2.42"]}
    hosts["i1"] = {"ansible_host": "192.0.2.31", "rgw_ingress_services": [REGISTRY]}
    behind = published(hosts, {**groups, "ingress": ["i1"]}, endpoint="", registries=["images.example.com"])
    assert "images.example.com" in behind.registries and addresses(behind) == {"images.example.com": ["192.0.2.31"]}


def test_an_entry_of_one_s_own_takes_the_place_of_a_derived_one():
    own = {"name": f"{ENDPOINT}.", "target": "lb.example.net"}
    records = published(names=[own]).records
    assert [one["name"] for one in records] == [f"*.{ENDPOINT}", f"{ENDPOINT}."]
    gone = published(names=[own], state="absent").records
    assert gone == [{"name": f"*.{ENDPOINT}", "state": "absent"}, {"name": f"{ENDPOINT}.", "state": "absent"}]


def test_a_host_without_an_address_is_named():
    with pytest.raises(InputError, match=r"the host g1 has no address: its cluster_address is 'g1'.*Next: name"):
        _ = published(address_variable="cluster_address").records


def test_names_that_gateways_know():
    hosts = {
        "g1": {
            "rgw_gateway_options": {"rgw_dns_name": "a.example.com"},
            "rgw_gateway_instances": [{"options": {"rgw_dns_name": "b.example.com"}}, {"name": "y"}],
        },
        "g2": {"ceph_demo_environment": {"RGW_OPTIONS": '{"rgw_dns_name": "demo.example.com"}'}},
    }
    hosts["g1"]["rgw_gateway_options"]["rgw_dns_s3website_name"] = "www.example.com"
    assert published(hosts).gateway_names == {
        "names": ["a.example.com", "b.example.com", "demo.example.com"],
        "websites": ["www.example.com"],
    }


def test_certificates_that_clients_see():
    hosts = {
        "g1": {"rgw_gateway_instances": [{"name": "a", "port": 8443, "certificate": "/g.pem"}]},
        "g2": {"rgw_gateway_instances": [{"name": "a", "port": 8080}]},
        "r1": {"registry_tls_certificate_file": "/r.pem", "registry_tls_key_file": "/r.key", "registry_names": ["r.x"]},
    }
    seen = published(hosts, {"registries": ["r1"]}, registries=["images.example.com", "r.x"]).certificates
    assert [(one["host"], one["certificate"], one["key"], one["names"]) for one in seen] == [
        ("g1", "/g.pem", "/g.pem", [ENDPOINT, f"rgwkit-bucket.{ENDPOINT}"]),
        ("r1", "/r.pem", "/r.key", ["r.x"]),
    ]
    hosts["i1"] = {"rgw_ingress_services": [RGW, REGISTRY]}
    before = published(hosts, {"registries": ["r1"], "ingress": ["i1"]}, registries=["images.example.com"]).certificates
    assert [(one["host"], one["names"]) for one in before] == [
        ("i1", [ENDPOINT, f"rgwkit-bucket.{ENDPOINT}"]),
        ("i1", ["images.example.com"]),
    ]


@pytest.mark.parametrize(
    ("variables", "groups", "url"),
    [
        ({}, {}, f"http://{ENDPOINT}:8080"),
        ({"rgw_users_endpoint": "https://192.0.2.1"}, {}, f"https://{ENDPOINT}:443"),
        ({"rgw_gateway_instances": [{"port": 81, "certificate": "/x"}]}, {}, f"https://{ENDPOINT}:81"),
        ({"rgw_ingress_services": [RGW]}, {"ingress": ["g1"]}, f"https://{ENDPOINT}:8443"),
    ],
)
def test_the_url_of_the_endpoint(variables, groups, url):
    hosts = {"g1": {"ansible_host": "192.0.2.21", **variables}}
    assert published(hosts, groups).url == url
    assert published(hosts, groups, endpoint="").url == ""


def test_a_bucket_is_looked_for_at_each_address_or_where_the_resolver_says():
    assert published().proof_addresses == ["192.0.2.21", "2001:db8::22"]
    assert published(resolver="yes").proof_addresses == [""]
    assert published(names=[{"name": ENDPOINT, "target": "lb.example.net"}]).proof_addresses == [""]
    assert published(state="absent").proof_addresses == published(endpoint="").proof_addresses == []
