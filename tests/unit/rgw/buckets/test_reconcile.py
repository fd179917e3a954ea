# SPDX-License-Identifier: Apache-2.0
"""Buckets from entry to gateway: what is asked, what is written, and what is put back."""

from __future__ import annotations

import json

import pytest
from ansible_collections.rgwkit.ceph.plugins.module_utils.base.errors import InputError, ToolError
from ansible_collections.rgwkit.ceph.plugins.module_utils.base.login import Login
from ansible_collections.rgwkit.ceph.plugins.module_utils.rgw.acting import RUN_KEY
from ansible_collections.rgwkit.ceph.plugins.module_utils.rgw.buckets.client import BucketClient
from ansible_collections.rgwkit.ceph.plugins.module_utils.rgw.buckets.coming import Coming
from ansible_collections.rgwkit.ceph.plugins.module_utils.rgw.buckets.reconcile import reconcile
from ansible_collections.rgwkit.ceph.plugins.module_utils.rgw.buckets.report import summary
from ansible_collections.rgwkit.ceph.plugins.module_utils.rgw.buckets.spec import parse_buckets
from ansible_collections.rgwkit.ceph.plugins.module_utils.rgw.unfinished_run import UnfinishedRun

from tests.unit.rgw.buckets.helpers import Chown, refusal

RULE = {"id": "old", "expiration_days": 30}
ABORT = {"id": "uploads", "abort_incomplete_multipart_upload_days": 7}
POLICY = {
    "Statement": [{"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::b-1/*"}]
}


def entry(**options):
    return {"name": "b-1", "owner": "al", **options}


def test_create_again_change_null(gateway, run):
    wanted = entry(
        quota={"max_size": "1MiB"}, policy=POLICY, lifecycle=[RULE], tagging={"a": "b"}, versioning="enabled"
    )
    assert [run(wanted)["changed"], run(wanted)["changed"]] == [True, False]
    assert gateway.stored["b-1"]["bucket_quota"]["max_size"] == 1 << 20
    assert run(entry(quota={"max_size": "2MiB"}))["buckets"][0]["changes"] == ["quota.max_size: 1048576 -> 2097152"]
    nulls = entry(quota=None, policy=None, lifecycle=None, tagging=None, versioning=None)
    assert [run(nulls)["changed"], run(nulls)["changed"]] == [True, False]
    assert not [kind for kind in gateway.documents if kind[1] in ("policy", "lifecycle", "tagging")]


def test_a_bucket_with_nothing_to_do_costs_one_read_and_one_for_each_document(gateway, run):
    wanted = entry(quota={"max_objects": 5}, lifecycle=[RULE])
    run(wanted)
    assert not run(wanted)["changed"]
    assert gateway.requests == [
        ("GET", "/admin/bucket?bucket=b-1&stats=true"),
        ("GET", "/admin/user?format=json&uid=al"),
        ("GET", "/b-1?lifecycle="),
    ]
    assert not run({"name": "b-1", "quota": {"max_objects": 5}})["changed"]
    assert gateway.requests == [("GET", "/admin/bucket?bucket=b-1&stats=true")]


def test_a_new_bucket_costs_one_write_and_one_read_for_each_thing_that_it_gets(gateway, run):
    run(entry(name="b-1", quota={"max_objects": 5}, lifecycle=[RULE], policy=POLICY))
    assert gateway.requests == [
        ("GET", "/admin/bucket?bucket=b-1&stats=true"),
        # Once in a run: the zone, and the owner with his number of buckets.
        ("GET", "/admin/realm/period"),
        ("GET", "/admin/user?format=json&uid=al"),
        ("GET", "/admin/bucket?uid=al"),
        ("PUT", "/b-1"),
        ("PUT", "/b-1?lifecycle="),
        ("GET", "/b-1?lifecycle="),
        ("PUT", "/b-1?policy="),
        ("GET", "/b-1?policy="),
        ("PUT", "/admin/bucket?bucket=b-1&enabled=true&max-objects=5&max-size-kb=-1&quota=&uid=al"),
        ("GET", "/admin/bucket?bucket=b-1&stats=true"),
    ]


def test_a_default_lifecycle_gives_way_to_rules_of_others(run):
    wanted = entry(lifecycle=[ABORT], lifecycle_is_default=True)
    assert [run(wanted)["changed"], run(wanted)["changed"]] == [True, False]
    later = {**wanted, "lifecycle": [{**ABORT, "abort_incomplete_multipart_upload_days": 9}]}
    assert [run(later)["changed"], run(later)["changed"]] == [True, False]
    run(entry(lifecycle=[RULE]))
    assert run(wanted)["buckets"][0]["changes"] == []
    assert run(wanted)["buckets"][0]["lifecycle"][0]["id"] == "old"
    assert run({**wanted, "quota": {"max_objects": 5}})["changed"]
    assert run(entry(lifecycle=[ABORT]))["changed"]


def test_what_earlier_tasks_create_counts_in_check_mode_only(gateway, run):
    allow = {
        "Effect": "Allow",
        "Principal": {"AWS": "arn:aws:iam:::user/cy"},
        "Action": "s3:GetObject",
        "Resource": "arn:aws:s3:::b-2/*",
    }
    events = {"id": "n", "topic": "t-1", "events": ["s3:ObjectCreated:*"]}
    entries = [
        entry(owner="cy", lifecycle=[ABORT], notification=[events]),
        entry(name="b-2", policy={"Statement": [allow]}),
    ]
    coming = Coming(frozenset(["cy"]), frozenset(["t-1"]))
    assert [bucket["changed"] for bucket in run(*entries, check_mode=True, coming=coming)["buckets"]] == [True, True]
    assert "there is no user 'cy'" in refusal(run, *entries, check_mode=True)
    assert "there is no user 'cy'" in refusal(run, *entries, coming=coming)
    assert not gateway.stored


def test_check_mode_plans_the_same_and_writes_nothing(gateway, run):
    wanted = entry(quota={"max_objects": 5}, lifecycle=[RULE])
    planned = run(wanted, check_mode=True)
    assert {method for method, _target in gateway.requests} == {"GET"} and not gateway.stored
    done = run(wanted)
    assert planned["diff"] == done["diff"]
    assert planned["buckets"][0]["changes"] == done["buckets"][0]["changes"]


def test_a_tenant_s_bucket(gateway, run):
    gateway.add_owner("t$cy")
    wanted = {"name": "b-1", "tenant": "t", "owner": "cy", "quota": {"max_objects": 5}, "tagging": {"a": "b"}}
    assert [run(wanted)["changed"], run(wanted)["changed"]] == [True, False]
    assert gateway.stored["t/b-1"]["owner"] == "t$cy"
    assert gateway.stored["t/b-1"]["bucket_quota"]["max_objects"] == 5
    gone = {"name": "b-1", "tenant": "t", "state": "absent"}
    assert [run(gone)["changed"], run(gone)["changed"]] == [True, False]


def test_what_the_gateway_keeps_otherwise_is_put_back(gateway, run):
    """As Ceph 16 does with a filter that it does not know: the rule is stored without."""
    old = [{"id": "small", "prefix": "logs/", "expiration_days": 9}]
    run(entry(lifecycle=old))
    before = gateway.documents["b-1", "lifecycle"]
    gateway.keeps["lifecycle"] = lambda body: body.replace(b"<Prefix>tmp/</Prefix>", b"")
    with pytest.raises(UnfinishedRun) as caught:
        run(entry(lifecycle=[{"id": "tmp", "prefix": "tmp/", "expiration_days": 1}]))
    assert gateway.documents["b-1", "lifecycle"] == before
    failure = caught.value.as_dict()
    assert (failure["operation"], failure["not_done"]) == ("store", ["b-1"])
    assert failure["differences"] == ["lifecycle['tmp'].prefix: (none) -> \"tmp/\""]
    assert "What the bucket had before is back" in str(caught.value)


def test_what_cannot_be_put_back_is_told(gateway, run):
    run(entry(tagging={"a": "b"}))
    gateway.keeps["tagging"] = lambda body: b"<Tagging><TagSet/></Tagging>"
    with pytest.raises(ToolError, match="COULD NOT BE PUT BACK"):
        run(entry(tagging={"a": "c"}))


def test_a_quota_that_is_kept_otherwise_is_put_back(gateway, run):
    run(entry(quota={"max_size": "1MiB"}))
    gateway.keeps["quota"] = 0
    with pytest.raises(ToolError, match=r"quota.max_size: 0 -> 2097152"):
        run(entry(quota={"max_size": "2MiB"}))


@pytest.mark.parametrize(
    "options, words",
    [
        ({"owner": "nobody"}, "owner: there is no user 'nobody'"),
        ({"owner": "away"}, "owner: user 'away' is suspended"),
        ({"owner": "full"}, "more buckets than max_buckets allows (1)"),
        ({"owner": "none"}, "must not have buckets (max_buckets is -1)"),
        ({"placement": "fast"}, "the gateway has no placement target 'fast'; it has default-placement"),
        ({"storage_class": "COLD"}, "the gateway has no storage class 'COLD' there; it has STANDARD"),
        (
            {"lifecycle": [{"id": "a", "transitions": [{"days": 1, "storage_class": "COLD"}]}]},
            "no storage class 'COLD'",
        ),
        ({"acl": [{"user": "nobody", "permissions": "read"}]}, "acl: there is no user 'nobody'"),
        ({"encryption": {"algorithm": "AES256"}}, "refuses an object with AES256"),
        ({"rate_limit": {"max_read_ops": 1}, "_old": True}, "rate_limit: needs Ceph 17"),
    ],
)
def test_what_the_gateway_would_take_or_refuse_too_late_is_refused(gateway, run, options, words):
    gateway.add_owner("away")
    gateway.data("away")["suspended"] = 1
    for uid, most in (("full", 1), ("none", -1)):
        gateway.add_owner(uid)
        gateway.data(uid)["max_buckets"] = most
    gateway.add_bucket("other", "full")
    if options.pop("_old", False):
        gateway.unknown.add("/admin/ratelimit")
        gateway.add_bucket("b-1", "al")
    known = sorted(gateway.stored)
    assert words in refusal(run, entry(**options))
    assert sorted(gateway.stored) == known


@pytest.mark.parametrize("encrypts", [True, False])
@pytest.mark.parametrize("uid", ["admin", "t$root"])
def test_the_bucket_in_which_encryption_is_tried_goes_in_any_case(gateway, uid, encrypts):
    gateway.add_owner("t$root")
    gateway.encrypts = encrypts
    login = Login(gateway.data(uid)["keys"][0]["access_key"], "s")
    buckets = parse_buckets([entry(encryption={"algorithm": "AES256"})])
    tried = []
    for _run in range(2):
        try:
            reconcile(lambda: BucketClient(gateway.endpoint, login, wait=0), buckets, check_mode=False)
        except InputError:
            tried.append("refused")
    assert tried == ([] if encrypts else ["refused"] * 2)
    assert any("rgwkit-encryption-" in target for target in gateway.targets("PUT"))
    assert set(gateway.stored) <= {"b-1"}


def policy(**statement):
    return {"Statement": [{"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", **statement}]}


@pytest.mark.parametrize(
    "document, words",
    [
        (policy(Resource="arn:aws:s3:::other/*"), "the resource 'other' is not this bucket"),
        (policy(Resource="arn:aws:s3:::b-1/*", Principal={"AWS": "arn:aws:iam:::user/no"}), "there is no user 'no'"),
        (
            policy(Resource="arn:aws:s3:::b-1", Action="s3:*", Effect="Deny"),
            "denies s3:GetBucketPolicy to the bucket's",
        ),
    ],
)
def test_policies_that_name_nobody_or_shut_out_the_owner(run, document, words):
    assert words in refusal(run, entry(policy=document))


def test_accounts_and_their_users_are_not_looked_for_among_users(run):
    account = "RGW12345678901234567"
    for name in ("root", "user/ann"):
        who = {"AWS": f"arn:aws:iam::{account}:{name}"}
        assert run(entry(policy=policy(Resource="arn:aws:s3:::b-1/*", Principal=who)))["changed"]
    assert run(entry(acl=[{"user": account, "permissions": "read"}]))["changed"]


def test_a_policy_that_shuts_the_owner_out_is_seen_and_lifted(gateway, run):
    run(entry())
    everything = policy(Resource="arn:aws:s3:::b-1", Action="s3:*", Effect="Deny")
    gateway.documents["b-1", "policy"] = json.dumps(everything).encode()
    planned = run(entry(policy=None), check_mode=True)
    assert "policy.Statement" in planned["buckets"][0]["changes"][0]
    run(entry(policy=None))
    assert ("b-1", "policy") not in gateway.documents
    gateway.documents["b-1", "policy"] = json.dumps(everything).encode()
    run(entry(policy=POLICY))
    assert b"s3:GetObject" in gateway.documents["b-1", "policy"]


def test_another_owner_s_bucket_is_left_to_its_owner(gateway, run):
    gateway.add_bucket("b-1", "bo")
    assert "belongs to user 'bo', not 'al'" in refusal(run, entry())


def test_an_empty_bucket_changes_hands_without_radosgw_admin(gateway, run):
    gateway.add_bucket("b-1", "bo")
    wanted = entry(change_owner=True)
    assert [run(wanted)["changed"], run(wanted)["changed"]] == [True, False]
    assert gateway.stored["b-1"]["owner"] == "al"


def test_objects_go_along_or_the_bucket_stays(gateway, run):
    gateway.add_bucket("b-1", "bo", objects=["k"])
    wanted = entry(change_owner=True)
    assert "1 object, and only radosgw-admin gives them to 'al'" in refusal(run, wanted)
    chown = Chown(gateway)
    assert run(wanted, chown=chown)["buckets"][0]["changes"][0] == 'owner: "bo" -> "al"'
    assert (chown.calls, gateway.objects["b-1"]) == ([("b-1", "al")], {"k": "al"})
    assert not gateway.data("al").get("subusers")
    assert not run(wanted, chown=chown)["changed"]


def test_a_change_of_owner_that_was_cut_off_is_taken_up_again(gateway, run):
    gateway.add_bucket("b-1", "bo", objects=["k"])
    wanted = entry(change_owner=True)
    chown = Chown(gateway, [ToolError("give", "objects", "killed", "")])
    with pytest.raises(ToolError):
        run(wanted, chown=chown)
    assert gateway.stored["b-1"]["owner"] == "al" and gateway.objects["b-1"] == {"k": "bo"}
    assert "only radosgw-admin" in refusal(run, wanted)
    assert run(wanted, chown=chown)["buckets"][0]["changes"] == ['owner: "objects of al" -> "al"']
    assert gateway.objects["b-1"] == {"k": "al"}
    assert not run(wanted, chown=chown)["changed"]


def test_objects_that_stay_behind_are_an_error(gateway, run):
    gateway.add_bucket("b-1", "bo", objects=["k"])
    with pytest.raises(ToolError, match="it is still user 'bo's"):
        run(entry(change_owner=True), chown=lambda key, uid: None)


def test_an_account_s_bucket_has_limits_and_no_documents(gateway, run):
    gateway.add_bucket("b-1", "RGW12345678901234567")
    assert "belongs to the account" in refusal(run, {"name": "b-1", "tagging": {"a": "b"}})
    assert run({"name": "b-1", "quota": {"max_objects": 5}})["changed"]


@pytest.mark.parametrize("owner, key", [("t$cy", "b-1"), ("al", "t/b-1"), ("t$cy", "s/b-1")])
def test_a_bucket_of_a_user_of_another_tenant_is_not_taken_for_another_one(gateway, run, owner, key):
    """In the name of t$cy, /b-1 is t/b-1, whoever has b-1."""
    gateway.add_owner("t$cy")
    gateway.add_bucket(key, owner)
    other = "t/b-1" if owner == "t$cy" else "b-1"
    gateway.add_bucket(other, owner)
    before = repr((gateway.stored, gateway.documents))
    tenant, _slash, name = key.rpartition("/")
    given = {"name": name, "tenant": tenant}
    for options in ({"quota": {"max_objects": 5}}, {"tagging": {"a": "b"}}, {"state": "absent"}):
        assert "of another tenant" in refusal(run, {**given, **options})
    assert repr((gateway.stored, gateway.documents)) == before


def test_ceph_14_cannot_hand_objects_over(gateway, run):
    gateway.add_bucket("b-1", "bo", objects=["k"])
    gateway.unknown.update({"/", "/admin/ratelimit", "/admin/account"})
    assert "14.2.21 does not have it" in refusal(run, entry(change_owner=True), chown=Chown(gateway))
    assert "Ceph 14 does not know it" in refusal(run, {"name": "b-2", "owner": "al", "tagging": {"a": "b"}})
    assert gateway.stored["b-1"]["owner"] == "bo" and "b-2" not in gateway.stored


def test_what_others_may_do_outlasts_a_change_of_owner(gateway, run):
    gateway.add_bucket("b-1", "bo")
    run({"name": "b-1", "acl": "public-read"})
    run(entry(change_owner=True))
    acl = gateway.documents["b-1", "acl"]
    assert b"AllUsers" in acl and b"<ID>al</ID>" in acl and b"<ID>bo</ID>" not in acl


def test_what_others_may_do_outlasts_half_a_change_of_owner(gateway, run):
    gateway.add_bucket("b-1", "bo", objects=["k"])
    run({"name": "b-1", "acl": "public-read"})
    wanted = entry(change_owner=True)
    chown = Chown(gateway, [ToolError("give", "objects", "killed", "")])

    def granted():
        return b"AllUsers" in gateway.documents.get(("b-1", "acl"), b"")

    with pytest.raises(ToolError):
        run(wanted, chown=chown)
    assert gateway.stored["b-1"]["owner"] == "al" and granted()
    # The next run makes the bucket private once more.
    result = run(wanted, chown=lambda *given: (chown(*given), gateway.documents.pop(("b-1", "acl"))))
    assert result["buckets"][0]["changes"] == ['owner: "objects of al" -> "al"'] and granted()
    assert not run(wanted, chown=chown)["changed"]


def test_a_change_of_owner_whose_objects_are_gone_meanwhile_ends(gateway, run):
    gateway.add_bucket("b-1", "bo", objects=["k"])
    wanted = entry(change_owner=True)
    with pytest.raises(ToolError):
        run(wanted, chown=Chown(gateway, [ToolError("give", "objects", "killed", "")]))
    gateway.objects["b-1"].clear()
    assert [run(wanted)["changed"], run(wanted)["changed"]] == [True, False]
    assert not gateway.data("al").get("subusers")


def test_removal(gateway, run):
    gateway.add_bucket("b-1", "al", objects=["k"])
    gateway.add_bucket("b-2", "al")
    gateway.uploads["b-2"] = 2
    gone = [{"name": name, "state": "absent"} for name in ("b-1", "b-2")]
    assert "1 object, each version counted, and is not removed" in refusal(run, gone[0])
    assert "incomplete uploads (2 parts)" in refusal(run, gone[1])
    result = run(*[{**each, "remove_objects": True} for each in gone])
    assert [bucket["changes"] for bucket in result["buckets"]] == [
        ["bucket removed with 1 object"],
        ["bucket removed"],
    ]
    assert not gateway.stored and not run(*gone)["changed"]


@pytest.mark.parametrize("folder", ["", "root/"])
def test_registries_are_guarded(gateway, run, folder):
    gateway.add_bucket("b-1", "al", objects=[f"{folder}docker/registry/v2/blobs/x"])
    for options in ({"versioning": "enabled"}, {"lifecycle": [RULE]}, {"lifecycle": [ABORT, RULE]}):
        assert "a Docker registry keeps its images in this bucket" in refusal(run, entry(**options))
    gone = {"name": "b-1", "state": "absent", "remove_objects": True}
    assert "the bucket is not removed" in refusal(run, gone)
    assert run(entry(lifecycle=[ABORT]))["changed"]
    assert run(entry(tagging={"a": "b"}))["changed"]


def test_a_registry_of_the_inventory_is_guarded_before_it_has_images(gateway, run):
    gateway.add_bucket("b-1", "al")
    assert "the bucket is not removed" in refusal(run, {"name": "b-1", "state": "absent"}, registrys=["b-1"])
    assert "lifecycle:" in refusal(run, entry(lifecycle=[RULE]), registrys=["b-1"])
    assert "lifecycle:" in refusal(run, {**entry(lifecycle=[RULE]), "name": "b-2"}, registrys=["b-2"])
    for option in ({"object_lock": True}, {"versioning": "enabled"}):
        assert f"its {next(iter(option))} does not change" in refusal(
            run, entry(**option, name="b-2"), registrys=["b-2"]
        )
    assert "b-2" not in gateway.stored


def test_a_registry_s_folder_is_found_behind_objects(gateway, run):
    objects = [*(f"a-{number:03}" for number in range(150)), "root/docker/registry/v2/blobs/x"]
    gateway.add_bucket("b-1", "al", objects=objects)
    assert "a Docker registry keeps" in refusal(run, entry(versioning="enabled"))


def test_an_owner_without_keys_has_none_afterwards(gateway, run):
    gateway.add_owner("kl")
    gateway.data("kl")["keys"] = []
    assert run({"name": "b-1", "owner": "kl", "tagging": {"a": "b"}})["changed"]
    assert gateway.data("kl")["keys"] == []
    assert any(RUN_KEY in target for target in gateway.targets("PUT"))


def test_object_lock_comes_with_the_bucket_alone(gateway, run):
    lock = {"mode": "governance", "days": 1}
    wanted = entry(object_lock=lock)
    assert [run(wanted)["changed"], run(wanted)["changed"]] == [True, False]
    assert "stays once it is enabled" in refusal(run, entry(object_lock=False))
    assert "keeps its versions" in refusal(run, entry(object_lock=lock, versioning="suspended"))
    gateway.add_bucket("b-2", "al")
    assert "cannot be enabled for a bucket that was created without" in refusal(
        run, {"name": "b-2", "object_lock": True}
    )


def test_a_lock_that_does_not_come_with_the_bucket_is_an_error(gateway, run):
    gateway.locks = False
    with pytest.raises(UnfinishedRun, match="created it without object lock"):
        run(entry(object_lock=True))
    assert "cannot be enabled for a bucket that was created without" in refusal(run, entry(object_lock=True))


def test_a_block_is_opened_before_and_closed_after_what_it_would_refuse(gateway, run):
    def order():
        return [(method, target.partition("?")[2]) for method, target in gateway.requests if method != "GET"]

    gateway.add_bucket("b-1", "al")
    run(entry(public_access_block=True))
    run(entry(public_access_block=None, acl="public-read"))
    assert order() == [("DELETE", "publicAccessBlock="), ("PUT", "acl=")]
    run(entry(public_access_block=True, acl=None))
    assert order() == [("PUT", "acl="), ("PUT", "publicAccessBlock=")]
    assert "acl: the bucket's acl lets the public in" in refusal(
        run, entry(public_access_block=True, acl="public-read")
    )


def test_a_gateway_outside_the_master_zone_is_refused(gateway, run):
    gateway.zone = "b"
    with pytest.raises(InputError, match="not the metadata master"):
        run(entry())


def test_the_run_goes_on_where_another_was_cut_off(gateway, run):
    names = [f"b-{number}" for number in range(9)]
    entries = [{"name": name, "owner": "al", "tagging": {"a": "b"}} for name in names]
    gateway.keeps["tagging"] = lambda body: b"<Tagging/>"
    with pytest.raises(UnfinishedRun) as caught:
        run(*entries)
    assert sorted(caught.value.done + caught.value.not_done) == names and "Of 9 buckets" in str(caught.value)
    gateway.keeps.clear()
    assert run(*entries)["changed"] and not run(*entries)["changed"]


def test_a_sentence_says_what_changed_where(gateway, run):
    buckets = parse_buckets([entry(), {"name": "b-2", "state": "absent"}])
    outcomes = reconcile(lambda: BucketClient(gateway.endpoint, Login("A", "s"), wait=0), buckets, check_mode=False)
    assert summary(outcomes, "http://g", would=False) == "buckets on http://g: 1 created, 1 unchanged"
