# SPDX-License-Identifier: Apache-2.0
"""An account's record: what is read from it, and what a change leaves alone."""

from __future__ import annotations

import re

import pytest
from ansible_collections.rgwkit.ceph.plugins.module_utils.base.errors import InputError
from ansible_collections.rgwkit.ceph.plugins.module_utils.rgw.accounts.record import (
    new_document,
    new_id,
    read_state,
    with_changes,
)

QUOTA = {"enabled": False, "check_on_raw": False, "max_size": -1024, "max_size_kb": 0, "max_objects": -1}


def record():
    """As Ceph 20.2.4 gives one."""
    data = {
        "id": "RGW00000000000000001",
        "tenant": "",
        "name": "acme",
        "email": "a@acme.org",
        "quota": dict(QUOTA),
        "bucket_quota": dict(QUOTA),
        "max_users": 7,
        "max_roles": 8,
        "max_groups": 9,
        "max_buckets": 5,
        "max_access_keys": 2,
        "attrs": [{"key": "user.rgw.other", "val": "e30="}],
    }
    return {"key": "account:RGW1", "ver": {"tag": "_N5", "ver": 4}, "mtime": "2026-11-30T10:46:50Z", "data": data}


def test_a_mark_comes_beside_other_attributes_and_is_read_again():
    assert read_state(record())["home",] == ""
    marked = with_changes(record(), {("home",): "production/ä"})
    assert read_state(marked)["home",] == "production/ä"
    assert {"key": "user.rgw.other", "val": "e30="} in marked["data"]["attrs"]
    again = with_changes(marked, {("home",): "other"})
    assert read_state(again)["home",] == "other" and len(again["data"]["attrs"]) == 2


def test_a_change_leaves_the_rest_alone():
    changed = with_changes(record(), {("max_users",): 1, ("quota", "max_size"): 5})["data"]
    assert changed["quota"] == {**QUOTA, "max_size": 5}
    assert {**changed, "max_users": 7, "quota": QUOTA} == record()["data"]


def test_negative_sizes_are_no_limit():
    assert read_state(record())["quota", "max_size"] == -1


def test_a_new_record_has_limits_that_are_written_down():
    """Left out, the gateway reads 0."""
    state = read_state(new_document("RGW00000000000000001", "acme", ""))
    assert (state["max_users",], state["max_access_keys",], state["quota", "enabled"]) == (1000, 4, False)


def test_ids():
    assert re.fullmatch("RGW[0-9]{17}", new_id()) and new_id() != new_id()


@pytest.mark.parametrize(
    "odd", [{"name": None}, {}, {"data": {"name": "a"}}, {"data": {**record()["data"], "quota": 5}}]
)
def test_an_unknown_form_is_one_error(odd):
    with pytest.raises(InputError, match="in a form that this toolkit does not know"):
        read_state(odd)
