# SPDX-License-Identifier: Apache-2.0
"""Buckets by their names at a real gateway, which knows its own name, another one, or none."""

from __future__ import annotations

import pytest
from ansible_collections.rgwkit.ceph.plugins.modules import rgw_virtual_host

from tests.dns.service import ZONE
from tests.integration.gateway import second_gateway

pytestmark = pytest.mark.long

NAME = f"s3.{ZONE}"


@pytest.fixture
def prove(gateway, run_module):
    """Run the module for a gateway; what Ansible would get, in which there is no secret."""

    def run(url: str, **options):
        host, _, port = url.removeprefix("http://").rpartition(":")
        given = {"address": host, "access_key": gateway.access_key, "secret_key_file": str(gateway.secret_file)}
        result = run_module(rgw_virtual_host, endpoint=f"http://{NAME}:{port}", **{**given, **options})
        assert gateway.secret not in result.pop("printed")
        return result

    return run


def buckets(gateway) -> str:
    return gateway.run("radosgw-admin", "bucket", "list", "--uid=demo")


def test_a_gateway_with_its_name(gateway, prove):
    with second_gateway(gateway, rgw_dns_name=NAME) as url:
        proven = prove(url)
    assert not proven["changed"] and proven["name"].endswith(f"-s3.{NAME}")
    assert "rgwkit-verify" not in buckets(gateway)


def test_a_gateway_without_a_name_lists_all_buckets(gateway, prove):
    with second_gateway(gateway) as url:
        refused = prove(url)
    assert refused["failed"] and "the gateway ignores the name" in refused["msg"]
    assert f"rgw_dns_name: {NAME}" in refused["msg"] and "rgwkit-verify" not in buckets(gateway)


def test_a_gateway_with_another_name_takes_the_endpoint_for_a_bucket(gateway, prove):
    with second_gateway(gateway, rgw_dns_name=f"other.{ZONE}") as url:
        refused = prove(url)
    assert refused["failed"] and f"Could not make a bucket at http://{NAME}" in refused["msg"]
    assert f"rgw_dns_name: {NAME}" in refused["msg"] and "rgwkit-verify" not in buckets(gateway)


def test_without_an_address_the_resolver_of_the_host_decides(prove):
    refused = prove("http://127.0.0.1:1", address=None)
    assert refused["failed"] and "does not resolve" in refused["msg"], refused["msg"]


def test_a_wrong_key(gateway, prove, tmp_path):
    file = tmp_path / "key"
    file.touch(mode=0o600)
    file.write_text("wrong-secret-of-nobody")
    with second_gateway(gateway, rgw_dns_name=NAME) as url:
        refused = prove(url, secret_key_file=str(file))
    assert refused["failed"] and "Check the access key" in refused["msg"] and "wrong-secret" not in str(refused)
