# SPDX-License-Identifier: Apache-2.0
"""Limits that the gateway holds users to, and what its release or zone does not have."""

from __future__ import annotations

import hashlib
import hmac
import json
import time

import pytest

from tests.integration.rgw_users.helpers import CANARY, swift_request


@pytest.fixture
def session(gateway, module, uid):
    """Log in as the user's subuser, which is made with these options."""

    def make(**options):
        module({"uid": uid, "subusers": [{"name": "swift", "access": "full", "secret": CANARY}], **options})
        return gateway.swift_login(f"{uid}:swift", CANARY)[1]

    return make


def test_quota_holds(session, uid):
    put = session(bucket_quota={"max_size": "8KiB"})  # the gateway counts in steps of 4 KiB
    assert put("PUT", f"/{uid}") == 201
    assert put("PUT", f"/{uid}/small", b"x" * 100) == 201
    assert put("PUT", f"/{uid}/large", b"x" * 9000) == 413


def test_op_mask_holds(session, uid):
    put = session(op_mask=["read"])
    assert put("PUT", f"/{uid}") in (401, 403)


def test_temp_url_key_signs(gateway, module, session, uid):
    put = session(temp_url_keys=[{"index": 1, "secret": CANARY}])
    # Containers of all accounts share a namespace where the account is not in the URL.
    path = f"/v1/{uid}/object"
    assert [put("PUT", f"/{uid}"), put("PUT", f"/{uid}/object", b"data")] == [201, 201]

    def get():
        expires = int(time.time()) + 60
        signature = hmac.new(CANARY.encode(), f"GET\n{expires}\n{path}".encode(), hashlib.sha1).hexdigest()
        query = f"temp_url_sig={signature}&temp_url_expires={expires}"
        return swift_request("GET", f"{gateway.demo.url}/swift{path}?{query}", {})[0]

    assert get() == 200
    module({"uid": uid, "temp_url_keys": [{"index": 1, "state": "absent"}]})
    assert get() in (401, 403)


def limits_of(gateway, uid):
    command = ("ratelimit", "get", "--ratelimit-scope=user", f"--uid={uid}")
    return json.loads(gateway.radosgw_admin(*command))["user_ratelimit"]


def test_rate_limit(gateway, release, module, uid):
    first = {"uid": uid, "rate_limit": {"max_read_ops": 100, "max_write_bytes": "4KiB"}}
    if release < 17:
        result = module({"uid": f"{uid}b"}, first)
        assert result["msg"].startswith(f"users[1] (uid '{uid}'): rate_limit: needs Ceph 17")
        assert not gateway.knows(f"{uid}b")
        assert not gateway.knows(uid)
        assert module({"uid": uid, "rate_limit": None})["changed"]
        return
    assert module(first, check=True)["changed"]
    assert module(first)["changed"]
    assert not module(first)["changed"]
    expected = {"max_read_ops": 100, "max_write_ops": 0, "max_read_bytes": 0, "max_write_bytes": 4096, "enabled": True}
    assert limits_of(gateway, uid).items() >= expected.items()
    # radosgw-admin's own changes are seen, and kept when something else changes.
    gateway.radosgw_admin("ratelimit", "set", "--ratelimit-scope=user", f"--uid={uid}", "--max-write-ops=9")
    assert module(first)["users"][0]["rate_limit"]["max_write_ops"] == 9
    second = {"uid": uid, "rate_limit": {"max_read_ops": None, "enabled": False}, "max_buckets": 3}
    assert module(second)["changed"]
    assert not module(second)["changed"]
    changed = {"max_read_ops": 0, "max_write_ops": 9, "max_write_bytes": 4096, "enabled": False}
    assert limits_of(gateway, uid).items() >= changed.items()
    nothing = {"uid": uid, "rate_limit": None}
    assert [module(nothing)["changed"], module(nothing)["changed"]] == [True, False]
    assert not any(limits_of(gateway, uid).values())


def test_rate_limit_holds(release, session):
    if release < 17:
        pytest.skip("rate limits came with Ceph 17")
    get = session(rate_limit={"max_read_ops": 3})
    assert 498 in [get("GET") for _ in range(10)]


CAME_WITH = {"amz-cache": 16, "oidc-provider": 16, "ratelimit": 18, "info": 18, "accounts": 20}


@pytest.mark.parametrize("cap", [*CAME_WITH, "user-info-without-keys"])
def test_caps_of_later_releases(gateway, release, module, uid, cap):
    """The module takes a cap if radosgw-admin does."""
    result = module({"uid": f"{uid}b"}, {"uid": uid, "caps": {cap: "read"}})
    if release >= CAME_WITH.get(cap, 20):
        assert result["changed"]
        gateway.radosgw_admin("caps", "add", f"--uid={uid}", f"--caps={cap}=write")
        assert not module({"uid": uid, "caps": {cap: "*"}})["changed"]
    else:
        assert result["msg"].startswith(f"users[1] (uid '{uid}'): caps: the release of Ceph at ")
        assert f"does not know '{cap}'" in result["msg"]
        assert not gateway.knows(f"{uid}b")


def test_placement_target_that_is_not_there(gateway, release, module, uid):
    result = module({"uid": uid, "default_placement": "nowhere"})
    if release == 14:
        assert result["changed"]  # it does not say; documented in the module
    else:
        assert f"{gateway.demo.url} has no placement target 'nowhere'" in result["msg"]
        assert not gateway.knows(uid)


def test_storage_class_that_is_not_there(gateway, release, module, uid):
    result = module({"uid": uid, "default_placement": "default-placement", "default_storage_class": "NONE"})
    assert ("failed" in result) == (release >= 20)
    assert gateway.knows(uid) == (release < 20)
