# SPDX-License-Identifier: Apache-2.0
"""Accounts that come before users, and accounts that go after them."""

from __future__ import annotations

from ansible_collections.rgwkit.ceph.plugins.module_utils.rgw.accounts.by_state import accounts_by_state


def test_accounts_are_split_in_their_order():
    accounts = [{"name": "a"}, {"name": "b", "state": "absent"}, {"name": "c", "tenant": "t", "state": "present"}]
    split = accounts_by_state(accounts)
    assert (split["present"], split["absent"]) == ([accounts[0], accounts[2]], [accounts[1]])
    assert split["names"] == ["a", "t$c"]
