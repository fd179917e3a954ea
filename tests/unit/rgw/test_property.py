# SPDX-License-Identifier: Apache-2.0
"""Any record that radosgw-admin can make comes back as it was, or what does not is named before anything is written."""

from __future__ import annotations

import copy
import json
import tempfile

import pytest
from ansible_collections.rgwkit.ceph.plugins.module_utils.base.errors import InputError
from ansible_collections.rgwkit.ceph.plugins.module_utils.base.login import Login
from ansible_collections.rgwkit.ceph.plugins.module_utils.base.secret import Marks
from ansible_collections.rgwkit.ceph.plugins.module_utils.rgw.admin_api import AdminClient
from ansible_collections.rgwkit.ceph.plugins.module_utils.rgw.reconcile import reconcile
from ansible_collections.rgwkit.ceph.plugins.module_utils.rgw.user_export import export_users, write_files
from ansible_collections.rgwkit.ceph.plugins.module_utils.rgw.user_record import read_state
from ansible_collections.rgwkit.ceph.plugins.module_utils.rgw.user_report import report
from ansible_collections.rgwkit.ceph.plugins.module_utils.rgw.user_spec import parse_users
from hypothesis import given, settings

from tests.rgw_records import records, told
from tests.unit.rgw.gateway_double import running_gateway


@pytest.fixture(scope="module")
def gateways():
    with running_gateway() as first, running_gateway() as second:
        yield first, second


def apply(gateway, entries):
    client = AdminClient(gateway.endpoint, Login("A", "S" * 16), wait=0)
    try:
        result = report(reconcile(lambda: client, parse_users(entries, allow_weak=True), check_mode=False), Marks("m"))
    finally:
        client.close()
    json.dumps(result, ensure_ascii=False).encode()  # what Ansible has to be able to print
    return result


def fresh(gateway, *documents):
    """A gateway with these records alone, on which nobody has asked anything."""
    gateway.users = {data["user_id"]: document(data) for data in copy.deepcopy(documents)}
    gateway.requests.clear()


def document(data):
    return {"key": f"user:{data['user_id']}", "ver": {"tag": "t", "ver": 1}, "data": data}


@settings(max_examples=60)
@given(records())
def test_a_change_leaves_everything_else_as_it_was(gateways, data):
    gateway, _ = gateways
    fresh(gateway, data)
    tenant, _sign, uid = data["user_id"].rpartition("$")
    wanted = {"uid": uid, "tenant": tenant, "suspended": not data["suspended"]}
    try:
        assert apply(gateway, [wanted])["changed"]
    except InputError:
        assert "PUT" not in gateway.methods()
        assert gateway.users == {data["user_id"]: document(data)}
        return
    assert gateway.data(data["user_id"]) == {**data, "suspended": int(not data["suspended"])}
    assert not apply(gateway, [wanted])["changed"]


@settings(max_examples=60)
@given(records())
def test_an_export_changes_nothing_where_it_was_made_and_elsewhere_makes_the_same_or_names_what_it_does_not(
    gateways, data
):
    here, there = gateways
    fresh(here, data)
    fresh(there)
    with tempfile.TemporaryDirectory() as directory:
        export = export_users([(data["user_id"], document(data))], directory)
        json.dumps(export.entries, ensure_ascii=False).encode()
        write_files(export.secrets)
        assert export.entries or export.notes
        assert not apply(here, export.entries)["changed"]
        assert here.users == {data["user_id"]: document(data)}
        try:
            apply(there, export.entries)
        except InputError:
            assert "PUT" not in there.methods()
            assert any("not made on another gateway" in note for note in export.notes)
            return
    if not export.entries:
        return
    before, after = read_state(document(data)), read_state(there.users[data["user_id"]])
    assert after.keys() <= before.keys()
    for path, value in before.items():
        if after.get(path) != value:
            assert any(told(path, note) for note in export.notes), (path, export.notes)
    owners = [
        {key["access_key"]: key["user"] for key in side.get("keys", [])} for side in (data, there.data(data["user_id"]))
    ]
    assert owners[1].items() <= owners[0].items()
