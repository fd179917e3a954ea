# SPDX-License-Identifier: Apache-2.0
"""Records as gateways give them -> one canonical state -> records that gateways take."""

from __future__ import annotations

import base64
import copy

import pytest
from ansible_collections.rgwkit.ceph.plugins.module_utils.base.errors import InputError
from ansible_collections.rgwkit.ceph.plugins.module_utils.base.secret import Secret
from ansible_collections.rgwkit.ceph.plugins.module_utils.rgw.user_ratelimit import NO_LIMITS, decode
from ansible_collections.rgwkit.ceph.plugins.module_utils.rgw.user_record import (
    canonical_perm,
    new_document,
    read_state,
    undeclared,
    with_changes,
)

NO_QUOTA = {"max_size": -1, "max_objects": -1, "enabled": False}
# Of a user with max_read_ops=100, max_write_bytes=4096, enabled; the same on Ceph 18.2.7 and 20.2.4.
RATE_LIMIT = "AQEhAAAAAAAAAAAAAABkAAAAAAAAAAAQAAAAAAAAAAAAAAAAAAAB"
QUOTA = {"enabled": False, "check_on_raw": False, "max_size": -1, "max_size_kb": 0, "max_objects": -1}


def record(release):
    """The same user as read from Ceph 14.2.21, 16.2.15, 18.2.7 and 20.2.4 (values of random keys replaced)."""
    newer = {"active": True, "create_date": "2026-11-20T07:52:04.566149Z"} if release == 20 else {}
    data = {
        "user_id": "full",
        "display_name": "Full User",
        "email": "Full@X.org" if release == 20 else "full@x.org",
        "suspended": 0,
        "max_buckets": 7,
        "subusers": [
            {"id": "full:nokey", "permissions": "read-write"},
            {"id": "full:s3", "permissions": "read"},
            {"id": "full:swift", "permissions": "full-control"},
        ],
        "keys": [
            {"user": "full:s3", "access_key": "AKSUB", "secret_key": "SKSUB", **newer},
            {"user": "full", "access_key": "AKF", "secret_key": "SKF", **newer},
        ],
        "swift_keys": [
            {"user": "full:nokey", "secret_key": "SNK", **newer},
            {"user": "full:swift", "secret_key": "SWF", **newer},
        ],
        "caps": [{"type": "buckets", "perm": "read"}, {"type": "users", "perm": "*"}],
        "op_mask": "read, write, delete",
        "system": True if release >= 18 else "true",
        "default_placement": "",
        "default_storage_class": "",
        "placement_tags": [],
        "bucket_quota": QUOTA,
        "user_quota": {**QUOTA, "max_size": 1048576, "max_size_kb": 1024},
        "temp_url_keys": [] if release == 14 else [{"key": 0, "val": "TUK"}],
        "type": "rgw",
        "mfa_ids": [],
    }
    if release == 20:
        data.update(
            {"account_id": "", "path": "/", "create_date": "2026-11-20T07:52:03.9Z", "tags": [], "group_ids": []}
        )
    data["attrs"] = [{"key": "user.rgw.ratelimit", "val": RATE_LIMIT}] if release >= 18 else []
    mtime = "2026-11-20 07:52:01.937746Z" if release == 14 else "2026-11-20T07:52:01.937746Z"
    return {"key": "user:full", "ver": {"tag": "_fQ5", "ver": 6}, "mtime": mtime, "data": data}


RELEASES = pytest.mark.parametrize("release", [14, 16, 18, 20])


@RELEASES
def test_every_release_reads_the_same(release):
    assert read_state(record(release)) == {
        ("display_name",): "Full User",
        ("email",): "full@x.org",
        ("suspended",): False,
        ("system",): True,
        ("admin",): False,
        ("max_buckets",): 7,
        ("op_mask",): ["read", "write", "delete"],
        ("default_placement",): "",
        ("default_storage_class",): "",
        ("placement_tags",): [],
        ("account",): "",
        ("account_root",): False,
        **{("bucket_quota", name): value for name, value in NO_QUOTA.items()},
        ("user_quota", "max_size"): 1048576,
        ("user_quota", "max_objects"): -1,
        ("user_quota", "enabled"): False,
        ("rate_limit", "max_read_ops"): 100 if release >= 18 else 0,
        ("rate_limit", "max_write_ops"): 0,
        ("rate_limit", "max_read_bytes"): 0,
        ("rate_limit", "max_write_bytes"): 4096 if release >= 18 else 0,
        ("rate_limit", "enabled"): release >= 18,
        **({} if release == 14 else {("temp_url_keys", "0", "secret"): Secret("TUK")}),
        ("caps", "buckets"): "read",
        ("caps", "users"): "*",
        ("s3_keys", "AKSUB", "secret"): Secret("SKSUB"),
        ("s3_keys", "AKSUB", "subuser"): "s3",
        ("s3_keys", "AKF", "secret"): Secret("SKF"),
        ("subusers", "nokey", "access"): "readwrite",
        ("subusers", "nokey", "secret"): Secret("SNK"),
        ("subusers", "s3", "access"): "read",
        ("subusers", "swift", "access"): "full",
        ("subusers", "swift", "secret"): Secret("SWF"),
    }


@RELEASES
@pytest.mark.parametrize(
    "path, value, where",
    [
        (("display_name",), "New", ["display_name"]),
        (("email",), "", ["email"]),
        (("max_buckets",), -1, ["max_buckets"]),
        (("op_mask",), ["read"], ["op_mask"]),
        (("op_mask",), [], ["op_mask"]),
        (("default_placement",), "fast", ["default_placement"]),
        (("default_storage_class",), "COLD", ["default_storage_class"]),
        (("placement_tags",), ["a", "b"], ["placement_tags"]),
        (("user_quota", "max_size"), 5, ["user_quota", "max_size"]),
        (("bucket_quota", "enabled"), True, ["bucket_quota", "enabled"]),
        (("caps", "users"), "read", ["caps", 1, "perm"]),
        (("s3_keys", "AKSUB", "secret"), Secret("new"), ["keys", 0, "secret_key"]),
        (("subusers", "swift", "access"), "readwrite", ["subusers", 2, "permissions"]),
        (("subusers", "swift", "secret"), Secret("new"), ["swift_keys", 1, "secret_key"]),
    ],
)
def test_a_change_touches_one_value(release, path, value, where):
    before = record(release)
    after = with_changes(before, {path: value})
    expected = copy.deepcopy(record(release))
    spot = expected["data"]
    for step in where[:-1]:
        spot = spot[step]
    if path == ("op_mask",):
        spot["op_mask"] = ", ".join(value) or "<none>"
    elif value == "readwrite":
        spot[where[-1]] = "read-write"
    else:
        spot[where[-1]] = value.value if isinstance(value, Secret) else value
    del expected["mtime"]
    expected["ver"]["ver"] = 7
    assert after == expected
    assert before == record(release)  # the original stays
    assert read_state(after)[path] == value


@RELEASES
def test_parts_that_are_new(release):
    changes = {
        ("caps", "usage"): "read",
        ("s3_keys", "AKNEW", "secret"): Secret("k"),
        ("subusers", "b", "access"): "write",
        ("subusers", "b", "secret"): Secret("s"),
    }
    after = with_changes(record(release), changes)
    data = after["data"]
    assert data["caps"][-1] == {"type": "usage", "perm": "read"}
    assert data["subusers"][-1] == {"id": "full:b", "permissions": "write"}
    # Ceph 20 takes a key without "active" for a disabled one; the others do not mind it.
    assert (
        data["keys"][-1].items() >= {"access_key": "AKNEW", "user": "full", "secret_key": "k", "active": True}.items()
    )
    assert data["swift_keys"][-1].items() >= {"user": "full:b", "secret_key": "s", "active": True}.items()
    assert read_state(after) == {**read_state(record(release)), **changes}


def test_a_disabled_key_is_not_enabled_by_the_way():
    document = record(20)
    document["data"]["swift_keys"][1]["active"] = False
    after = with_changes(document, {("subusers", "swift", "secret"): Secret("new")})
    assert after["data"]["swift_keys"][1]["active"] is False


def test_new_user():
    document = new_document("t$u")
    assert read_state(document) == {
        ("display_name",): "u",
        ("email",): "",
        ("suspended",): False,
        ("system",): False,
        ("admin",): False,
        ("max_buckets",): 1000,
        ("op_mask",): ["read", "write", "delete"],
        ("default_placement",): "",
        ("default_storage_class",): "",
        ("placement_tags",): [],
        ("account",): "",
        ("account_root",): False,
        **{("bucket_quota", name): value for name, value in NO_QUOTA.items()},
        **{("user_quota", name): value for name, value in NO_QUOTA.items()},
        **{("rate_limit", name): value for name, value in NO_LIMITS.items()},
    }
    assert document["data"]["op_mask"] == "read, write, delete"
    after = with_changes(document, {("subusers", "swift", "access"): "full"})
    assert after["data"]["subusers"] == [{"id": "t$u:swift", "permissions": "full-control"}]
    # A version without a tag is stored only where there is no record yet.
    assert after["ver"] == {"ver": 1}


@RELEASES
def test_new_user_of_a_gateway_that_was_asked(release):
    """All that the gateway puts there, also what this toolkit does not know, and nothing of the user that was asked."""
    newcomer = record(release)
    newcomer["data"].update(suspended=1, future={"a": 1}, subusers=[], swift_keys=[], caps=[], email="", attrs=[])
    document = new_document("t$u", newcomer)
    data = document["data"]
    assert (data["user_id"], data["display_name"], data["suspended"], data["keys"]) == ("t$u", "u", 0, [])
    assert (data["max_buckets"], data["future"], data["user_quota"]["max_size"]) == (7, {"a": 1}, 1048576)
    assert document["ver"] == {"ver": 0} and "mtime" not in document
    assert newcomer["data"]["user_id"] == "full"


@pytest.mark.parametrize("suspended", [True, False])
def test_suspended_is_a_number_in_the_record(suspended):
    data = with_changes(record(16), {("suspended",): suspended})["data"]
    assert data["suspended"] == int(suspended)
    assert not isinstance(data["suspended"], bool)


def test_words_of_the_gateway_that_have_no_request_word_stay():
    document = record(16)
    document["data"]["subusers"][0]["permissions"] = "read-acp"
    document["data"]["caps"][0]["perm"] = "<none>"
    state = read_state(document)
    assert (state["subusers", "nokey", "access"], state["caps", "buckets"]) == ("read-acp", "<none>")


def test_a_subuser_without_access():
    data = with_changes(record(16), {("subusers", "swift", "access"): "none"})["data"]
    assert data["subusers"][2] == {"id": "full:swift", "permissions": "<none>"}
    assert read_state({"data": data})["subusers", "swift", "access"] == "none"


def test_a_key_of_a_subuser():
    data = with_changes(record(16), {("s3_keys", "NEW", "secret"): Secret("S"), ("s3_keys", "NEW", "subuser"): "s3"})[
        "data"
    ]
    assert data["keys"][-1].items() >= {"user": "full:s3", "access_key": "NEW", "secret_key": "S"}.items()


def test_what_a_state_does_not_tell_is_named():
    document = record(20)
    assert undeclared(document) == []
    data = document["data"]
    data.update(mfa_ids=["token"], group_ids=["g"], type="ldap", path="/a/", future=[1])
    data["user_quota"]["check_on_raw"] = True
    data["attrs"].append({"key": "user.rgw.user-policy", "val": "e30="})
    data["subusers"].append({"id": "other:x", "permissions": "read"})
    data["op_mask"] = "read, fly"
    said = " ".join(undeclared(document))
    names = (
        "mfa_ids",
        "group_ids",
        "type",
        "path",
        "future",
        "user_quota.check_on_raw",
        "'user.rgw.user-policy'",
    )
    assert all(name in said for name in (*names, "subusers 'other:x'", "op_mask 'fly'"))
    assert "system" not in said and "SKF" not in said


@pytest.mark.parametrize("odd", [{"caps": [{}]}, {"keys": 5}, {"user_quota": {"max_size": "x"}}, {"email": 7}])
def test_a_record_in_an_unknown_form_is_one_error(odd):
    document = record(16)
    document["data"].update(odd)
    with pytest.raises(InputError, match="in a form that this toolkit does not know"):
        read_state(document)


def test_keys_under_a_foreign_name_are_kept_and_not_shown():
    document = record(16)
    document["data"]["swift_keys"].append({"user": "other:x", "secret_key": "S"})
    assert not [path for path in read_state(document) if "x" in path]
    assert with_changes(document, {("email",): ""})["data"]["swift_keys"][-1]["user"] == "other:x"


def test_swift_key_without_its_subuser_shows():
    document = record(16)
    del document["data"]["subusers"][2]
    state = read_state(document)
    assert state["subusers", "swift", "secret"] == Secret("SWF")
    assert ("subusers", "swift", "access") not in state


@pytest.mark.parametrize(
    "perm, canonical", [("read, write", "*"), ("read,write", "*"), ("write,read", "*"), ("*", "*"), (" read ", "read")]
)
def test_one_spelling_for_caps(perm, canonical):
    assert canonical_perm(perm) == canonical


@RELEASES
def test_parts_that_go(release):
    document = record(release)
    document["data"]["temp_url_keys"] = [{"key": 0, "val": "A"}, {"key": 1, "val": "B"}]
    data = with_changes(document, {("caps", "users"): None, ("temp_url_keys", "0", "secret"): None})["data"]
    assert data["caps"] == [{"type": "buckets", "perm": "read"}]
    assert data["temp_url_keys"] == [{"key": 1, "val": "B"}]


@RELEASES
def test_rate_limit(release):
    changes = {("rate_limit", "max_write_ops"): 7, ("rate_limit", "enabled"): True}
    after = with_changes(record(release), changes)
    assert read_state(after) == {**read_state(record(release)), **changes}
    assert [attribute["key"] for attribute in after["data"]["attrs"]] == ["user.rgw.ratelimit"]


def test_rate_limit_of_a_later_release():
    """What a later release adds after the known part stays; a layout that it says is not ours is not touched."""
    blob = bytearray(base64.b64decode(RATE_LIMIT)) + b"later"
    blob[0], blob[2] = 2, blob[2] + 5
    document = record(20)
    document["data"]["attrs"][0]["val"] = base64.b64encode(blob).decode()
    value = with_changes(document, {("rate_limit", "max_read_ops"): 5})["data"]["attrs"][0]["val"]
    assert base64.b64decode(value).endswith(b"later")
    assert decode(value)["max_read_ops"] == 5
    blob[1] = 2
    document["data"]["attrs"][0]["val"] = base64.b64encode(blob).decode()
    with pytest.raises(InputError, match="rate limit"):
        with_changes(document, {("rate_limit", "max_read_ops"): 6})
    assert not [path for path in read_state(document) if path[0] == "rate_limit"]
    with_changes(document, {("max_buckets",): 6})
