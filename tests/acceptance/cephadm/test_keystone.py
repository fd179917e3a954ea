# SPDX-License-Identifier: Apache-2.0
"""Gateways of cephadm with users of a real Keystone, whose password the monitors' database has meanwhile.

A container of cephadm trusts what its image trusts, so Keystone is asked without TLS here.
"""

from __future__ import annotations

import os

import pytest
import requests

from tests.acceptance.cephadm.conftest import HOSTS
from tests.integration.keystone.account import new_account
from tests.keystone.service import running_keystone
from tests.playbooks import unchanged

FILE = "/root/keystone.password"


@pytest.fixture
def keystone(tmp_path):
    """In the network of the hosts."""
    network = os.environ.get("RGWKIT_CEPHADM", "rgwkit-cephadm")
    with running_keystone(tmp_path / "keystone", network=network) as keystone:
        yield keystone


def statuses(cephadm, token):
    """What the gateway of each host answers to a token."""
    urls = [f"http://{cephadm.run(host, 'hostname -I').split()[0]}:8080/swift/v1" for host in HOSTS]
    return [requests.get(url, headers={"X-Auth-Token": token}, timeout=60).status_code for url in urls]


def passwords(cephadm):
    """The sections of the monitors' database that have a password of Keystone, each with it."""
    dump = cephadm.ceph("config", "dump")
    return {one["section"]: one["value"] for one in dump if one["name"] == "rgw_keystone_admin_password"}


def test_the_password_goes_into_the_monitors_database_with_a_warning_and_away(cephadm, keystone, tmp_path):
    account = new_account(keystone, tmp_path, "admin")
    for host in HOSTS:
        cephadm.run(host, f"umask 077; printf %s '{account.person.password}' >{FILE}")
    given = {"user": account.person.user, "project": account.person.project, "password_file": FILE}
    given.update(url=keystone.url, allow_cleartext_secrets=True, accepted_roles=["member"])
    output = cephadm.play("gateway", "--diff", "-vvv", rgw_gateway_keystone=given)
    assert account.is_hidden(output)
    assert "mon allow r" in " ".join(output.split())
    password = account.person.password
    assert passwords(cephadm) == {f"client.rgw.{host}.a": password for host in HOSTS}
    assert statuses(cephadm, keystone.identity.token_of(keystone.identity.person("member"))) == [204, 204]
    assert statuses(cephadm, keystone.identity.token_of(keystone.identity.person("other"))) == [401, 401]
    assert unchanged(cephadm.play("gateway", rgw_gateway_keystone=given))

    cephadm.play("gateway")
    assert passwords(cephadm) == {}
    assert statuses(cephadm, keystone.identity.token_of(keystone.identity.person("member"))) == [401, 401]
    cephadm.play("gateway", rgw_gateway_state="absent", rgw_gateway_remove_data=True)
