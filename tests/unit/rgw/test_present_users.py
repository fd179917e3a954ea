# SPDX-License-Identifier: Apache-2.0
"""Which users are there after a run of rgw_users."""

from __future__ import annotations

from ansible_collections.rgwkit.ceph.plugins.module_utils.rgw.present_users import present_users


def test_users_are_named_as_the_gateway_knows_them():
    users = [
        {"uid": "a", "tenant": "", "state": "present"},
        {"uid": "b", "tenant": "t", "state": "present"},
        {"uid": "c", "tenant": "", "state": "absent"},
    ]
    assert present_users(users) == ["a", "t$b"]
