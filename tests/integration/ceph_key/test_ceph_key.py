# SPDX-License-Identifier: Apache-2.0
"""cephx keys on a real monitor, and a gateway that runs on the least caps."""

from __future__ import annotations

import json
import time
from contextlib import suppress

import pytest
from ansible_collections.rgwkit.ceph.plugins.modules import ceph_entity_info, ceph_key

from tests.integration.rgw_users.helpers import SwiftSession, swift_request

NAME = "client.rgw.test"
# What the role rgw_gateway gives.
CAPS = {"mon": "allow rw", "osd": "allow rwx tag rgw *=*", "mgr": "allow rw"}


@pytest.fixture
def key(run_module, gateway):
    """Runs the module for one key; the key itself is in nothing that it prints."""

    def run(check=False, **entry):
        result = run_module(
            ceph_key, check, via="container", container=gateway.container, keys=[{"name": NAME, **entry}]
        )
        assert not [secret for secret in secrets(gateway) if secret in result["printed"]]
        return result

    yield run
    gateway.run("ceph", "auth", "del", NAME)


def secrets(gateway) -> list[str]:
    entries = json.loads(gateway.run("ceph", "auth", "ls", "--format", "json"))["auth_dump"]
    return [entry["key"] for entry in entries]


def stored(gateway) -> dict:
    (entry,) = json.loads(gateway.run("ceph", "auth", "get", NAME, "--format", "json"))
    return entry


def test_create_again_change_check_absent_again(key, gateway, tmp_path):
    file = tmp_path / "keyring"
    made = {"caps": CAPS, "keyring_file": str(file)}
    assert key(check=True, **made)["changed"]
    assert not file.exists() and NAME not in gateway.run("ceph", "auth", "ls")
    assert key(**made)["entities"][0]["changes"] == ["key made", f"keyring file '{file}' made"]
    assert (stored(gateway)["caps"], file.stat().st_mode & 0o777) == (CAPS, 0o600)
    assert not key(**made)["changed"]

    less = {"mon": "allow r", "osd": CAPS["osd"]}
    changes = ['caps.mgr: "allow rw" -> null', 'caps.mon: "allow rw" -> "allow r"']
    assert key(check=True, **{**made, "caps": less})["entities"][0]["changes"] == changes
    assert stored(gateway)["caps"] == CAPS
    first = stored(gateway)["key"]
    result = key(**{**made, "caps": less})
    assert result["entities"][0]["changes"] == changes
    assert '"mon": "allow rw"' in result["diff"]["before"] and '"mon": "allow r"' in result["diff"]["after"]
    assert stored(gateway) == {"entity": NAME, "key": first, "caps": less}

    gone = {"state": "absent", "keyring_file": str(file)}
    assert key(**gone)["entities"][0]["changes"] == ["key removed", f"keyring file '{file}' removed"]
    assert not file.exists()
    assert not key(**gone)["changed"]


def test_a_file_with_the_key_of_another_cluster_is_replaced(key, gateway, tmp_path):
    file = tmp_path / "keyring"
    file.write_text(f"[{NAME}]\n\tkey = AQAAAAAAAAAAABAAAAAAAAAAAAAAAAAAAAAAAA==\n")
    result = key(caps=CAPS, keyring_file=str(file))
    assert result["entities"][0]["changes"][1] == f"keyring file '{file}' replaced: it had another key"
    assert stored(gateway)["key"] in file.read_text()
    file.chmod(0o644)
    assert key(caps=CAPS, keyring_file=str(file))["entities"][0]["changes"] == [
        f"keyring file '{file}': mode 0644 -> 0600"
    ]


@pytest.mark.parametrize(
    ("entry", "said"),
    [
        ({"caps": {"mon": "allow everything"}}, "Could not make key 'client.rgw.test' by docker exec --interactive"),
        ({"caps": {"mon": "allow everything"}}, "Write the caps as `ceph auth caps` wants them"),
        ({"caps": {"rgw": "allow r"}}, "caps of client.rgw.test name rgw; services are mon, osd, mgr, mds."),
        ({}, "client.rgw.test has no caps"),
        ({"name": "client.admin", "state": "absent"}, "it is not managed here"),
        ({"name": "gateway1", "caps": CAPS}, "'gateway1' is not the name of a key"),
        ({"caps": CAPS, "keyring_file": "/nowhere/keyring"}, "Could not write keyring file '/nowhere/keyring'"),
    ],
)
def test_what_is_refused_says_why(key, entry, said):
    result = key(**entry)
    assert result["failed"] and said in result["msg"]


def test_a_gateway_runs_on_these_caps_and_reaches_no_other_pool(key, gateway):
    key(caps=CAPS)
    gateway.run("sh", "-c", f"umask 077; ceph auth get {NAME} -o /tmp/keyring")
    as_gateway = f"--name {NAME} --keyring /tmp/keyring"
    gateway.run("sh", "-c", f"radosgw -f {as_gateway} --rgw-frontends='beast port=8091' >/tmp/log 2>&1 &")
    url = f"http://{gateway.run('hostname', '-i').split()[0]}:8091"
    login = {"X-Auth-User": gateway.user, "X-Auth-Key": gateway.secret}
    until = time.monotonic() + 30
    while True:
        with suppress(OSError):
            status, answer = swift_request("GET", f"{url}/auth/v1.0", login)
            break
        assert time.monotonic() < until, gateway.run("cat", "/tmp/log")
        time.sleep(0.2)
    assert status == 204
    session = SwiftSession(answer["X-Storage-Url"], answer["X-Auth-Token"])
    assert [session("PUT", "/keys"), session("PUT", "/keys/o", b"content"), session("HEAD", "/keys/o")] == [
        201,
        201,
        200,
    ]

    gateway.run("sh", "-c", "ceph osd pool create other 1 && ceph osd pool application enable other rbd")
    refused = gateway.run("sh", "-c", f"rados {as_gateway} --pool other put o /etc/hostname 2>&1 || true")
    assert "Operation not permitted" in refused


def test_many_entities_are_read_at_once_without_a_secret(run_module, key, gateway):
    key(caps=CAPS)
    gateway.run("ceph", "config", "set", NAME, "rgw_zone", "default")
    gateway.run("ceph", "config", "set", NAME, "rgw_keystone_admin_password", "canary-of-an-option")

    def read():
        return run_module(ceph_entity_info, via="container", container=gateway.container, prefix="client.rgw.")

    def found(result):
        return {entity["name"]: entity for entity in result["entities"]}

    first = read()
    entity = found(first)[NAME]
    assert entity["caps"] == CAPS and all(name.startswith("client.rgw.") for name in found(first))
    assert (entity["options"]["rgw_zone"], set(entity["options"])) == (
        "default",
        {"rgw_zone", "rgw_keystone_admin_password"},
    )
    assert not [secret for secret in [*secrets(gateway), "canary-of-an-option"] if secret in first["printed"]]
    key(state="absent")
    assert NAME not in found(read())
    digest = key(caps=CAPS)["entities"][0]["key_digest"]
    again = found(read())[NAME]
    assert again["key_digest"] == digest
    assert again["key_digest"] != entity["key_digest"] and again["caps"] == CAPS
    for name in entity["options"]:
        gateway.run("ceph", "config", "rm", NAME, name)
