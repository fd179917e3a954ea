# SPDX-License-Identifier: Apache-2.0
"""What may be declared, and the text for what may not."""

from __future__ import annotations

import pytest
from ansible_collections.rgwkit.ceph.plugins.module_utils.base.errors import InputError
from ansible_collections.rgwkit.ceph.plugins.module_utils.base.secret import Secret
from ansible_collections.rgwkit.ceph.plugins.module_utils.rgw.user_spec import (
    AS_NEW,
    MissingSecretFile,
    parse_users,
)

CANARY = "canary-71c0a9be52d8"
GOOD = {"uid": "good"}


def wanted(**entry):
    (user,) = parse_users([{"uid": "u", **entry}], allow_weak=False)
    return user.wanted


def refusal(*entries, allow_weak=False):
    with pytest.raises(InputError) as caught:
        parse_users([{"uid": "u", **entry} for entry in entries], allow_weak)
    assert CANARY not in str(caught.value) + repr(caught.value)
    return str(caught.value)


def test_everything_at_once(tmp_path):
    kept = tmp_path / "kept"
    kept.write_text("k" * 20 + "\n")
    kept.chmod(0o600)
    (user,) = parse_users(
        [
            {
                "uid": "u",
                "tenant": "t1",
                "state": "present",
                "display_name": "U",
                "email": "U@Example.org",
                "suspended": False,
                "max_buckets": 0,
                "caps": {"usage": "read", "buckets": "read, write"},
                "s3_keys": [{"access_key": "AK", "secret": None, "secret_file": str(kept)}],
                "subusers": [
                    {"name": "swift", "access": "readwrite", "secret": "s" * 16, "secret_file": None},
                    {"name": "t1$u:b", "access": None, "secret": None, "secret_file": str(tmp_path / "new")},
                ],
            }
        ],
        allow_weak=False,
    )
    assert (user.uid, user.present) == ("t1$u", True)
    assert user.wanted == {
        ("display_name",): "U",
        ("email",): "u@example.org",
        ("suspended",): False,
        ("max_buckets",): 0,
        ("caps", "usage"): "read",
        ("caps", "buckets"): "*",
        ("s3_keys", "AK", "secret"): Secret("k" * 20),
        ("subusers", "swift", "access"): "readwrite",
        ("subusers", "swift", "secret"): Secret("s" * 16),
        ("subusers", "b", "secret"): MissingSecretFile(str(tmp_path / "new")),
    }


def test_what_is_not_mentioned_is_not_wanted():
    assert wanted() == {}
    assert wanted(caps=None, keys=None, subusers=None, temp_url_keys=None) == {}
    assert wanted(email="") == {("email",): ""}


def test_null_is_what_a_new_user_has():
    assert wanted(tenant="t", display_name=None, max_buckets=None, op_mask=None, default_placement=None) == {
        ("display_name",): "u",
        ("max_buckets",): AS_NEW,  # this and quotas are for the gateway to say
        ("op_mask",): ["read", "write", "delete"],
        ("default_placement",): "",
    }
    assert wanted(user_quota=None) == {("user_quota", name): AS_NEW for name in ("max_size", "max_objects", "enabled")}
    assert wanted(user_quota={"max_size": None}) == {("user_quota", "max_size"): AS_NEW}
    assert wanted(rate_limit={"max_read_ops": None}) == {("rate_limit", "max_read_ops"): 0}
    assert wanted(caps={"usage": None}) == {("caps", "usage"): None}


def test_a_limit_that_is_given_holds_unless_said_otherwise():
    assert wanted(user_quota={"max_objects": 5})["user_quota", "enabled"] is True
    assert wanted(user_quota={"max_objects": 5, "enabled": False})["user_quota", "enabled"] is False
    assert wanted(rate_limit={"max_read_ops": 5})["rate_limit", "enabled"] is True


@pytest.mark.parametrize(
    "text, size",
    [("0", 0), (1000, 1000), ("1KiB", 1024), ("10 GiB", 10 * 1024**3), ("2TiB", 2 * 1024**4), ("-1", -1), (-1, -1)],
)
def test_sizes(text, size):
    assert wanted(bucket_quota={"max_size": text})["bucket_quota", "max_size"] == size


def test_one_bad_entry_among_a_thousand():
    users = [{"uid": f"u{n}", "subusers": [{"name": "s", "access": "read"}]} for n in range(1000)]
    users[777]["subusers"][0]["name"] = "u776:s"
    with pytest.raises(
        InputError, match=r"^users\[777\] \(uid 'u777'\): subusers \('u776:s'\): belongs to another uid"
    ):
        parse_users(users, allow_weak=False)


def test_a_name_is_as_long_as_it_is_in_a_url():
    (user,) = parse_users([{"uid": "a" * 1024}], allow_weak=False)
    assert user.uid == "a" * 1024
    (user,) = parse_users([{"uid": "a" + "@" * 341}], allow_weak=False)  # 1 + 3 * 341 bytes
    assert user.uid == "a" + "@" * 341
    assert "uid is too long" in refusal({"uid": "aa" + "@" * 341})


def test_a_uid_beyond_all_measure_is_shortened_in_the_error():
    text = refusal({"uid": "a" * 3000})
    assert "uid is too long" in text and len(text) < 400


def test_an_absent_user_needs_nothing_else():
    entry = {"uid": "u", "state": "absent", "email": "no address", "s3_keys": [{"access_key": "A", "secret": ""}]}
    (user,) = parse_users([entry], allow_weak=False)
    assert (user.present, user.wanted) == (False, {})


@pytest.mark.parametrize("uid", ["registry", "Registry-2", "a.b_c@d+e=f,g-h", "0"])
def test_good_uids(uid):
    assert parse_users([{"uid": uid}], allow_weak=False)[0].uid == uid


@pytest.mark.parametrize(
    "entry, says",
    [
        ({"uid": ""}, "a uid is made of"),
        ({"uid": "a:b"}, "a uid is made of"),
        ({"uid": "a\0"}, "uid must not hold a NUL character"),
        ({"uid": "\udcfc"}, "no Unicode text"),
        ({"uid": "t$u"}, "give the part before it as 'tenant'"),
        ({"uid": "t$u", "tenant": "t"}, "give the part before it as 'tenant'"),
        ({"uid": "anonymous"}, "without credentials"),
        ({"tenant": "a$b"}, "a tenant is made of"),
        ({"max_buckets": 2**31}, "max_buckets: 2147483648 is beyond what RGW counts to"),
        ({"max_buckets": -(2**31) - 1}, "max_buckets: -2147483649 is beyond"),
        ({"bucket_quota": {"max_objects": 2**63}}, "is no count"),
        ({"rate_limit": {"max_read_ops": 2**63}}, "is no count"),
        ({"display_name": "a\ud83d"}, "display_name: is no Unicode text"),
        ({"placement_tags": ["\udcff"]}, "placement_tags: is no Unicode text"),
        ({"email": "a" * 1020 + "@x.org"}, "email: the address is too long"),
        ({"email": "a\0b@x.org"}, "email: the address must not hold a NUL"),
        ({"s3_keys": [{"access_key": "A" * 1025, "secret": CANARY}]}, "access_key is too long"),
        ({"subusers": [{"name": "s" * 1025, "access": "read"}]}, "name is too long"),
        ({"s3_keys": [{"access_key": "A", "secret": CANARY, "subuser": "other:s"}]}, "belongs to another uid"),
        ({"display_name": ""}, "display_name"),
        ({"email": "nobody"}, "email"),
        ({"email": "a@b@c"}, "email"),
        ({"caps": {"user": "*"}}, "'user'; the caps are buckets, users"),
        ({"caps": {"users": "all"}}, "'users' may be read, write or '*', not 'all'"),
        ({"s3_keys": [{"access_key": "", "secret": CANARY}]}, "printable ASCII"),
        ({"s3_keys": [{"access_key": "A", "secret": CANARY, "secret_file": "/f"}]}, "exclude each other"),
        ({"s3_keys": [{"access_key": "A", "secret": ""}]}, "s3_keys ('A'): secret is empty"),
        ({"subusers": [{"name": "other:swift", "access": "read"}]}, "belongs to another uid"),
        ({"tenant": "t", "subusers": [{"name": "u:swift", "access": "read"}]}, "or 't$u:' before it"),
        ({"subusers": [{"name": "", "access": "read"}]}, "a name is made of"),
        ({"subusers": [{"name": "u:", "access": "read"}]}, "a name is made of"),
        ({"op_mask": ["all"]}, "op_mask: may hold read, write, delete, not 'all'"),
        ({"default_placement": "a b"}, "default_placement: is made of"),
        ({"user_quota": {"max_size": "10GB"}}, "user_quota.max_size: '10GB' is no size"),
        ({"user_quota": {"max_size": "1.5GiB"}}, "is no size"),
        ({"user_quota": {"max_size": "much"}}, "is no size"),
        ({"user_quota": {"max_size": "-2"}}, "is no size"),
        ({"user_quota": {"max_size": "8EiB"}}, "is no size"),
        ({"bucket_quota": {"max_objects": -2}}, "bucket_quota.max_objects: -2 is no count"),
        ({"rate_limit": {"max_read_ops": -1}}, "rate_limit.max_read_ops: must be 0 or more"),
        ({"rate_limit": {"max_read_bytes": "-1"}}, "rate_limit.max_read_bytes: must be 0 or more"),
        ({"temp_url_keys": [{"index": 2, "secret": CANARY}]}, "temp_url_keys ('2'): index is 0 or 1"),
        ({"temp_url_keys": [{"index": 0, "secret": CANARY[:15]}]}, "temp_url_keys ('0'): secret is shorter than 16"),
        (
            {"subusers": [{"name": "swift", "access": "full-control"}]},
            "access is one of none, read, write, readwrite, full",
        ),
        ({"subusers": [{"name": "s", "secret": ""}]}, "subusers ('s'): secret is empty"),
        ({"subusers": [{"name": "s", "secret": CANARY[:15]}]}, "shorter than 16"),
        ({"subusers": [{"name": "s", "secret": CANARY + "\n"}]}, "printable ASCII"),
        ({"subusers": [{"name": "s", "secret_file": "f"}]}, "absolute path"),
    ],
)
def test_refused(entry, says):
    uid = entry.get("uid", "u").replace("\udcfc", "\\xfc")
    text = refusal(GOOD, entry)
    assert text.startswith(f"users[1] (uid '{uid}'): ")
    assert says in text


@pytest.mark.parametrize(
    "content, says",
    [("", "is empty"), ("short\n", "shorter"), (f"{CANARY}\n{CANARY}\n", "one line"), (CANARY + " x", "ASCII")],
)
def test_refused_file(tmp_path, content, says):
    path = tmp_path / "swift"
    path.write_text(content)
    path.chmod(0o600)
    text = refusal({"subusers": [{"name": "s", "secret_file": str(path)}]})
    assert f"'{path}'" in text and CANARY not in text
    assert says in text


@pytest.mark.parametrize(
    "path", ["/proc/self/s", "/proc/nowhere/s", "/sys/s", "{tmp}/link/s", "{tmp}/dangling", "{tmp}/file/s"]
)
def test_a_file_that_cannot_be_made_is_refused_before_anything_is_read(tmp_path, path):
    (tmp_path / "link").symlink_to(tmp_path / "nowhere")
    (tmp_path / "dangling").symlink_to(tmp_path / "nowhere")
    (tmp_path / "file").write_text("")
    refusal({"subusers": [{"name": "s", "access": "read", "secret_file": path.format(tmp=tmp_path)}]})
    assert sorted(found.name for found in tmp_path.iterdir()) == ["dangling", "file", "link"]


def test_a_file_that_can_be_made_is_not_made_yet(tmp_path):
    path = tmp_path / "a" / "b" / "s"
    assert wanted(subusers=[{"name": "s", "secret_file": str(path)}]) == {
        ("subusers", "s", "secret"): MissingSecretFile(str(path))
    }
    assert not list(tmp_path.iterdir())


def test_weak_secrets_only_on_request():
    entry = {"uid": "u", "subusers": [{"name": "s", "access": "read", "secret": "qqq"}]}
    assert parse_users([entry], allow_weak=True)[0].wanted["subusers", "s", "secret"] == Secret("qqq")
    assert "empty" in refusal({"s3_keys": [{"access_key": "A", "secret": ""}]}, allow_weak=True)


SWIFT = {"name": "s", "access": "read"}


@pytest.mark.parametrize(
    "first, second, what",
    [
        ({}, {}, "uid 'u'"),
        ({"tenant": "t"}, {"tenant": "t", "state": "absent"}, "uid 't$u'"),
        ({"uid": "a", "email": "x@y"}, {"email": "X@Y"}, "email 'x@y'"),
        (
            {"uid": "a", "s3_keys": [{"access_key": "A", "secret": CANARY}]},
            {"s3_keys": [{"access_key": "A", "secret": CANARY}]},
            "access_key 'A'",
        ),
    ],
)
def test_given_twice(first, second, what):
    where = f"users[0] (uid '{first.get('uid', 'u')}')"
    assert refusal(first, second) == f"users[1] (uid 'u'): {what} is given twice, first at {where}."


@pytest.mark.parametrize(
    "entry, what",
    [
        ({"subusers": [SWIFT, {**SWIFT, "name": "u:s"}]}, "subuser 'u:s'"),
        ({"s3_keys": [{"access_key": "A", "secret": CANARY}] * 2}, "access_key 'A'"),
    ],
)
def test_given_twice_in_one_entry(entry, what):
    assert refusal(entry) == f"users[0] (uid 'u'): {what} is given twice, first at users[0] (uid 'u')."


def test_two_secrets_in_one_file():
    one = {"uid": "a", "subusers": [{**SWIFT, "secret_file": "/nonexistent/s"}]}
    for other in ({"subusers": [{**SWIFT, "secret_file": "/nonexistent//s"}]}, {"s3_keys": [{"access_key": "A"}]}):
        part = next(iter(other))
        other[part][0].setdefault("secret_file", "/nonexistent/s")
        assert "is named twice, for subusers ('s') of 'a' and for " + part in refusal(one, other)
    assert "named twice" not in refusal(
        {"uid": "a", "state": "absent", "subusers": one["subusers"]}, {**one, "uid": ""}
    )


def test_what_a_removed_user_had_is_free():
    part = {"email": "x@y", "s3_keys": [{"access_key": "A", "secret": CANARY}]}
    users = parse_users([{"uid": "old", "state": "absent", **part}, {"uid": "new", **part}], allow_weak=False)
    assert [user.present for user in users] == [False, True]


def test_same_uid_in_two_tenants_is_two_users():
    users = parse_users([{"uid": "u"}, {"uid": "u", "tenant": "t"}], allow_weak=False)
    assert [user.uid for user in users] == ["u", "t$u"]


OLD_AND_NEW = [{"name": "old", "state": "retired"}, {"name": "new", "access": "full", "secret": CANARY}]


def test_what_is_retired_is_left_alone_until_told():
    kept, gone = (
        parse_users([{"uid": "u", "purge": True, "subusers": OLD_AND_NEW}], allow_weak=False, retire=retire)[0]
        for retire in (False, True)
    )
    assert not [path for path in kept.wanted if path[1] == "old"]
    assert ("subusers", "old") in kept.spared and ("subusers", "old") not in kept.required
    assert gone.wanted["subusers", "old", "access"] is None and gone.wanted["subusers", "old", "secret"] is None


@pytest.mark.parametrize(
    "part",
    [
        {"subusers": [{"name": "old", "state": "retired"}]},
        {"s3_keys": [{"access_key": "OLD", "state": "retired"}, {"access_key": "NEW", "state": "absent"}]},
        {"temp_url_keys": [{"index": 0, "state": "retired"}]},
    ],
)
def test_nothing_is_retired_without_a_successor(part):
    with pytest.raises(InputError, match=r"users\[0\] .*retired without a successor"):
        parse_users([{"uid": "u", **part}], allow_weak=False)
