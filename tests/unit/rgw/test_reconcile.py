# SPDX-License-Identifier: Apache-2.0
"""Plans (what follows from which record) and how they are carried out."""

from __future__ import annotations

import copy
import os
import threading

import pytest
from ansible_collections.rgwkit.ceph.plugins.module_utils.base.errors import InputError, ToolError
from ansible_collections.rgwkit.ceph.plugins.module_utils.base.login import Login
from ansible_collections.rgwkit.ceph.plugins.module_utils.base.secret import Marks, Secret
from ansible_collections.rgwkit.ceph.plugins.module_utils.base.secret_files import read_secret_file
from ansible_collections.rgwkit.ceph.plugins.module_utils.rgw.admin_api import AdminClient
from ansible_collections.rgwkit.ceph.plugins.module_utils.rgw.reconcile import Outcome, plan_user, reconcile
from ansible_collections.rgwkit.ceph.plugins.module_utils.rgw.unfinished_run import UnfinishedRun
from ansible_collections.rgwkit.ceph.plugins.module_utils.rgw.user_ratelimit import NO_LIMITS
from ansible_collections.rgwkit.ceph.plugins.module_utils.rgw.user_report import report
from ansible_collections.rgwkit.ceph.plugins.module_utils.rgw.user_spec import parse_users

from tests.unit.rgw.gateway_double import Fault, running_gateway

CANARY = "canary-0b8e4d62f1"
STORED = {
    "display_name": "U",
    "email": "u@example.org",
    "suspended": 0,
    "max_buckets": 10,
    "op_mask": "read, write",
    "user_quota": {"enabled": True, "max_size": 1024, "max_objects": -1},
    "caps": [{"type": "usage", "perm": "read, write"}],
    "keys": [{"user": "u", "access_key": "AK", "secret_key": CANARY + "-s3"}],
    "subusers": [{"id": "u:swift", "permissions": "read-write"}],
    "swift_keys": [{"user": "u:swift", "secret_key": CANARY + "-swift"}],
    "temp_url_keys": [{"key": 0, "val": "T"}],
}


@pytest.fixture
def gateway():
    with running_gateway() as gateway:
        yield gateway


@pytest.fixture
def run(gateway):
    client = AdminClient(gateway.endpoint, Login("A", CANARY), timeout=2, wait=0.5)

    def run(*entries, check_mode=False):
        result = report(reconcile(lambda: client, parse_users(entries, allow_weak=False), check_mode), Marks(CANARY))
        assert CANARY not in str(result)
        return result

    yield run
    client.close()


def changed_paths(stored, allow_weak=False, **entry):
    (user,) = parse_users([{"uid": "u", **entry}], allow_weak)
    document = stored and {"ver": {"tag": "t", "ver": 1}, "data": {"user_id": "u", **copy.deepcopy(stored)}}
    return {".".join(path) for path in plan_user(user, document).changes}


def swift(**options):
    return {"subusers": [{"name": "swift", **options}]}


@pytest.mark.parametrize(
    "entry, changes",
    [
        ({}, set()),
        ({"display_name": "U"}, set()),
        ({"display_name": "V"}, {"display_name"}),
        ({"email": "U@EXAMPLE.ORG"}, set()),
        ({"email": ""}, {"email"}),
        ({"suspended": False}, set()),
        ({"suspended": True}, {"suspended"}),
        ({"max_buckets": 10}, set()),
        ({"max_buckets": 0}, {"max_buckets"}),
        ({"caps": {}}, set()),
        ({"caps": {"usage": "*"}}, set()),
        ({"caps": {"usage": "write,read"}}, set()),
        ({"caps": {"usage": "read"}}, {"caps.usage"}),
        ({"caps": {"buckets": "read"}}, {"caps.buckets"}),
        ({"caps": {"usage": None}}, {"caps.usage"}),
        ({"caps": {"buckets": None}}, set()),
        ({"op_mask": ["write", "read"]}, set()),
        ({"op_mask": None}, {"op_mask"}),
        ({"display_name": None}, {"display_name"}),
        ({"email": None}, {"email"}),
        ({"default_storage_class": "STANDARD"}, set()),
        ({"placement_tags": ["a"]}, {"placement_tags"}),
        ({"user_quota": {"max_size": "1KiB"}}, set()),
        ({"user_quota": {"max_size": None}}, {"user_quota.max_size"}),
        ({"user_quota": {"max_size": None, "enabled": False}}, {"user_quota.max_size", "user_quota.enabled"}),
        ({"user_quota": None}, {"user_quota.max_size", "user_quota.enabled"}),
        ({"user_quota": {}}, set()),
        ({"bucket_quota": {"max_objects": 3}}, {"bucket_quota.max_objects", "bucket_quota.enabled"}),
        ({"bucket_quota": {"max_objects": 3, "enabled": False}}, {"bucket_quota.max_objects"}),
        ({"bucket_quota": {"max_objects": -1, "enabled": False}}, set()),
        ({"rate_limit": {"max_read_bytes": "1MiB"}}, {"rate_limit.max_read_bytes", "rate_limit.enabled"}),
        ({"rate_limit": None}, set()),
        ({"s3_keys": [{"access_key": "AK"}]}, set()),
        ({"s3_keys": [{"access_key": "AK", "state": "absent"}]}, {"s3_keys.AK.secret"}),
        ({"s3_keys": [{"access_key": "AK2", "state": "absent"}]}, set()),
        ({"s3_keys": [], "purge": True}, {"s3_keys.AK.secret"}),
        ({"s3_keys": None, "purge": True}, {"s3_keys.AK.secret"}),
        ({"purge": True}, set()),
        ({"caps": {"usage": "*"}, "s3_keys": [{"access_key": "AK"}], "purge": True}, set()),
        ({"caps": {}, "temp_url_keys": [], "purge": True}, {"caps.usage", "temp_url_keys.0.secret"}),
        (
            {"subusers": [{"name": "b", "access": "read"}], "purge": True},
            {"subusers.b.access", "subusers.swift.access", "subusers.swift.secret"},
        ),
        ({"temp_url_keys": [{"index": 1, "secret": CANARY + "-tu"}]}, {"temp_url_keys.1.secret"}),
        ({"temp_url_keys": [{"index": 0, "state": "absent"}]}, {"temp_url_keys.0.secret"}),
        (swift(state="absent"), {"subusers.swift.access", "subusers.swift.secret"}),
        (swift(), set()),
        ({"s3_keys": []}, set()),
        ({"s3_keys": [{"access_key": "AK", "secret": CANARY + "-s3"}]}, set()),
        ({"s3_keys": [{"access_key": "AK", "secret": CANARY + "-other"}]}, {"s3_keys.AK.secret"}),
        ({"s3_keys": [{"access_key": "AK2", "secret": CANARY + "-s3"}]}, {"s3_keys.AK2.secret"}),
        (swift(access="readwrite"), set()),
        (swift(access="full"), {"subusers.swift.access"}),
        (swift(secret=CANARY + "-swift"), set()),
        (swift(secret=CANARY + "-other"), {"subusers.swift.secret"}),
        (swift(access="read", secret=CANARY + "-other"), {"subusers.swift.access", "subusers.swift.secret"}),
    ],
)
def test_changes_to_a_stored_user(entry, changes):
    assert changed_paths(STORED, **entry) == changes


@pytest.mark.parametrize("allow_weak", [False, True])
def test_a_stored_empty_secret_is_different_from_every_secret(allow_weak, tmp_path):
    stored = {**STORED, "swift_keys": [{"user": "u:swift", "secret_key": ""}]}
    assert changed_paths(stored, allow_weak, **swift(secret=CANARY + "-swift")) == {"subusers.swift.secret"}
    # ... and is not put into a file either.
    assert changed_paths(stored, allow_weak, **swift(secret_file=str(tmp_path / "s"))) == {"subusers.swift.secret"}


def test_a_secret_needs_a_subuser_to_belong_to():
    with pytest.raises(InputError, match=r"users\[0\] \(uid 'u'\): subuser 'new' does not exist yet; give its access"):
        changed_paths(STORED, subusers=[{"name": "new", "secret": CANARY}])


def test_absent(gateway, run):
    gateway.add_user("u", **STORED)
    gone = {"uid": "u", "state": "absent"}
    assert run(gone, check_mode=True)["changed"]
    assert gateway.methods() == ["GET"]
    result = run(gone)
    assert result["changed"]
    assert result["users"] == [
        {"uid": "u", "tenant": "", "state": "absent", "changed": True, "changes": ["user removed"]}
    ]
    assert result["diff"]["before"]["u"]["subusers.swift.access"] == "readwrite"
    assert result["diff"]["after"] == {"u": {}}
    assert "u" not in gateway.users
    again = run(gone)
    assert (again["changed"], again["diff"]) == (False, {"before": {}, "after": {}})


def test_one_read_if_nothing_is_to_be_done_else_one_write_and_a_second_read(gateway, run):
    gateway.add_user("u")
    entry = {"uid": "u", "display_name": "U", **swift(access="full", secret=CANARY + "-swift")}
    assert run(entry)["changed"]
    assert gateway.methods() == ["GET", "PUT", "GET"]
    gateway.requests.clear()
    assert not run(entry)["changed"]
    assert gateway.methods() == ["GET"]


def test_what_a_new_user_gets_is_asked_once_for_all(gateway, run):
    """One is made, read and removed; then as for users that are there."""
    assert run({"uid": "a"}, {"uid": "b"})["changed"]
    assert gateway.methods() == ["GET"] * 2 + ["PUT", "GET", "DELETE"] + ["PUT", "GET"] * 2
    assert sorted(gateway.users) == ["a", "b"]
    gateway.requests.clear()
    assert not run({"uid": "a", "email": ""}, {"uid": "b", "display_name": None})["changed"]
    assert gateway.methods() == ["GET"] * 2


OPERATORS = {
    "max_buckets": 5,
    "user_quota": {"enabled": True, "max_size": 1 << 30, "max_objects": -1},
    "bucket_quota": {"enabled": True, "max_size": -1, "max_objects": 1000},
}


def test_new_users_get_what_the_gateway_gives_them(gateway, run):
    gateway.newcomer = OPERATORS
    result = run({"uid": "a"}, {"uid": "b", "email": "b@x.org"}, {"uid": "c", "tenant": "t", "max_buckets": 7})
    for uid, user in zip(("a", "b", "t$c"), result["users"]):
        buckets = 7 if uid == "t$c" else 5
        assert (user["max_buckets"], gateway.data(uid)["max_buckets"]) == (buckets, buckets)
        assert [gateway.data(uid)[quota] for quota in ("user_quota", "bucket_quota")] == [
            OPERATORS["user_quota"],
            OPERATORS["bucket_quota"],
        ]
        assert user["user_quota"] == OPERATORS["user_quota"]
    assert sorted(gateway.users) == ["a", "b", "t$c"]


def test_null_is_what_the_gateway_gives_a_new_user(gateway, run):
    gateway.newcomer = OPERATORS
    gateway.add_user("u", **STORED)
    as_new = {"uid": "u", "max_buckets": None, "user_quota": None, "bucket_quota": {"max_objects": None}}
    assert run(as_new)["changed"]
    data = gateway.data("u")
    assert (data["max_buckets"], data["user_quota"]) == (5, OPERATORS["user_quota"])
    assert data["bucket_quota"] == {"enabled": False, "max_size": -1, "max_objects": 1000}
    assert not run(as_new)["changed"]
    assert list(gateway.users) == ["u"]


def test_check_mode_does_not_guess_what_a_new_user_gets(gateway, run):
    gateway.newcomer = OPERATORS
    result = run({"uid": "u", "user_quota": {"max_objects": 5}}, check_mode=True)
    (user,) = result["users"]
    assert (user["max_buckets"], user["bucket_quota"]) == (None, dict.fromkeys(("max_size", "max_objects", "enabled")))
    assert user["user_quota"] == {"max_size": None, "max_objects": 5, "enabled": True}
    assert gateway.methods() == ["GET"]


@pytest.mark.parametrize("fault", [Fault(obey=True), Fault(403, "AccessDenied"), Fault(200, body=b"{")])
@pytest.mark.parametrize("requests_before", [1, 2, 3])
def test_the_user_that_is_made_to_look_at_is_not_left_behind(gateway, fault, requests_before):
    gateway.faults += [None] * requests_before + [fault]
    client = AdminClient(gateway.endpoint, Login("A", CANARY), timeout=2, wait=0)
    users = parse_users([{"uid": "u", **swift(access="read", secret=CANARY)}], allow_weak=False)
    try:
        reconcile(lambda: client, users, check_mode=False)
    except ToolError as error:
        assert "rgwkit-new-user-" in str(error)
        left = [uid for uid in gateway.users if uid != "u"]
        # Where its removal is what fails, the error says whom to remove.
        assert all(uid in str(error) for uid in left)
        assert requests_before == 3 or not left
    client.close()


def test_everything_is_read_before_anything_is_written(gateway, run):
    gateway.faults += [None, Fault(403, "AccessDenied")]
    with pytest.raises(ToolError, match="user 'b'"):
        run({"uid": "a"}, {"uid": "b"})
    gateway.requests.clear()
    with pytest.raises(InputError, match=r"users\[1\]"):
        run({"uid": "a"}, {"uid": "b", **swift(secret=CANARY + "-swift")})
    assert set(gateway.methods()) == {"GET"}
    assert gateway.users == {}


def test_result(gateway, run):
    gateway.add_user("u", **STORED)
    result = run({"uid": "u", "max_buckets": 20, **swift(secret=CANARY + "-other")}, {"uid": "n", "tenant": "t"})
    known, new = result["users"]
    mark_before = result["diff"]["before"]["u"]["subusers.swift.secret"]
    mark_after = result["diff"]["after"]["u"]["subusers.swift.secret"]
    assert mark_before != mark_after
    assert known == {
        "uid": "u",
        "tenant": "",
        "state": "present",
        "display_name": "U",
        "email": "u@example.org",
        "suspended": False,
        "system": False,
        "admin": False,
        "max_buckets": 20,
        "op_mask": ["read", "write"],
        "default_placement": "",
        "default_storage_class": "",
        "placement_tags": [],
        "account": "",
        "account_root": False,
        "user_quota": {"max_size": 1024, "max_objects": -1, "enabled": True},
        "bucket_quota": {"max_size": -1, "max_objects": -1, "enabled": False},
        "rate_limit": NO_LIMITS,
        "caps": {"usage": "*"},
        "temp_url_keys": [{"index": 0}],
        "s3_keys": [{"access_key": "AK"}],
        "subusers": [{"name": "swift", "access": "readwrite"}],
        "changed": True,
        "changes": ["max_buckets: 10 -> 20", f'subusers.swift.secret: "{mark_before}" -> "{mark_after}"'],
    }
    assert (new["uid"], new["tenant"], new["display_name"], new["changes"]) == ("n", "t", "n", ["user created"])
    assert gateway.data("u")["temp_url_keys"] == STORED["temp_url_keys"]
    assert gateway.data("u")["caps"] == STORED["caps"]  # not mentioned, so not respelled


def test_check_mode_says_what_the_run_then_does(gateway, run, tmp_path):
    path = tmp_path / "secrets" / "swift"
    entry = {"uid": "u", "email": "u@example.org", **swift(access="read", secret_file=str(path))}
    planned = run(entry, check_mode=True)
    assert gateway.users == {}
    assert not path.parent.exists()
    done = run(entry)
    assert (planned["changed"], planned["diff"]["before"]) == (done["changed"], done["diff"]["before"])
    assert planned["users"][0]["changes"] == done["users"][0]["changes"]
    # All but what only a new user's record tells.
    assert planned["diff"]["after"]["u"].items() <= done["diff"]["after"]["u"].items()
    untold = {*done["diff"]["after"]["u"]} - {*planned["diff"]["after"]["u"]}
    assert {name.partition(".")[0] for name in untold} == {"max_buckets", "user_quota", "bucket_quota"}
    assert planned["diff"]["after"]["u"]["subusers.swift.secret"] == "(generated)"
    assert planned["diff"]["after"]["u"][f"secret_file {path}"] == "written"
    assert gateway.data("u")["swift_keys"][0]["secret_key"] == read_secret_file(str(path)).value
    assert not run(entry)["changed"]


def test_the_file_is_there_before_the_gateway_is_told(gateway, run, tmp_path):
    path = tmp_path / "swift"
    entry = {"uid": "u", **swift(access="read", secret_file=str(path))}
    gateway.add_user("u")
    gateway.faults += [None, Fault(400, "InvalidArgument")]
    with pytest.raises(ToolError, match="write user 'u'"):
        run(entry)
    secret = read_secret_file(str(path))
    assert secret is not None
    run(entry)
    assert gateway.data("u")["swift_keys"][0]["secret_key"] == secret.value


def test_no_file_no_write(gateway, run, tmp_path):
    (tmp_path / "file").write_text("")
    path = tmp_path / "file" / "swift"
    with pytest.raises(InputError):
        run({"uid": "u", **swift(access="read", secret_file=str(path))})
    os.mkdir(tmp_path / "d")
    entry = {"uid": "u", **swift(access="read", secret_file=str(tmp_path / "d" / "s"))}
    (user,) = parse_users([entry], allow_weak=False)
    (tmp_path / "d" / "s").write_text("somebody was faster\n")
    client = AdminClient(gateway.endpoint, Login("A", CANARY), timeout=2, wait=0)
    with pytest.raises(ToolError, match="write secret file"):
        reconcile(lambda: client, [user], check_mode=False)
    client.close()
    assert gateway.users == {}


def test_a_lost_file_gets_the_secret_that_the_gateway_holds(gateway, run, tmp_path):
    gateway.add_user("u", **STORED)
    path = tmp_path / "swift"
    result = run({"uid": "u", **swift(secret_file=str(path))})
    assert result["users"][0]["changes"] == [f"secret_file {path}: written"]
    assert result["diff"] == {"before": {"u": {}}, "after": {"u": {f"secret_file {path}": "written"}}}
    assert read_secret_file(str(path)) == Secret(CANARY + "-swift")
    assert gateway.methods() == ["GET"]


def test_an_address_is_set_where_the_gateway_checks_it(gateway, run):
    run({"uid": "a", "email": "a@example.org", "max_buckets": 5})
    assert gateway.methods()[4:] == ["PUT", "GET", "PUT", "GET"]
    assert gateway.requests[4][1].startswith("/admin/user?")
    assert (gateway.data("a")["email"], gateway.data("a")["max_buckets"]) == ("a@example.org", 5)
    with pytest.raises(ToolError, match="EmailExists"):
        run({"uid": "b", "email": "a@example.org", "max_buckets": 5})
    run({"uid": "a", "email": ""})
    assert gateway.requests[-2][1].startswith("/admin/user?email=&")
    assert "b" not in gateway.users


def test_somebody_else_writes_meanwhile(gateway, run):
    """The gateway skips our first write, as its record is newer; the second one starts from that record."""
    gateway.add_user("u", **STORED)

    def other_writer():
        gateway.users["u"]["ver"]["ver"] += 5
        gateway.data("u")["display_name"] = "theirs"

    gateway.faults += [None, Fault(204, body=b"", effect=other_writer)]
    run({"uid": "u", "max_buckets": 20})
    assert (gateway.data("u")["display_name"], gateway.data("u")["max_buckets"]) == ("theirs", 20)
    assert gateway.users["u"]["ver"]["ver"] == 7
    assert gateway.methods() == ["GET", "PUT", "GET", "PUT", "GET"]


def test_a_write_whose_answer_was_lost_is_no_trouble(gateway, run):
    gateway.add_user("u")
    gateway.faults += [None, Fault(obey=True)]
    assert run({"uid": "u", "max_buckets": 20})["changed"]
    assert gateway.data("u")["max_buckets"] == 20


def test_a_record_that_does_not_take_the_change_is_an_error(gateway, run):
    gateway.add_user("u", **STORED)
    gateway.faults += [None] + [Fault(204, body=b""), None] * 5
    with pytest.raises(ToolError) as caught:
        run({"uid": "u", "max_buckets": 20, **swift(secret=CANARY + "-other")})
    assert "after 5 writes the record still differs in max_buckets, subusers.swift.secret" in str(caught.value)
    assert "nobody else has written" in caught.value.hint
    assert CANARY not in str(caught.value)


def test_a_record_that_somebody_else_keeps_changing_is_another_error(gateway, run):
    gateway.add_user("u", **STORED)

    def other_writer():
        gateway.users["u"]["ver"]["ver"] += 2

    gateway.faults += [None] + [Fault(204, body=b"", effect=other_writer), None] * 5
    with pytest.raises(ToolError) as caught:
        run({"uid": "u", "max_buckets": 20})
    assert "Find out who else writes this user" in caught.value.hint


def test_outcomes_do_not_print_secrets(gateway):
    gateway.add_user("u", **STORED)
    (user,) = parse_users([{"uid": "u", **swift(access="read", secret=CANARY + "-other")}], allow_weak=False)
    plan = plan_user(user, gateway.users["u"])
    assert CANARY not in repr(Outcome(plan, plan.after))


@pytest.mark.parametrize(
    "entry, says",
    [
        ({"s3_keys": [{"access_key": "NEW"}]}, r"s3_keys \('NEW'\) does not exist yet; give secret"),
        ({"temp_url_keys": [{"index": 1}]}, r"temp_url_keys \('1'\) does not exist yet"),
        (swift(), "subuser 'swift' does not exist yet; give its access"),
    ],
)
def test_what_is_new_needs_a_secret_or_access(entry, says):
    with pytest.raises(InputError, match=says):
        changed_paths({}, **entry)


@pytest.mark.parametrize("uid", ["a b", "-a", "a/b", "a\n", "Jörg", "t 1$u"])
def test_a_user_that_would_not_be_made_is_managed_where_it_is(gateway, run, uid):
    tenant, _sign, name = uid.rpartition("$")
    entry = {"uid": name, "tenant": tenant}
    with pytest.raises(InputError, match=r"the gateway has no such user, and a (uid|tenant) is made of"):
        run({"uid": "before"}, entry)
    assert gateway.users == {}
    assert not run({**entry, "state": "absent"})["changed"]
    gateway.add_user(uid, **copy.deepcopy({**STORED, "keys": [], "subusers": [], "swift_keys": []}))
    suspended = {**entry, "suspended": True, "subusers": [{"name": "s", "access": "read", "secret": CANARY}]}
    assert run(suspended)["changed"]
    assert gateway.data(uid)["suspended"] == 1
    assert gateway.data(uid)["subusers"] == [{"id": f"{uid}:s", "permissions": "read"}]
    assert not run(suspended)["changed"]
    assert run({**entry, "state": "absent"})["changed"]
    assert gateway.users == {}


def test_a_part_that_would_not_be_made_is_managed_where_it_is(gateway, run):
    gateway.add_user("u", **copy.deepcopy(STORED))
    key = {"access_key": "odd key", "secret": CANARY + "-new"}
    subuser = {"name": "u:a:b", "access": "read"}
    for entry in ({"s3_keys": [key]}, {"subusers": [subuser]}):
        with pytest.raises(InputError, match=r"does not exist yet, and an? (access_key is|name is made of)"):
            run({"uid": "u", **entry})
    gateway.data("u")["keys"].append({"user": "u", "access_key": "odd key", "secret_key": CANARY})
    gateway.data("u")["subusers"].append({"id": "u:a:b", "permissions": "full-control"})
    assert run({"uid": "u", "s3_keys": [key], "subusers": [subuser]})["changed"]
    assert gateway.data("u")["keys"][1]["secret_key"] == CANARY + "-new"
    assert gateway.data("u")["subusers"][1]["permissions"] == "read"
    gone = {"s3_keys": [{**key, "state": "absent"}], "subusers": [{**subuser, "state": "absent"}]}
    assert run({"uid": "u", **gone})["changed"]
    assert [len(gateway.data("u")[part]) for part in ("keys", "subusers")] == [1, 1]


def test_a_user_with_a_colon_can_only_be_removed(gateway, run):
    gateway.add_user("a:b", **copy.deepcopy({**STORED, "keys": [], "subusers": [], "swift_keys": []}))
    with pytest.raises(InputError, match="can only be removed"):
        run({"uid": "a:b", "suspended": True})
    assert gateway.requests == []
    assert run({"uid": "a:b", "state": "absent"})["changed"]


def test_bytes_that_somebody_else_has_stored_stay(gateway, run):
    name = "Z\udcfcrich \udced\udca0\udcbd 🚀"
    gateway.add_user("u", **{**copy.deepcopy(STORED), "display_name": name, "placement_tags": ["\udcff"]})
    result = run({"uid": "u", "max_buckets": 20, "display_name": "Zürich 🚀"}, check_mode=True)
    assert r'display_name: "Z\xfcrich \xed\xa0\xbd 🚀" -> "Zürich 🚀"' in result["users"][0]["changes"]
    result = run({"uid": "u", "max_buckets": 20})
    assert (gateway.data("u")["display_name"], gateway.data("u")["max_buckets"]) == (name, 20)
    assert gateway.data("u")["placement_tags"] == ["\udcff"]
    assert result["users"][0]["display_name"] == r"Z\xfcrich \xed\xa0\xbd 🚀"


def test_a_key_of_a_subuser(gateway, run):
    key = {"access_key": "RO", "secret": CANARY, "subuser": "ro"}
    with pytest.raises(InputError, match=r"keys \('RO'\): there is no subuser 'ro'; list it with its access"):
        run({"uid": "u", "s3_keys": [key]})
    entry = {
        "uid": "u",
        "s3_keys": [key],
        "subusers": [{"name": "ro", "access": "read"}, {"name": "no", "access": "none"}],
    }
    result = run(entry)
    assert result["users"][0]["s3_keys"] == [{"access_key": "RO", "subuser": "ro"}]
    assert gateway.data("u")["keys"][0]["user"] == "u:ro"
    assert gateway.data("u")["subusers"][1] == {"id": "u:no", "permissions": "<none>"}
    assert not run(entry)["changed"]
    assert not run({"uid": "u", "s3_keys": [{"access_key": "RO"}]})["changed"]
    assert run({"uid": "u", "s3_keys": [], "purge": True})["changed"]
    assert gateway.data("u")["keys"] == []


def test_purging_spares_the_mark_of_an_unfinished_change_of_owner(gateway, run):
    mark = {"id": "u:rgwkit-chown-b", "permissions": "<none>"}
    gateway.add_user("u", subusers=[{"id": "u:swift", "permissions": "full-control"}, mark])
    purge = {"uid": "u", "subusers": [], "purge": True}
    assert [run(purge)["changed"], run(purge)["changed"]] == [True, False]
    assert gateway.data("u")["subusers"] == [mark]


def test_a_rate_limit_in_an_unknown_layout_stays(gateway, run):
    gateway.add_user("u", **copy.deepcopy(STORED), attrs=[{"key": "user.rgw.ratelimit", "val": "AQI="}])
    assert run({"uid": "u", "max_buckets": 20})["users"][0]["rate_limit"]["enabled"] is None
    assert gateway.data("u")["attrs"][0]["val"] == "AQI="
    with pytest.raises(InputError, match="rate_limit: it is stored in a layout"):
        run({"uid": "u", "rate_limit": {"max_read_ops": 5}})


def test_parts_go_by_requests_of_their_own(gateway, run):
    """The record first, then what Ceph 14 would leave traces of."""
    gateway.add_user("u", **copy.deepcopy(STORED))
    gateway.data("u")["swift_keys"].append({"user": "u:gone", "secret_key": CANARY})
    result = run({"uid": "u", "caps": {}, "s3_keys": [], "subusers": [], "purge": True})
    assert gateway.methods() == ["GET", "PUT", "GET", "DELETE", "DELETE", "DELETE", "GET"]
    assert [gateway.data("u")[part] for part in ("caps", "keys", "subusers", "swift_keys")] == [[], [], [], []]
    assert 'subusers.swift.access: "readwrite" -> (none)' in result["users"][0]["changes"]
    assert not run({"uid": "u", "caps": {}, "s3_keys": [], "subusers": [], "purge": True})["changed"]


def test_users_side_by_side(gateway):
    clients = []

    def connect():
        clients.append(AdminClient(gateway.endpoint, Login("A", CANARY), timeout=2, wait=0))
        return clients[-1]

    # On a busy machine, three could have done all before the fourth has begun.
    gateway.meeting = threading.Barrier(4)
    users = parse_users([{"uid": f"u{n}", "max_buckets": n} for n in range(40)], allow_weak=False)
    outcomes = reconcile(connect, users, check_mode=False, parallel=4)
    assert [outcome.state["max_buckets",] for outcome in outcomes] == list(range(40))
    # One more to remove the user that was made to look at: what must not be repeated has a connection of its own.
    assert (len(clients), gateway.connections) == (4, 5)
    assert len(gateway.users) == 40
    for client in clients:
        client.close()


def test_a_run_that_breaks_says_what_is_done(gateway, run):
    gateway.faults += [None] * 6 + [None, None, Fault(403, "AccessDenied")]
    with pytest.raises(UnfinishedRun) as caught:
        run({"uid": "a"}, {"uid": "b"}, {"uid": "c"})
    assert "write user 'b'" in str(caught.value)
    assert "Of 3 users 1 are done, 2 are not" in str(caught.value)
    assert (caught.value.as_dict()["done"], caught.value.as_dict()["not_done"]) == (["a"], ["b", "c"])
    run({"uid": "a"}, {"uid": "b"}, {"uid": "c"})
    assert sorted(gateway.users) == ["a", "b", "c"]
