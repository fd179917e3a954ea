# SPDX-License-Identifier: Apache-2.0
"""The buckets of an inventory's registries: which are declared, for whom, with which rule, and who wins."""

from __future__ import annotations

import pytest
import yaml
from ansible_collections.rgwkit.ceph.plugins.module_utils.registry.buckets import (
    DEFAULTS,
    registry_buckets,
    with_registry_buckets,
)
from ansible_collections.rgwkit.ceph.plugins.module_utils.rgw.buckets.found import nothing
from ansible_collections.rgwkit.ceph.plugins.module_utils.rgw.buckets.plan import plan_bucket
from ansible_collections.rgwkit.ceph.plugins.module_utils.rgw.buckets.registries import is_dangerous
from ansible_collections.rgwkit.ceph.plugins.module_utils.rgw.buckets.spec import parse_buckets

from tests.playbooks import PROJECT

USERS = [
    {"uid": "registry", "s3_keys": [{"access_key": "KEY"}, {"access_key": "OLD", "state": "retired"}]},
    {"uid": "hub", "tenant": "research", "keys": [{"access_key": "HUB"}]},
    {"uid": "gone", "state": "absent", "s3_keys": [{"access_key": "GONE"}]},
]
S3 = {"registry_storage": "s3", "registry_s3_bucket": "images", "registry_s3_accesskey": "KEY"}
RULE = {"id": "registry-uploads", "abort_incomplete_multipart_upload_days": 7}
OF_S3 = {"name": "images", "owner": "registry", "lifecycle": [RULE], "lifecycle_is_default": True}


def declared(*registries, entries=(), users=USERS):
    hosts = {f"h{number}": variables for number, variables in enumerate(registries)}
    return with_registry_buckets(entries, hosts, hosts, users)


def named(*registries, users=USERS):
    hosts = {f"h{number}": variables for number, variables in enumerate(registries)}
    return registry_buckets(hosts, hosts, users)


def test_the_defaults_are_those_of_the_role():
    of_role = yaml.safe_load((PROJECT / "roles/registry/defaults/main.yml").read_text())
    purging = of_role["registry_uploadpurging"]
    assert {**DEFAULTS, "registry_uploadpurging": purging} == {name: of_role[name] for name in DEFAULTS}
    assert DEFAULTS["registry_uploadpurging"]["age"] == purging["age"]


def test_a_registry_with_the_swift_driver_has_a_container():
    assert declared({}) == [{"name": "registry", "owner": "registry", "api": "swift"}]
    tenant = {"registry_swift_username": "research$hub:swift", "registry_swift_container": "box"}
    assert declared(tenant) == [{"name": "box", "tenant": "research", "owner": "hub", "api": "swift"}]
    assert named({}, tenant) == ["registry", "research/box"]


@pytest.mark.parametrize("key", ["KEY", "OLD"])
def test_a_registry_with_the_s3_driver_has_a_bucket_whose_uploads_end(key):
    assert declared({**S3, "registry_s3_accesskey": key}) == [OF_S3]


def test_the_owner_is_who_has_the_key():
    registry = {**S3, "registry_s3_accesskey": "HUB"}
    (entry,) = declared(registry)
    assert (entry["owner"], entry["tenant"], named(registry)) == ("hub", "research", ["research/images"])


@pytest.mark.parametrize(
    "registry",
    [
        {**S3, "registry_s3_accesskey": "of somebody else"},
        {**S3, "registry_s3_accesskey": "GONE"},
        {"registry_swift_username": "somebody:swift"},
        {"registry_swift_username": "gone:swift"},
        {**S3, "registry_state": "absent"},
    ],
)
def test_a_bucket_is_guarded_and_not_declared_without_a_user_or_a_registry(registry):
    assert declared(registry) == [] and len(named(registry)) == 1


@pytest.mark.parametrize("storage", ["filesystem", "inmemory"])
def test_other_drivers_have_no_bucket(storage):
    assert declared({"registry_storage": storage}) == named({"registry_storage": storage}) == []


def test_replicas_share_a_bucket():
    assert declared(S3, S3) == [OF_S3] and named(S3, S3) == ["images"]


@pytest.mark.parametrize(
    ("age", "days"), [("168h", 7), ("1h", 1), ("36h", 2), ("720h0m1s", 31), ("nonsense", 7), (None, 7), (0, 1)]
)
def test_uploads_end_when_the_registry_gives_them_up(age, days):
    (entry,) = declared({**S3, "registry_uploadpurging": {"age": age}})
    assert entry["lifecycle"] == [{**RULE, "abort_incomplete_multipart_upload_days": days}]


def in_folder(folder, age="168h"):
    return {**S3, "registry_s3_options": {"rootdirectory": folder}, "registry_uploadpurging": {"age": age}}


def test_registries_in_folders_of_one_bucket_have_a_rule_each():
    (entry,) = declared(in_folder("/a"), in_folder("b/", "240h"), in_folder("a"))
    assert [
        (rule["id"], rule["prefix"], rule["abort_incomplete_multipart_upload_days"]) for rule in entry["lifecycle"]
    ] == [
        ("registry-uploads/a", "a/", 7),
        ("registry-uploads/b", "b/", 10),
    ]


def test_rules_do_not_overlap():
    (entry,) = declared(S3, in_folder("a", "240h"))
    assert entry["lifecycle"] == [{**RULE, "abort_incomplete_multipart_upload_days": 10}]


def test_the_entries_of_the_list_come_first_and_win():
    own = {"name": "images", "quota": {"max_size": "1TiB"}}
    other = {"name": "images", "tenant": "research", "owner": "hub"}
    assert declared(S3, {}, entries=[other, own]) == [
        other,
        {**OF_S3, **own},
        {"name": "registry", "owner": "registry", "api": "swift"},
    ]


@pytest.mark.parametrize("lifecycle", [None, [{"id": "mine", "abort_incomplete_multipart_upload_days": 2}]])
def test_a_lifecycle_of_the_list_is_no_default(lifecycle):
    (entry,) = declared(S3, entries=[{"name": "images", "lifecycle": lifecycle}])
    assert entry == {"name": "images", "owner": "registry", "lifecycle": lifecycle}


def test_what_is_to_go_is_not_declared_again():
    gone = {"name": "images", "state": "absent"}
    assert declared(S3, entries=[gone]) == [gone]


def test_entries_that_the_module_refuses_are_left_to_it():
    assert declared(S3, entries=["text", {"owner": "x"}], users=["text"]) == ["text", {"owner": "x"}]
    assert declared(S3, users=[{"uid": "x", "s3_keys": ["text"]}]) == []


def test_the_module_takes_the_entries_and_the_guard_of_registries_lets_them_pass():
    entries = declared(S3, {}, in_folder("deep/down"))
    for bucket in parse_buckets(entries, registrys=named(S3, {})):
        assert bucket.is_registrys and not is_dangerous(plan_bucket(bucket, nothing(bucket)))
