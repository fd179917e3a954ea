# SPDX-License-Identifier: Apache-2.0
"""What YAML has made of values is seen before it becomes somebody's name."""

from __future__ import annotations

import datetime

import pytest
from ansible_collections.rgwkit.ceph.plugins.module_utils.base.given_types import mistaken_type
from ansible_collections.rgwkit.ceph.plugins.modules import (
    registry_htpasswd,
    rgw_admin_user,
    rgw_users,
    rgw_users_export,
    rgw_users_info,
)

from tests.unit.rgw.gateway_double import running_gateway

CANARY = "canary-9f31c7"
QUOTES = "put the value in quotes"
ADMIN = {"endpoint": "http://127.0.0.1:1", "access_key": "A", "secret_key": CANARY, "wait": 0}


@pytest.mark.parametrize(
    ("entry", "place", "says"),
    [
        ({"uid": False}, "users[0].uid", QUOTES),
        ({"uid": 83}, "users[0].uid", QUOTES),
        ({"uid": 1000.0}, "users[0].uid", QUOTES),
        ({"uid": ["u"]}, "users[0].uid", "a list, and it has to be text"),
        ({"uid": "u", "tenant": False}, "users[0].tenant", QUOTES),
        ({"uid": "u", "display_name": True}, "users[0].display_name", QUOTES),
        ({"uid": "u", "placement_tags": ["a", 7]}, "users[0].placement_tags[1]", QUOTES),
        ({"uid": "u", "subusers": [{"name": False}]}, "users[0].subusers[0].name", QUOTES),
        ({"uid": "u", "subusers": [{"name": "s", "secret": 4711471147114711}]}, "users[0].subusers[0].secret", QUOTES),
        ({"uid": "u", "keys": [{"access_key": 123}]}, "users[0].keys[0].access_key", QUOTES),
        ({"uid": "u", "keys": [{"access_key": "A", "secret_file": True}]}, "users[0].keys[0].secret_file", QUOTES),
        ({"uid": "u", "state": "gone"}, "users[0].state", "it has to be one of present, absent, not 'gone'"),
        ({"uid": "u", "max_buckets": True}, "users[0].max_buckets", "it has to be a number"),
        ({"uid": "u", "user_quota": [1]}, "users[0].user_quota", "a list, and it has to be a mapping"),
        ({"uid": "u", "user_quota": {"max_size": True}}, "users[0].user_quota.max_size", QUOTES),
        ({"uid": "u", "user_quota": 5}, "users[0].user_quota", "a single value, and it has to be a mapping"),
        ({"uid": "u", "user_quota": "10GiB"}, "users[0].user_quota", "a single value, and it has to be a mapping"),
        ({"uid": "u", "subusers": ["swift"]}, "users[0].subusers[0]", "a single value, and it has to be a mapping"),
        ({"uid": "u", "subusers": 5}, "users[0].subusers[0]", "a single value, and it has to be a mapping"),
        ({"uid": "u", "placement_tags": [None]}, "users[0].placement_tags[0]", "there is nothing"),
        ({"uid": "u", "rate_limit": ["a"]}, "users[0].rate_limit", "a list, and it has to be a mapping"),
        ({"uid": "u", "caps": ["usage=read"]}, "users[0].caps", "a list, and it has to be a mapping"),
        ({"uid": "u", "subusers": {"name": "s"}}, "users[0].subusers", "a mapping, and it has to be a list"),
    ],
)
def test_users(run_module, entry, place, says):
    result = run_module(rgw_users, users=[entry], **ADMIN)
    assert result["failed"]
    assert result["msg"].startswith(f"{place}: ") and says in result["msg"]
    for secret in (CANARY, "4711471147114711"):
        assert secret not in result["printed"]


@pytest.mark.parametrize(
    ("module", "options", "place"),
    [
        (rgw_users, {**ADMIN, "users": [], "access_key": 123}, "access_key"),
        (rgw_users_info, {**ADMIN, "uids": ["u", False]}, "uids[1]"),
        (rgw_users_info, {**ADMIN, "uids": 7}, "uids[0]"),
        (rgw_users_export, {**ADMIN, "secret_directory": "/nowhere", "uids": ["u", False]}, "uids[1]"),
        (rgw_admin_user, {"uid": True, "access_key": "A", "secret_file": "/nowhere"}, "uid"),
        (registry_htpasswd, {"path": "/f", "users": [{"name": False, "password_file": "/p"}]}, "users[0].name"),
        (registry_htpasswd, {"path": "/f", "users": [{"name": "u", "password_file": 5}]}, "users[0].password_file"),
    ],
)
def test_other_modules(run_module, module, options, place):
    result = run_module(module, **options)
    assert result["msg"].startswith(f"{place}: ") and QUOTES in result["msg"]
    assert CANARY not in result["printed"]


def test_a_date():
    """A controller may keep it one on the way here."""
    spec = {"name": {"type": "str"}}
    assert "a date" in mistaken_type(spec, {"name": datetime.date(2026, 1, 2)})
    assert mistaken_type(spec, {"name": "2026-01-02"}) == ""


def test_what_is_meant_passes(run_module):
    with running_gateway() as gateway:
        entry = {
            "uid": "u",
            "tenant": None,
            "suspended": "yes",  # as -e gives it
            "max_buckets": "7",
            "user_quota": {"max_size": 1024, "max_objects": "5", "enabled": "true"},
            "subusers": [{"name": "123", "access": "read"}],
            "keys": None,
        }
        result = run_module(rgw_users, users=[entry], **{**ADMIN, "endpoint": gateway.endpoint})
        assert result["changed"], result
        assert gateway.data("u")["user_quota"]["max_size"] == 1024


@pytest.mark.parametrize(
    "option", [{"timeout": float("inf")}, {"timeout": 1e300}, {"wait": float("nan")}, {"wait": 1e12}]
)
def test_seconds_that_no_clock_has(run_module, option):
    result = run_module(rgw_users, **{**ADMIN, "users": [{"uid": "u"}], **option})
    assert "86400 at most" in result["msg"]
