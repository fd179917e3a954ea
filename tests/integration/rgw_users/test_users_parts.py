# SPDX-License-Identifier: Apache-2.0
"""What is gone is gone from the gateway's indexes, too, and free for others; whoever used it is out at once."""

from __future__ import annotations

import pytest

from tests.integration.rgw_users.helpers import CANARY


def test_an_access_key_that_was_removed_is_free(gateway, module, uid):
    key = {"access_key": f"AK{uid}", "secret": CANARY}
    module({"uid": uid, "s3_keys": [key]})
    assert module({"uid": uid, "s3_keys": [{"access_key": f"AK{uid}", "state": "absent"}]})["changed"]
    assert module({"uid": f"{uid}b", "s3_keys": [key]})["changed"]
    info = gateway.radosgw_admin("user", "info", f"--access-key=AK{uid}")
    assert f'"user_id": "{uid}b"' in info


def test_a_key_moves_in_one_run(module, uid):
    key = {"access_key": f"AK{uid}", "secret": CANARY}
    module({"uid": uid, "s3_keys": [key]})
    gone = {"uid": uid, "s3_keys": [{"access_key": f"AK{uid}", "state": "absent"}]}
    assert module(gone, {"uid": f"{uid}b", "s3_keys": [key]}, parallel=1)["changed"]


def test_a_subuser_that_was_removed_is_out(gateway, module, uid):
    swift = {"name": "swift", "access": "full", "secret": CANARY}
    module({"uid": uid, "subusers": [swift, {**swift, "name": "b"}]})
    _, session = gateway.swift_login(f"{uid}:swift", CANARY)
    assert session("GET") in (200, 204)
    assert module({"uid": uid, "subusers": [{"name": "swift", "state": "absent"}]})["changed"]
    assert gateway.swift_login(f"{uid}:swift", CANARY)[0] in (401, 403)
    assert session("GET") in (401, 403)
    assert gateway.swift_login(f"{uid}:b", CANARY)[0] == 204
    # And it comes back as new.
    assert module({"uid": uid, "subusers": [{**swift, "secret": CANARY + "-2"}]})["changed"]
    assert gateway.swift_login(f"{uid}:swift", CANARY + "-2")[0] == 204


def test_a_swift_key_without_its_subuser_is_purged(gateway, module, uid):
    module({"uid": uid})
    gateway.radosgw_admin(
        *("key", "create", f"--uid={uid}", f"--subuser={uid}:gone", "--key-type=swift", f"--secret-key={CANARY}")
    )
    assert gateway.record(uid)["data"]["swift_keys"]
    assert module({"uid": uid, "subusers": [], "purge": True})["changed"]
    assert gateway.record(uid)["data"]["swift_keys"] == []
    assert not module({"uid": uid, "subusers": [], "purge": True})["changed"]


def test_purge_leaves_alone_what_the_entry_does_not_mention(gateway, module, uid):
    module(
        {
            "uid": uid,
            "caps": {"usage": "read"},
            "s3_keys": [{"access_key": f"AK{uid}", "secret": CANARY}],
            "subusers": [{"name": "swift", "access": "full", "secret": CANARY}],
            "temp_url_keys": [{"index": 0, "secret": CANARY}],
        }
    )
    before = gateway.record(uid)
    assert not module({"uid": uid, "purge": True})["changed"]
    assert gateway.record(uid) == before


@pytest.mark.parametrize("part", ["s3_keys", "temp_url_keys"])
def test_a_key_that_is_listed_without_secret_must_be_there(gateway, module, uid, part):
    name = {"access_key": f"AK{uid}"} if part == "s3_keys" else {"index": 0}
    result = module({"uid": uid, part: [name]})
    assert "does not exist yet; give secret or secret_file" in result["msg"]
    assert not gateway.knows(uid)
    module({"uid": uid, part: [{**name, "secret": CANARY}]})
    assert not module({"uid": uid, part: [name]})["changed"]


def test_a_user_with_buckets(gateway, module, uid):
    module({"uid": uid, "subusers": [{"name": "swift", "access": "full", "secret": CANARY}]})
    _, session = gateway.swift_login(f"{uid}:swift", CANARY)
    assert [session("PUT", path) for path in (f"/{uid}-1", f"/{uid}-2", f"/{uid}-1/object")] == [201, 201, 201]
    gone = {"uid": uid, "state": "absent"}
    result = module(gone)
    assert result["failure"]["code"] == "UserHasBuckets"
    assert "The user owns 2 buckets." in result["msg"]
    assert gateway.knows(uid)
    assert module({**gone, "purge_data": True})["changed"]
    assert not gateway.knows(uid)
    assert not module({**gone, "purge_data": True})["changed"]


def test_one_generation_of_credentials_follows_another(gateway, module, uid):
    def generation(name, index, **state):
        return {
            "subusers": [{"name": name, **({"access": "full", "secret": f"{CANARY}-{name}"} | state)}],
            "s3_keys": [{"access_key": f"{uid}-{name}", **({"secret": f"{CANARY}-{name}"} | state)}],
            "temp_url_keys": [{"index": index, **({"secret": f"{CANARY}-{name}"} | state)}],
        }

    old, new, retired = generation("a", 0), generation("b", 1), generation("a", 0, state="retired")
    module({"uid": uid, **old})
    _, session = gateway.swift_login(f"{uid}:a", f"{CANARY}-a")
    both = {"uid": uid, "purge": True, **{part: new[part] + retired[part] for part in new}}
    assert module(both)["changed"]
    assert not module(both)["changed"]
    assert session("GET") in (200, 204)  # not even a token was lost
    assert gateway.swift_login(f"{uid}:b", f"{CANARY}-b")[0] == 204

    result = module(both, retire=True)
    assert [len(result["users"][0][part]) for part in new] == [1, 1, 1]
    assert session("GET") in (401, 403)
    assert [key["access_key"] for key in gateway.user_info(uid)["keys"]] == [f"{uid}-b"]
    assert not module(both, retire=True)["changed"]
