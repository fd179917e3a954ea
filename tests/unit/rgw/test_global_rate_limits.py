# SPDX-License-Identifier: Apache-2.0
"""Global rate limits: what an entry means, and what becomes of the others."""

from __future__ import annotations

import pytest
from ansible_collections.rgwkit.ceph.plugins.module_utils.base.errors import InputError
from ansible_collections.rgwkit.ceph.plugins.module_utils.rgw.global_rate_limits import first_plan, parse_limits


def test_a_limit_that_is_written_down_holds_and_null_is_none():
    assert parse_limits({"user": {"max_write_bytes": "1KiB"}}) == {"user": {"max_write_bytes": 1024, "enabled": True}}
    assert parse_limits({"user": {"max_read_ops": None}}) == {"user": {"max_read_ops": 0}}
    assert parse_limits({"bucket": None})["bucket"]["enabled"] is False
    assert parse_limits({"user": {"max_read_ops": 5, "enabled": False}})["user"]["enabled"] is False


def test_a_plan_names_what_changes():
    plan = first_plan(parse_limits({"anonymous": {"max_read_ops": 5}}))
    assert plan.scopes == ["anonymous"]
    assert sorted(plan.changes) == ["anonymous.enabled: false -> true", "anonymous.max_read_ops: 0 -> 5"]


def test_what_is_no_limit():
    with pytest.raises(InputError, match=r"bucket\.max_read_ops: "):
        parse_limits({"bucket": {"max_read_ops": -1}})
