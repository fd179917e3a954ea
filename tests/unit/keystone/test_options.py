# SPDX-License-Identifier: Apache-2.0
"""A role's variable as options of Ceph, what contradicts them, and which releases have them."""

from __future__ import annotations

import pytest
from ansible_collections.rgwkit.ceph.plugins.module_utils.keystone.authorities import authority_mounts
from ansible_collections.rgwkit.ceph.plugins.module_utils.keystone.options import (
    conflicts,
    keystone_options,
    with_defaults,
)

GIVEN = {"url": "https://k.example.com:5000/v3/", "user": "rgw", "password_file": "/p"}


def test_options_of_a_gateway():
    assert keystone_options({**GIVEN, "accepted_roles": ["member", "s *"]}, "/data/keystone.secret") == {
        "rgw_keystone_url": "https://k.example.com:5000",
        "rgw_keystone_api_version": "3",
        "rgw_keystone_verify_ssl": "true",
        "rgw_keystone_admin_user": "rgw",
        "rgw_keystone_admin_password_path": "/data/keystone.secret",
        "rgw_keystone_admin_project": "service",
        "rgw_keystone_admin_domain": "Default",
        "rgw_keystone_accepted_roles": "member,s *",
        "rgw_keystone_implicit_tenants": "true",
        "rgw_keystone_token_cache_size": "10000",
        "rgw_s3_auth_use_keystone": "true",
        "rgw_swift_account_in_url": "false",
    }


@pytest.mark.parametrize(("given", "option"), [("none", "false"), ("both", "true"), ("s3", "s3"), ("swift", "swift")])
def test_tenants_by_protocol(given, option):
    assert keystone_options({**GIVEN, "implicit_tenants": given})["rgw_keystone_implicit_tenants"] == option


def test_without_keystone_there_is_nothing():
    assert keystone_options({}, "/data/keystone.secret") == with_defaults({}) == {}
    assert authority_mounts({}) == authority_mounts(GIVEN) == []


def test_without_a_file_the_password_comes_another_way():
    assert not [name for name in keystone_options(GIVEN) if "password" in name]


def test_roles_that_few_need_are_left_out_until_they_are_given():
    options = keystone_options({**GIVEN, "accepted_admin_roles": ["boss", "chief"]})
    assert options["rgw_keystone_accepted_admin_roles"] == "boss,chief"
    assert "rgw_keystone_accepted_admin_roles" not in keystone_options(GIVEN)


@pytest.mark.parametrize("value", [False, "false", "no", "0", 0])
@pytest.mark.parametrize("name", ["rgw_keystone_verify_ssl", "rgw keystone verify ssl", "RGW-keystone-verify-ssl"])
def test_verification_is_never_off(name, value):
    assert conflicts({}, {name: value}) == conflicts(GIVEN, {name: value}) == [name]


def test_what_contradicts_the_variable_is_named():
    others = {"rgw_keystone_url": "x", "rgw s3 auth use keystone": True, "rgw_keystone_barbican_user": "b", "rgw_x": 1}
    assert conflicts(GIVEN, others) == ["rgw s3 auth use keystone", "rgw_keystone_url"]
    assert conflicts({}, {**others, "rgw_keystone_verify_ssl": "true"}) == []


def test_a_container_gets_the_authorities_where_its_system_has_them():
    mounts = authority_mounts({"ca_file": "/ca.pem"})
    assert {(one["source"], one["read_only"]) for one in mounts} == {("/ca.pem", True)}
    assert [one["target"] for one in mounts] == [
        "/etc/ssl/certs/ca-certificates.crt",
        "/etc/pki/tls/certs/ca-bundle.crt",
    ]
