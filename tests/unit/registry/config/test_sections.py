# SPDX-License-Identifier: Apache-2.0
"""The configuration that follows from the role's variables: what is set, what is left out, and what lies on top."""

from __future__ import annotations

import pytest
from ansible_collections.rgwkit.ceph.plugins.module_utils.base.findings import ERROR
from ansible_collections.rgwkit.ceph.plugins.module_utils.registry.config.sections import merged, registry_sections
from ansible_collections.rgwkit.ceph.plugins.module_utils.registry.config.validator import validate

from tests.unit.registry.variables import DEFAULTS


def sections(collecting=False, **changes):
    return registry_sections({**DEFAULTS, **changes}, collecting)


@pytest.mark.parametrize("storage", ["swift", "s3", "filesystem", "inmemory"])
@pytest.mark.parametrize("version", ["2.8", "3.0"])
def test_what_is_built_suits_the_registry(storage, version):
    if (storage, version) == ("swift", "3.0"):
        pytest.skip("registry 3 has no swift driver")
    needed = {"s3_regionendpoint": "http://gw:8080", "s3_accesskey": "A", "s3_bucket": "b"}
    config = sections(storage=storage, version=version, **needed)
    # The secrets come by files, after this.
    missing = {"storage.swift.password", "storage.s3.secretkey"}
    errors = [one for one in validate(config, version) if one.severity == ERROR and one.place not in missing]
    assert errors == []


def test_sections_without_content_are_left_out():
    config = sections(redis={}, proxy={}, users=[], token={})
    assert not {"redis", "proxy", "auth", "notifications"} & set(config)
    assert sections(redis={"addr": "h:1"})["redis"] == {"addr": "h:1"}


def test_extra_lies_on_top_and_deeper_keys_beside():
    config = sections(extra={"http": {"prefix": "/hub/"}, "storage": {"delete": {"enabled": False}}})
    assert config["http"]["prefix"] == "/hub/" and config["http"]["draintimeout"] == "25s"
    assert config["storage"]["delete"] == {"enabled": False} and "swift" in config["storage"]


def test_users_go_before_a_token():
    users, token = [{"name": "ci"}], {"realm": "https://auth"}
    signed = sections(token=token, token_certificates_file="/signers.pem")["auth"]["token"]
    assert signed == {**token, "rootcertbundle": "/etc/docker/registry/token-certificates.pem"}
    assert sections(token=token)["auth"]["token"] == token
    assert sections(users=users, token=token)["auth"]["htpasswd"]["realm"] == "hub"
    assert sections(users=[], token=token)["auth"] == {"token": token}


@pytest.mark.parametrize(
    ("cache", "collecting", "blobs"), [("redis", False, "redis"), ("redis", True, None), ("inmemory", True, "inmemory")]
)
def test_a_shared_cache_is_left_alone_during_a_collection(cache, collecting, blobs):
    storage = sections(collecting, cache=cache)["storage"]
    assert storage.get("cache", {}).get("blobdescriptor") == blobs


def test_a_flag_may_be_a_string_as_with_extra_variables():
    storage = sections(delete="no", redirect="yes", readonly="True")["storage"]
    assert storage["delete"] == {"enabled": False} and storage["redirect"] == {"disable": False}
    assert storage["maintenance"]["readonly"] == {"enabled": True}


def test_a_registry_with_a_certificate_has_no_http2_unless_asked_for():
    config = sections(tls_certificate_file="/c.pem")
    assert config["http"]["tls"]["key"] == "/etc/docker/registry/key.pem"
    assert config["http"]["http2"] == {"disabled": True}
    asked = sections(tls_certificate_file="/c.pem", http={"http2": {"disabled": False}})
    assert asked["http"]["http2"] == {"disabled": False}


@pytest.mark.parametrize(
    ("address", "network", "listener"),
    [("127.0.0.1", "", "127.0.0.1:5001"), ("::1", "", "[::1]:5001"), ("127.0.0.1", "some", ":5000")],
)
def test_it_listens_where_it_is_reached(address, network, listener):
    assert sections(address=address, network=network, port=5001)["http"]["addr"] == listener


@pytest.mark.parametrize(("given", "said"), [(5242880, 5242880), ("5242880", 5242880), ("5M", "5M")])
def test_a_chunk_size_is_a_number_or_what_was_given(given, said):
    assert sections(swift_chunksize=given)["storage"]["swift"]["chunksize"] == said


def test_only_registry_3_is_told_to_address_by_path():
    assert "forcepathstyle" not in sections(storage="s3", version="2.8")["storage"]["s3"]
    assert sections(storage="s3", version="3.1")["storage"]["s3"]["forcepathstyle"] is True


def test_lists_and_scalars_are_replaced_and_nothing_given_is_changed():
    below, above = {"a": {"b": [1], "c": 1}}, {"a": {"b": [2]}}
    assert merged(below, above) == {"a": {"b": [2], "c": 1}}
    assert (below, above) == ({"a": {"b": [1], "c": 1}}, {"a": {"b": [2]}})


def test_a_user_of_keystone():
    swift = sections(swift_authurl="https://k:5000/v3", swift_keystone={"project": "p", "interface": "internal"})
    found = swift["storage"]["swift"]
    wanted = {"authversion": 3, "tenant": "p", "tenantdomain": "Default", "domain": "Default"}
    assert found.items() >= {**wanted, "endpointtype": "internal"}.items()
    assert sections()["storage"]["swift"]["authversion"] == 1


def test_a_trust_goes_without_a_project():
    found = sections(swift_keystone={"trust_id": "t", "project": None})["storage"]["swift"]
    assert found["trustid"] == "t" and not {"tenant", "tenantdomain"} & set(found)
