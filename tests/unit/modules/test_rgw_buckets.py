# SPDX-License-Identifier: GPL-3.0-or-later
"""The module's own main(), with a gateway on loopback: what it prints is what Ansible gets."""

from __future__ import annotations

import pytest
import yaml
from ansible_collections.rgwkit.ceph.plugins.doc_fragments import rgw_bucket, rgw_connection
from ansible_collections.rgwkit.ceph.plugins.modules import rgw_buckets, rgw_buckets_info

from tests.unit.rgw.buckets.bucket_gateway import BucketGateway
from tests.unit.rgw.gateway_double import running_gateway

CANARY = "canary-a3f0c1d2e4"


@pytest.fixture
def gateway():
    with running_gateway(BucketGateway) as gateway:
        gateway.add_owner("al")
        gateway.data("al")["keys"][0]["secret_key"] = CANARY + "-owner"
        yield gateway


@pytest.fixture
def admin(gateway):
    return {"endpoint": gateway.endpoint, "access_key": "A", "secret_key": CANARY + "-admin", "wait": 0}


@pytest.fixture
def module(admin, run_module):
    def run(*buckets, **options):
        result = run_module(rgw_buckets, **{**admin, "buckets": list(buckets), **options})
        assert CANARY not in result.pop("printed")
        return result

    return run


def bucket(**options):
    return {"name": "b-1", "owner": "al", **options}


def test_null_and_nothing_differ(module, gateway):
    assert module(bucket(quota={"max_objects": 5}, tags={"a": "b"}))["changed"]
    assert not module(bucket())["changed"]
    assert not module(bucket(quota={"max_objects": 5}))["changed"]
    result = module(bucket(quota={"max_objects": None}, tags=None))
    assert result["buckets"][0]["changes"] == ["quota.max_objects: 5 -> -1", 'tagging.a: "b" -> (none)']


def test_aliases(module):
    result = module(bucket(tags={"a": "b"}, notifications=None))["buckets"][0]
    assert (result["tagging"], result["notification"]) == ({"a": "b"}, [])


def test_a_sentence_says_what_changed_where(module, gateway):
    where = f"buckets on {gateway.endpoint}: "
    assert module(bucket(), check=True)["summary"] == f"{where}1 would be created"
    assert module(bucket())["summary"] == f"{where}1 created"
    assert module(bucket(), {"name": "b-2", "state": "absent"})["summary"] == f"{where}2 unchanged"
    assert module()["summary"] == f"{where}none listed"


def test_only_buckets_that_change_have_details_if_so_asked(module):
    module(bucket())
    lean = module(bucket(), bucket(name="b-2"), return_details="changed")["buckets"]
    assert lean[0] == {"name": "b-1", "tenant": "", "state": "present", "changed": False, "changes": []}
    assert lean[1]["owner"] == "al"


def test_a_gateway_that_is_to_be_made(run_module):
    nobody = {"endpoint": "http://127.0.0.1:1", "access_key": "A", "secret_key_file": "/nonexistent", "wait": 0}
    buckets = [bucket(lifecycle=[{"id": "a", "expiration_days": 1}]), {"name": "gone", "state": "absent"}]
    result = run_module(rgw_buckets, check=True, gateway_to_be_made=True, buckets=buckets, **nobody)
    assert [entry["changed"] for entry in result["buckets"]] == [True, False]
    assert "Of 2 buckets, 1 would be created" in str(result["warnings"])
    assert run_module(rgw_buckets, check=False, gateway_to_be_made=True, buckets=buckets, **nobody)["failed"]


@pytest.mark.parametrize(
    "entry, words",
    [
        ({"name": True}, "buckets[0].name: YAML reads this as a boolean"),
        (bucket(policy="{"), "policy: a text that is no JSON"),
        (bucket(quota={"max_size": "10GB"}), "quota.max_size: '10GB' is no size"),
        (bucket(owner=None), "owner: null is no value of a bucket"),
        (bucket(owner="t$al"), "'$' has no place in a uid"),
        (bucket(placement=""), "placement: must not be empty"),
        (bucket(lifecycle=[{"expiration_days": 1}]), "lifecycle[0]: id is missing"),
        ({"name": "a/b"}, "give the part before it as 'tenant'"),
    ],
)
def test_bad_input(module, gateway, entry, words):
    result = module(entry)
    assert words in result["msg"] and not gateway.requests


def test_two_entries_of_one_name(module):
    assert "bucket 'b-1' is given twice, first at buckets[0]" in module(bucket(), bucket())["msg"]


def test_every_option_is_documented():
    documented = yaml.safe_load(rgw_bucket.ModuleDocFragment.DOCUMENTATION)["options"]
    own = yaml.safe_load(rgw_buckets.DOCUMENTATION)["options"]
    connection = yaml.safe_load(rgw_connection.ModuleDocFragment.DOCUMENTATION)["options"]
    assert {*documented, *own, *connection} == set(rgw_buckets.ARGUMENT_SPEC)
    spec = rgw_buckets.ARGUMENT_SPEC["buckets"]["options"]
    suboptions = documented["buckets"]["suboptions"]
    assert set(suboptions) == set(spec)
    for name, option in spec.items():
        assert suboptions[name]["type"] == option["type"], name
        assert suboptions[name].get("aliases", []) == option.get("aliases", []), name


def test_an_export_changes_nothing_where_it_comes_from_and_makes_the_same_elsewhere(module, admin, run_module, gateway):
    policy = {
        "Statement": [{"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::b-1/*"}]
    }
    module(
        bucket(
            quota={"max_size": "1MiB"},
            policy=policy,
            acl="public-read",
            object_lock={"mode": "governance", "days": 3},
            rate_limit={"max_read_ops": 5},
        ),
        bucket(name="b-2"),
    )
    found = run_module(rgw_buckets_info, **admin)
    assert [entry["name"] for entry in found["buckets"]] == ["b-1", "b-2"]
    assert found["buckets"][1] == {"name": "b-2", "owner": "al", "placement": "default-placement"}
    assert not module(*found["buckets"])["changed"]
    gateway.stored.clear()
    gateway.documents.clear()
    gateway.limits.clear()
    assert module(*found["buckets"])["changed"]
    assert run_module(rgw_buckets_info, **admin)["buckets"] == found["buckets"]


def test_an_export_says_what_it_leaves_out(admin, run_module, gateway):
    gateway.add_bucket("Old_Name", "al")
    gateway.add_bucket("b-1", "gone")
    gateway.add_bucket("b-2", "al")
    gateway.documents["b-2", "acl"] = (
        b"<AccessControlPolicy><AccessControlList><Grant/></AccessControlList></AccessControlPolicy>"
    )
    method = b"<CORSRule><AllowedMethod>COPY</AllowedMethod><AllowedOrigin>*</AllowedOrigin></CORSRule>"
    gateway.documents["b-2", "cors"] = b"<CORSConfiguration>" + method + b"</CORSConfiguration>"
    gateway.add_bucket("t/b-2", "al")
    found = run_module(rgw_buckets_info, **admin)
    assert [entry["name"] for entry in found["buckets"]] == ["Old_Name", "b-1", "b-2"]
    warnings = "".join(warning["event"]["msg"] for warning in found["warnings"])
    assert "bucket 'Old_Name': it is managed where it is" in warnings
    assert "bucket 't/b-2' is left out: its owner 'al' is of another tenant" in warnings
    assert "bucket 'b-1': everything that only its owner may read is left out" in warnings
    assert "bucket 'b-2': acl is left out" in warnings
    assert "bucket 'b-2': cors is left out: cors[0].allowed_methods: 'COPY'" in warnings


def test_an_export_holds_no_template_of_a_bucket_s_owner(module, admin, run_module, gateway):
    evil = "{{ lookup('pipe', 'id') }}"
    module(bucket(), bucket(name="b-2", tags={"a": "b"}))
    tags = f"<Tagging><TagSet><Tag><Key>{evil}</Key><Value>x</Value></Tag></TagSet></Tagging>"
    gateway.documents["b-1", "tagging"] = tags.encode()
    gateway.add_bucket("{% raw %}", "al")
    found = run_module(rgw_buckets_info, **admin)
    assert [(entry["name"], entry.get("tagging")) for entry in found["buckets"]] == [("b-1", None), ("b-2", {"a": "b"})]
    warnings = "".join(warning["event"]["msg"] for warning in found["warnings"])
    assert "bucket 'b-1': tagging is left out: it holds '{{'" in warnings
    assert "bucket '{% raw %}' is left out: its name holds" in warnings


def test_an_export_of_some(admin, run_module, gateway):
    gateway.add_owner("bo")
    gateway.add_bucket("b-1", "al")
    gateway.add_bucket("b-2", "bo")
    for options, names in (({"owner": "bo"}, ["b-2"]), ({"buckets": ["b-1", "no"]}, ["b-1"])):
        assert [entry["name"] for entry in run_module(rgw_buckets_info, **admin, **options)["buckets"]] == names


def test_an_export_of_containers(module, admin, run_module):
    entry = {
        "name": "c-1",
        "api": "swift",
        "owner": "al",
        "placement": "default-placement",
        "read_acl": [".r:*"],
        "web": {"index": "index.html"},
        "metadata": {"team": "a"},
    }
    module(entry, bucket(acl="public-read"))
    plain = run_module(rgw_buckets_info, **admin)["buckets"]
    assert plain[1] == {"name": "c-1", "owner": "al", "placement": "default-placement"}
    found = run_module(rgw_buckets_info, **admin, swift=True)["buckets"]
    assert found == [plain[0], entry]
    assert not module(*found)["changed"]
