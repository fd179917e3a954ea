# SPDX-License-Identifier: Apache-2.0
"""Records that radosgw-admin has made come back as they were: changed in one place, exported, removed, made again."""

from __future__ import annotations

import json
import shlex
import subprocess

import pytest
from ansible_collections.rgwkit.ceph.plugins.module_utils.base.errors import InputError
from ansible_collections.rgwkit.ceph.plugins.module_utils.base.secret import Marks
from ansible_collections.rgwkit.ceph.plugins.module_utils.base.text import from_bytes, json_text, to_bytes
from ansible_collections.rgwkit.ceph.plugins.module_utils.rgw.reconcile import reconcile
from ansible_collections.rgwkit.ceph.plugins.module_utils.rgw.user_export import export_users, write_files
from ansible_collections.rgwkit.ceph.plugins.module_utils.rgw.user_record import read_state
from ansible_collections.rgwkit.ceph.plugins.module_utils.rgw.user_report import report
from ansible_collections.rgwkit.ceph.plugins.module_utils.rgw.user_spec import parse_users
from hypothesis import HealthCheck, Phase, given, settings

from tests.integration.gateway import second_gateway
from tests.rgw_records import records, told


def radosgw_admin(gateway, *arguments, stdin=""):
    """Run it with arguments of any bytes: docker passes on those that it is given as UTF-8 only."""
    script = f"printf %s {shlex.quote(stdin)} | {shlex.join(['radosgw-admin', *arguments])}"
    command = ["docker", "exec", "--interactive", gateway.demo.container, "bash", "-s"]
    return subprocess.run(command, input=to_bytes(script), capture_output=True, check=False)


@pytest.fixture
def client(gateway):
    client = gateway.client(timeout=30)
    yield client
    client.close()


def apply(client, *entries):
    users = parse_users(entries, allow_weak=True)
    return report(reconcile(lambda: client, users, check_mode=False), Marks("m"))


def of_others(record):
    """What of a record is not for us to change."""
    return {name: value for name, value in record["data"].items() if name != "suspended"}


@settings(
    max_examples=15,
    derandomize=True,
    database=None,
    phases=[Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(data=records())
def test_a_record_comes_back(gateway, client, tmp_path_factory, data):
    uid = data["user_id"]
    tenant, _sign, name = uid.rpartition("$")
    document = json_text({"ver": {"tag": "made", "ver": 1}, "data": data})
    if radosgw_admin(gateway, "metadata", "put", f"user:{uid}", stdin=document).returncode:
        return  # nothing that it can make
    try:
        before = client.read_user(uid)
        # A second opinion on how the record is read.
        assert json.loads(from_bytes(radosgw_admin(gateway, "metadata", "get", f"user:{uid}").stdout)) == before
        changed(client, before, {"uid": name, "tenant": tenant, "suspended": not data["suspended"]})
        made_again(client, uid, str(tmp_path_factory.mktemp("secrets")))
    finally:
        client.remove_user(uid)


def changed(client, before, entry):
    uid = before["data"]["user_id"]
    try:
        assert apply(client, entry)["changed"]
    except InputError:
        assert client.read_user(uid) == before
        return
    after = client.read_user(uid)
    assert of_others(after) == of_others(before)
    assert bool(after["data"]["suspended"]) == entry["suspended"]


def made_again(client, uid, directory):
    before = client.read_user(uid)
    export = export_users([(uid, before)], directory)
    write_files(export.secrets)
    assert not apply(client, *export.entries)["changed"]
    assert client.read_user(uid) == before
    client.remove_user(uid)
    try:
        apply(client, *export.entries)
    except InputError:
        assert any("not made on another gateway" in note for note in export.notes)
        assert client.read_user(uid) is None
        return
    after = client.read_user(uid)
    if after is None:
        assert not export.entries and export.notes
        return
    old, new = read_state(before), read_state(after)
    assert new.keys() <= old.keys()
    for path, value in old.items():
        assert new.get(path) == value or any(told(path, note) for note in export.notes), (path, export.notes)
    owners = [{key["access_key"]: key["user"] for key in record["data"]["keys"]} for record in (before, after)]
    assert owners[1].items() <= owners[0].items()


def test_names_keep_their_bytes(gateway, module, uid):
    """radosgw-admin's own opinion of names with an emoji, and of names in ISO 8859-1."""
    radosgw_admin(gateway, "user", "create", f"--uid={uid}", "--display-name=Team \N{ROCKET}")
    radosgw_admin(gateway, "user", "create", f"--uid={uid}l", "--display-name=Z\udcfcrich")
    result = module({"uid": uid, "max_buckets": 7}, {"uid": f"{uid}l", "max_buckets": 7})
    assert [user["display_name"] for user in result["users"]] == ["Team \N{ROCKET}", r"Z\xfcrich"]
    for user, name in ((uid, "Team \N{ROCKET}".encode()), (f"{uid}l", b"Z\xfcrich")):
        info = radosgw_admin(gateway, "user", "info", f"--uid={user}").stdout
        assert b'"display_name": "' + name + b'"' in info and b'"max_buckets": 7' in info
    named = {"uid": uid, "display_name": "\N{PILE OF POO}\N{ROCKET}"}
    assert [module(named)["changed"], module(named)["changed"]] == [True, False]


@pytest.mark.parametrize("name", ["{uid} b", "{uid}/b", "{uid}-J\N{LATIN SMALL LETTER O WITH DIAERESIS}rg"])
def test_a_user_of_any_name_is_suspended_and_removed(gateway, module, uid, name):
    name = name.format(uid=uid)
    assert "the gateway has no such user" in module({"uid": name})["msg"]
    radosgw_admin(gateway, "user", "create", f"--uid={name}", "--display-name=X")
    assert module({"uid": name, "suspended": True})["changed"]
    assert gateway.record(name)["data"]["suspended"] == 1
    assert module({"uid": name, "state": "absent"})["changed"]
    assert not gateway.knows(name)


def test_a_subuser_without_access_and_a_key_of_another(gateway, module, uid):
    key = {"access_key": f"AK{uid}", "subuser": "ro", "secret": "s" * 20}
    entry = {
        "uid": uid,
        "subusers": [{"name": "ro", "access": "read"}, {"name": "no", "access": "none"}],
        "s3_keys": [key],
    }
    assert [module(entry)["changed"], module(entry)["changed"]] == [True, False]
    info = gateway.user_info(uid)
    assert {subuser["id"]: subuser["permissions"] for subuser in info["subusers"]} == {
        f"{uid}:ro": "read",
        f"{uid}:no": "<none>",
    }
    assert [key["user"] for key in info["keys"]] == [f"{uid}:ro"]
    assert module({"uid": uid, "s3_keys": [], "purge": True})["changed"]
    assert gateway.user_info(uid)["keys"] == []


def test_the_longest_address_can_be_removed_again(gateway, module, uid):
    address = "a" * (1024 - len("%40x.example")) + "@x.example"
    assert "too long" in module({"uid": uid, "email": "a" + address})["msg"]
    assert module({"uid": uid, "email": address})["changed"]
    assert radosgw_admin(gateway, "user", "rm", f"--uid={uid}").returncode == 0


def test_new_users_get_what_the_operator_has_set_for_them(gateway, module, uid):
    limits = {
        "rgw_user_max_buckets": "5",
        "rgw_user_default_quota_max_size": str(1 << 30),
        "rgw_bucket_default_quota_max_objects": "1000",
    }
    with second_gateway(gateway.demo, **limits) as url:
        entries = [{"uid": uid}, {"uid": f"{uid}m", "email": f"{uid}@x.org"}, {"uid": f"{uid}n", "max_buckets": 7}]
        result = module(*entries, endpoint=url, wait=60)
        as_new = {"uid": f"{uid}n", "max_buckets": None, "user_quota": None}
        again = [module(as_new, endpoint=url, wait=60)["changed"] for _ in range(2)]
    assert [user["max_buckets"] for user in result["users"]] == [5, 5, 7]
    assert again == [True, False]
    for name in (uid, f"{uid}m", f"{uid}n"):
        info = gateway.user_info(name)
        assert (info["max_buckets"], info["user_quota"]["max_size"]) == (5, 1 << 30)
        assert info["user_quota"]["enabled"] and info["bucket_quota"]["enabled"]
        assert info["bucket_quota"]["max_objects"] == 1000
    listed = json.loads(gateway.radosgw_admin("user", "list"))
    assert not [name for name in listed if name.startswith("rgwkit-new-user-")]
