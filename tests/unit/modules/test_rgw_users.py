# SPDX-License-Identifier: GPL-3.0-or-later
"""The module's own main(), with a gateway on loopback: what it prints is what Ansible gets."""

from __future__ import annotations

import json

import pytest
import yaml
from ansible_collections.rgwkit.ceph.plugins.doc_fragments import rgw_connection, rgw_user
from ansible_collections.rgwkit.ceph.plugins.modules import rgw_users

from tests.unit.rgw.gateway_double import Fault, running_gateway

CANARY = "canary-e5a1907d3c62"


@pytest.fixture
def gateway():
    with running_gateway() as gateway:
        yield gateway


@pytest.fixture
def module(gateway, run_module):
    def run(*users, **options):
        admin = {"endpoint": gateway.endpoint, "access_key": "A", "secret_key": CANARY + "-admin", "wait": 0}
        result = run_module(rgw_users, **{**admin, "users": list(users), **options})
        assert CANARY not in result.pop("printed")
        return result

    return run


def swift(**options):
    return {"uid": "u", "subusers": [{"name": "swift", "access": "readwrite", **options}]}


def test_users_of_a_gateway_that_is_to_be_made_are_planned_in_check_mode(run_module, tmp_path):
    nobody = {"endpoint": "http://127.0.0.1:1", "access_key": "A", "secret_key_file": str(tmp_path / "no"), "wait": 0}
    entry = swift(secret_file=str(tmp_path / "swift"))
    users = [entry, {"uid": "gone", "state": "absent"}]
    result = run_module(rgw_users, check=True, gateway_to_be_made=True, users=users, **nobody)
    lean = run_module(rgw_users, check=True, gateway_to_be_made=True, users=users, return_details="changed", **nobody)
    assert lean["users"] == result["users"]
    assert result["changed"] and [user["changed"] for user in result["users"]] == [True, False]
    assert result["users"][0]["changes"][0] == "user created"
    warning = result["warnings"][0]["event"]["msg"]
    assert "no gateway at http://127.0.0.1:1 yet" in warning and "Of 2 users, 1 would be created" in warning
    assert not list(tmp_path.iterdir())
    # Everywhere else, a gateway that does not answer is an error.
    (tmp_path / "no").write_text(CANARY + "\n")
    (tmp_path / "no").chmod(0o600)
    for check, still_to_be_made in ((False, True), (True, False)):
        failed = run_module(rgw_users, check=check, gateway_to_be_made=still_to_be_made, users=users, **nobody)
        assert failed["failed"] and "127.0.0.1:1" in failed["msg"]


def test_create_again_change_check_absent_again(module, gateway):
    entry = swift(secret=CANARY + "-swift")
    assert [module(entry)["changed"], module(entry)["changed"]] == [True, False]
    entry["subusers"][0]["secret"] = CANARY + "-other"
    assert module(entry, check=True)["changed"]
    assert gateway.data("u")["swift_keys"][0]["secret_key"] == CANARY + "-swift"
    assert [module(entry)["changed"], module(entry)["changed"]] == [True, False]
    gone = {"uid": "u", "state": "absent"}
    assert [module(gone)["changed"], module(gone)["changed"]] == [True, False]


def test_only_what_changes_is_asked_about(module, gateway):
    """The gateway is asked who has an address or a key, and for its zone: for users that change only."""
    one, two = (
        {"uid": uid, "email": f"{uid}@x.org", "s3_keys": [{"access_key": uid.upper(), "secret": CANARY + "-s3"}]}
        for uid in ("one", "two")
    )
    assert module(one)["changed"]
    del gateway.requests[:]
    assert not module(one)["changed"]
    assert gateway.requests == [("GET", "/admin/metadata/user?key=one")]
    del gateway.requests[:]
    assert module(one, two)["changed"]
    asked = [target for _method, target in gateway.requests]
    assert sum("/admin/realm/period" in target for target in asked) == 1
    assert [target for target in asked if "access-key=" in target] == ["/admin/user?access-key=TWO&format=json"]
    assert not [target for target in asked if "one%40x.org" in target]
    # An access key of one user is still not given to another one.
    three = {"uid": "three", "s3_keys": [{"access_key": "ONE", "secret": CANARY + "-s3"}]}
    assert "belongs to user 'one'" in module(three)["msg"]
    assert "given twice" in module(one, three)["msg"]


def test_a_sentence_says_what_changed_where(module, gateway, tmp_path):
    one = swift(secret_file=str(tmp_path / "one" / "swift"))
    two = {**swift(secret_file=str(tmp_path / "two" / "swift")), "uid": "v"}
    for user in (one, two):
        (tmp_path / ("one" if user is one else "two")).mkdir()
    where, folders = f"users on {gateway.endpoint}: ", f"in {tmp_path}/one and {tmp_path}/two"
    said = module(one, two, check=True)["summary"]
    assert said == f"{where}2 would be created; 2 new secret files would be {folders}"
    assert module(one, two)["summary"] == f"{where}2 created; 2 new secret files {folders}"
    assert module(one, two)["summary"] == f"{where}2 unchanged"
    changed, gone = {**one, "display_name": "Other"}, {"uid": "v", "state": "absent"}
    new = swift(secret=CANARY + "-swift")
    said = module(changed, gone, {**new, "uid": "w"}, {"uid": "x", "state": "absent"})["summary"]
    assert said == f"{where}1 created, 1 changed, 1 removed, 1 unchanged"


def test_a_sentence_counts_folders_that_are_too_many_to_name(module, gateway, tmp_path):
    users = []
    for number in range(4):
        (tmp_path / str(number)).mkdir()
        users.append({**swift(secret_file=f"{tmp_path}/{number}/swift"), "uid": f"u{number}"})
    assert module(*users)["summary"] == f"users on {gateway.endpoint}: 4 created; 4 new secret files in 4 folders"
    assert module()["summary"] == f"users on {gateway.endpoint}: none listed"


def test_diff_shows_marks(module):
    module(swift(secret=CANARY + "-swift"))
    result = module(swift(secret=CANARY + "-other"))
    before = result["diff"]["before"]["u"]["subusers.swift.secret"]
    after = result["diff"]["after"]["u"]["subusers.swift.secret"]
    assert before.startswith("hmac-sha256:")
    assert after.startswith("hmac-sha256:")
    assert before != after


NAMED = {"uid", "tenant", "state", "changed", "changes"}


@pytest.mark.parametrize("check", [True, False])
def test_only_users_that_change_have_details_if_so_asked(module, gateway, check):
    module(swift(secret=CANARY + "-swift"), {"uid": "t", "tenant": "of"})
    records = json.dumps(gateway.users)
    entries = (
        swift(secret=CANARY + "-swift"),
        {"uid": "t", "tenant": "of", "max_buckets": 7},
        {"uid": "new", "s3_keys": [{"access_key": "AK", "secret": CANARY + "-s3"}]},
        {"uid": "none", "state": "absent"},
    )
    results = []
    for details in ({}, {"return_details": "all"}, {"return_details": "changed"}):
        gateway.users = json.loads(records)
        results.append({**module(*entries, check=check, **details), "invocation": None})
    default, whole, lean = results
    assert default == whole
    assert [set(user) > NAMED for user in whole["users"]] == [True, True, True, False]
    assert [set(user) > NAMED for user in lean["users"]] == [False, True, True, False]
    unchanged = {"changed": False, "changes": []}
    assert lean["users"][0] == {"uid": "u", "tenant": "", "state": "present", **unchanged}
    assert lean["users"][1:] == whole["users"][1:]
    # All else is the same, the diff, too.
    assert {**lean, "users": None} == {**whole, "users": None}
    assert set(lean["diff"]["after"]) == {"of$t", "new"}


def test_a_secret_file_that_is_written_is_a_change_with_details(module, tmp_path):
    """The gateway has the user as wanted, and keeps the secret that the file lacks."""
    module(swift(secret=CANARY + "-swift"))
    (user,) = module(swift(secret_file=str(tmp_path / "swift")), return_details="changed")["users"]
    assert user["subusers"] == [{"name": "swift", "access": "readwrite"}]
    assert user["changes"] == [f"secret_file {tmp_path}/swift: written"]


def test_no_diff_unless_asked_for(module):
    assert "diff" not in module(swift(secret=CANARY + "-swift"), _ansible_diff=False)


def test_the_list_is_not_returned_as_it_came(module):
    told = module(swift(secret=CANARY + "-swift"))["invocation"]["module_args"]
    assert "users" not in told
    assert told["secret_key"] == "VALUE_SPECIFIED_IN_NO_LOG_PARAMETER"


def test_generated_secret_is_not_returned(module, gateway, tmp_path):
    path = tmp_path / "swift"
    result = module(swift(secret_file=str(path)))
    secret = gateway.data("u")["swift_keys"][0]["secret_key"]
    assert path.read_text() == secret + "\n"
    assert secret not in json.dumps(result)


def test_admin_secret_from_a_file(module, tmp_path):
    path = tmp_path / "admin"
    options = {"secret_key": None, "secret_key_file": str(path)}
    assert f"secret_key_file: secret file '{path}' does not exist" in module(swift(), **options)["msg"]
    for content, says in (("", "is empty"), (f"{CANARY}\n{CANARY}\n", "one line"), (f"{CANARY} x", "printable ASCII")):
        path.write_text(content)
        path.chmod(0o600)
        said = module(swift(), **options)["msg"]
        assert f"'{path}'" in said and says in said and CANARY not in said
    path.write_text(CANARY + "\n")
    assert module(swift(), **options)["changed"]


@pytest.mark.parametrize("fault", [Fault(), Fault(500), Fault(403, "SignatureDoesNotMatch"), Fault(200, body=b"{")])
@pytest.mark.parametrize("requests_before", [0, 2, 3])  # read, (look at the realm,) write, read
def test_every_failure_is_told_without_secrets(module, gateway, fault, requests_before):
    gateway.add_user("u", swift_keys=[{"user": "u:swift", "secret_key": CANARY + "-stored"}])
    gateway.faults += [None] * requests_before + [fault]
    result = module(swift(secret=CANARY + "-swift"))
    if requests_before == 2 and fault.status == 200:
        assert result["changed"]  # what a write is answered with does not matter; the record is read again
        return
    assert result["failed"]
    assert result["msg"].startswith(
        f"Could not {'write' if requests_before == 2 else 'read'} user 'u' at {gateway.endpoint}: "
    )
    assert result["failure"]["status"] == fault.status
    assert result["failure"]["hint"] in result["msg"]


def test_bad_input_is_told_with_index_and_uid(module, gateway):
    result = module({"uid": "good"}, swift(secret="qqq"))
    assert result["msg"].startswith("users[1] (uid 'u'): subusers ('swift'): secret is shorter than 16 characters")
    assert gateway.requests == []


@pytest.mark.parametrize("options", [{"secret_key": None}, {"secret_key_file": "/x"}, {"endpoint": None}])
def test_connection_options(module, options):
    assert module(swift(), **options)["failed"]


def test_an_empty_list_asks_nothing(module, gateway):
    assert module() == {**module(), "changed": False, "users": []}
    assert gateway.requests == []


def facts(options, sub_key):
    """What documentation and argument spec both say, in one form."""
    return {
        name: {
            **{fact: option.get(fact) for fact in ("type", "elements", "default", "choices", "aliases")},
            "required": option.get("required", False),
            "suboptions": facts(option.get(sub_key, {}), sub_key),
        }
        for name, option in options.items()
    }


def test_the_documentation_says_what_the_argument_spec_does():
    options = yaml.safe_load(rgw_users.DOCUMENTATION)["options"]
    for fragment in (rgw_connection, rgw_user):
        options.update(yaml.safe_load(fragment.ModuleDocFragment.DOCUMENTATION)["options"])
    assert facts(options, "suboptions") == facts(rgw_users.ARGUMENT_SPEC, "options")


def test_examples_fit_the_argument_spec():
    examples = yaml.safe_load(rgw_users.EXAMPLES)
    assert len(examples) >= 5
    for task in examples:
        assert set(task["rgwkit.ceph.rgw_users"]) <= set(rgw_users.ARGUMENT_SPEC)


@pytest.mark.parametrize(
    "entry, says",
    [
        (
            {"s3_keys": [{"access_key": "TAKEN", "secret": CANARY}]},
            "s3_keys: access key 'TAKEN' belongs to user 'owner' at ",
        ),
        ({"email": "Taken@x.org"}, "email: another user at "),
        ({"rate_limit": {"max_read_ops": 1}}, "rate_limit: needs Ceph 17"),
        ({"caps": {"accounts": "read"}}, "does not know 'accounts'"),
        ({"default_placement": "nowhere"}, "has no placement target 'nowhere'"),
    ],
)
def test_what_the_gateway_would_not_have_is_found_before_the_first_write(module, gateway, entry, says):
    gateway.add_user(
        "owner", email="taken@x.org", keys=[{"user": "owner", "access_key": "TAKEN", "secret_key": CANARY}]
    )
    gateway.unknown = {"/admin/ratelimit", "/admin/account"}
    result = module({"uid": "a"}, {"uid": "b", **entry})
    assert result["msg"].startswith("users[1] (uid 'b'): ")
    assert says in result["msg"]
    assert list(gateway.users) == ["owner"]


def test_what_one_user_gives_up_another_may_get(module, gateway):
    gateway.add_user("old", email="x@x.org", keys=[{"user": "old", "access_key": "AK", "secret_key": CANARY}])
    key = {"access_key": "AK", "secret": CANARY}
    old = {"uid": "old", "email": "", "s3_keys": [{"access_key": "AK", "state": "absent"}]}
    assert module(old, {"uid": "new", "email": "x@x.org", "s3_keys": [key]}, parallel=1)["changed"]
    assert (gateway.data("old")["keys"], gateway.data("new")["email"]) == ([], "x@x.org")


def test_a_secondary_zone_is_refused(module, gateway):
    gateway.zone = "b"
    assert "is of zone 'b', which is not the metadata master" in module({"uid": "u"})["msg"]
    assert gateway.users == {}
    gateway.zone = "a"
    assert module({"uid": "u"})["changed"]


def test_null_and_nothing_differ(module, gateway):
    module({"uid": "u", "email": "u@x.org", "user_quota": {"max_size": "1GiB", "max_objects": 5}})
    assert not module({"uid": "u", "user_quota": {}})["changed"]
    assert module({"uid": "u", "user_quota": {"max_size": None}})["changed"]
    assert gateway.data("u")["user_quota"] == {"max_size": -1, "max_objects": 5, "enabled": True}
    assert gateway.data("u")["email"] == "u@x.org"
    assert module({"uid": "u", "email": None})["changed"]
    assert gateway.data("u")["email"] == ""


def test_the_old_name_of_s3_keys_means_the_same(module, gateway):
    key = {"access_key": "AK", "secret": CANARY}
    assert module({"uid": "u", "keys": [key]})["users"][0]["s3_keys"] == [{"access_key": "AK"}]
    assert not module({"uid": "u", "s3_keys": [key]})["changed"]
    for entry in ({"keys": [{"access_key": "AK", "secret": True}]}, {"keys": [{"access_key": 5}]}):
        assert "users[0].keys[0]." in module({"uid": "u", **entry})["msg"]
    assert not module({"uid": "u", "purge": True})["changed"]  # not mentioned
    assert module({"uid": "u", "purge": True, "keys": None})["changed"]
    assert gateway.data("u")["keys"] == []
