# SPDX-License-Identifier: Apache-2.0
"""Flags of users, and keys that are disabled."""

from __future__ import annotations

import pytest
from ansible_collections.rgwkit.ceph.plugins.module_utils.base.login import Login
from ansible_collections.rgwkit.ceph.plugins.modules import rgw_users_info

from tests.integration.rgw_users.helpers import CANARY, s3_status


@pytest.mark.parametrize("flag", ["system", "admin"])
def test_a_flag_comes_and_goes(gateway, module, uid, flag):
    entry = {"uid": uid, flag: True}
    assert module(entry, check=True)["changed"]
    assert module(entry)["users"][0][flag] is True
    # Up to 16, radosgw-admin prints booleans in quotes.
    assert gateway.user_info(uid)[flag] in (True, "true")
    assert not module(entry)["changed"]
    assert module({"uid": uid, flag: False})["users"][0]["changes"] == [f"{flag}: true -> false"]
    assert flag not in gateway.user_info(uid)


def test_a_user_with_the_flag_admin_reads_what_others_own(gateway, module, uid):
    key = Login(f"AK{uid.upper()}", CANARY)
    entry = {"uid": uid, "s3_keys": [{"access_key": key.user, "secret": key.secret}]}
    owner = Login(gateway.demo.access_key, gateway.demo.secret)
    assert s3_status(gateway, owner, "PUT", f"/of-demo-{uid}") == 200
    module(entry)
    assert s3_status(gateway, key, "GET", f"/of-demo-{uid}") == 403
    module({**entry, "admin": True})
    assert s3_status(gateway, key, "GET", f"/of-demo-{uid}") == 200


def test_a_disabled_key_is_refused_and_comes_back(gateway, module, release, uid):
    key = Login(f"AK{uid.upper()}", CANARY)

    def entry(**options):
        return {"uid": uid, "s3_keys": [{"access_key": key.user, "secret": key.secret, **options}]}

    module(entry())
    assert s3_status(gateway, key, "GET", "/") == 200
    if release < 19:
        result = module(entry(active=False))
        assert result["failed"]
        assert f"s3_keys ('{key.user}'): active: false needs Ceph 19" in result["msg"]
        assert s3_status(gateway, key, "GET", "/") == 200
        return
    assert module(entry(active=False))["users"][0]["s3_keys"] == [{"access_key": key.user, "active": False}]
    assert s3_status(gateway, key, "GET", "/") == 403
    assert not module(entry(active=False))["changed"]
    assert not module(entry())["changed"]  # what an entry does not mention stays
    assert module(entry(active=True))["changed"]
    assert s3_status(gateway, key, "GET", "/") == 200
    assert not module(entry(active=True))["changed"]


def test_a_disabled_swift_key(gateway, module, release, uid):
    if release < 19:
        pytest.skip("the refusal is the same as that for S3 keys")
    entry = {"uid": uid, "subusers": [{"name": "swift", "access": "full", "secret": CANARY, "active": False}]}
    module(entry)
    assert gateway.swift_login(f"{uid}:swift", CANARY)[0] in (401, 403)
    entry["subusers"][0]["active"] = True
    module(entry)
    assert gateway.swift_login(f"{uid}:swift", CANARY)[0] == 204


def test_flags_are_exported(gateway, module, run_module, release, uid):
    key = {"access_key": f"AK{uid.upper()}", "secret": CANARY, **({"active": False} if release >= 19 else {})}
    module({"uid": uid, "system": True, "s3_keys": [key]})
    demo = gateway.demo
    admin = {"endpoint": demo.url, "access_key": demo.access_key, "secret_key_file": str(demo.secret_file)}
    (found,) = run_module(rgw_users_info, **admin, uids=[uid])["users"]
    assert found["system"] is True and "admin" not in found
    assert found["s3_keys"] == [{name: value for name, value in key.items() if name != "secret"}]
    assert not module(found)["changed"]
