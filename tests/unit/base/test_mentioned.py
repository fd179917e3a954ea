# SPDX-License-Identifier: Apache-2.0
"""Null and nothing, told apart again."""

from __future__ import annotations

import pytest
from ansible_collections.rgwkit.ceph.plugins.module_utils.base.mentioned import mentioned


@pytest.mark.parametrize(
    "given, expected",
    [
        ({"uid": "u"}, {"uid": "u", "purge": False}),
        ({"uid": "u", "email": None}, {"uid": "u", "purge": False, "email": None}),
        ({"uid": "u", "quota": {"a": None}}, {"uid": "u", "purge": False, "quota": {"a": None}}),
        ({"uid": "u", "quota": None}, {"uid": "u", "purge": False, "quota": None}),
        ('{"uid": "u"}', {"uid": "u", "purge": False}),  # text that Ansible took for a dict
    ],
)
def test_mentioned(given, expected):
    """What AnsibleModule fills in as None is taken out again."""
    quota = given.get("quota", None) if isinstance(given, dict) else None
    filled = {"uid": "u", "purge": False, "email": None, "quota": quota and {"a": None, "b": None}}
    assert mentioned([filled], [given]) == [expected]
