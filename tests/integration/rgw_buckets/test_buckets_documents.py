# SPDX-License-Identifier: Apache-2.0
"""What documents do: seen by the owner, by another user, and by the public."""

from __future__ import annotations

import time

import pytest
import requests
from ansible_collections.rgwkit.ceph.plugins.modules import rgw_topics

from tests.integration.gateway import second_gateway

LISTING = "<Contents>"


def allow(name, *uids, action="s3:GetObject"):
    principal = {"AWS": [f"arn:aws:iam:::user/{uid}" for uid in uids]}
    return {
        "Statement": [
            {"Effect": "Allow", "Principal": principal, "Action": action, "Resource": f"arn:aws:s3:::{name}/*"}
        ]
    }


def test_create_again_change_check_null_absent_again(module, release, owner, name):
    entry = {
        "name": name,
        "owner": owner.uid,
        "quota": {"max_size": "10MiB", "max_objects": 9},
        "versioning": "enabled",
        **({"tags": {"team": "a"}} if release > 14 else {}),
        "lifecycle": [{"id": "old", "prefix": "tmp/", "expiration_days": 30}],
        "cors": [{"allowed_origins": ["https://a.example"], "allowed_methods": ["GET"]}],
        "policy": allow(name, owner.uid),
        "acl": "private",
    }
    planned = module(entry, check=True)
    assert planned["changed"] and owner("HEAD", f"/{name}").status_code == 404
    done = module(entry)
    assert done["diff"] == planned["diff"] and not module(entry)["changed"]
    entry["quota"] = {"max_size": "20MiB"}
    assert module(entry)["buckets"][0]["changes"] == ["quota.max_size: 10485760 -> 20971520"]
    nulls = {option: None for option in entry if option not in ("name", "owner")}
    assert [module({"name": name, **nulls})["changed"] for _run in range(2)] == [True, False]
    gone = {"name": name, "state": "absent"}
    assert [module(gone)["changed"], module(gone)["changed"]] == [True, False]


def test_a_quota_of_bytes_lets_writes_through_up_to_it(module, owner, name):
    """Ceph 16 makes 0 of a quota in bytes, and refuses every PUT then."""
    module({"name": name, "owner": owner.uid, "quota": {"max_size": "64KiB"}})
    assert owner.put(name, "small", bytes(16 * 1024)) == 200
    until = time.monotonic() + 60  # the gateway counts behind its answers
    while owner.put(name, "large", bytes(60 * 1024)) == 200 and time.monotonic() < until:
        time.sleep(1)
    assert owner("PUT", f"/{name}/more", body=bytes(60 * 1024)).status_code == 403
    module({"name": name, "quota": None})
    assert owner.put(name, "large", bytes(60 * 1024)) == 200


def test_a_policy_lets_another_user_in_until_it_is_gone(module, owner, other, name):
    module({"name": name, "owner": owner.uid, "policy": allow(name, other.uid)})
    owner.put(name, "k")
    assert other.get(name, "k") == 200 and other.put(name, "k") == 403
    module({"name": name, "policy": None})
    assert other.get(name, "k") == 403


def test_an_acl_lets_the_public_list(gateway, module, owner, name):
    public = type(owner)(owner.url)
    module({"name": name, "owner": owner.uid, "acl": "public-read"})
    owner.put(name, "k")
    assert LISTING in public("GET", f"/{name}").text
    module({"name": name, "acl": None})
    assert public("GET", f"/{name}").status_code == 403


def test_a_preflight_is_answered_for_the_origin_that_was_named(module, owner, name):
    rule = {"allowed_origins": ["https://a.example"], "allowed_methods": ["GET"], "max_age_seconds": 60}
    module({"name": name, "owner": owner.uid, "cors": [rule]})
    asks = {"Origin": "https://a.example", "Access-Control-Request-Method": "GET"}
    public = type(owner)(owner.url)
    answer = public("OPTIONS", f"/{name}/k", headers=asks)
    assert (answer.status_code, answer.headers["Access-Control-Allow-Origin"]) == (200, "https://a.example")
    assert public("OPTIONS", f"/{name}/k", headers={**asks, "Origin": "https://b.example"}).status_code == 403


def test_versions_are_kept_and_can_be_read_again(module, owner, name):
    module({"name": name, "owner": owner.uid, "versioning": "enabled"})
    first = owner.put_version(name, "k", b"first")
    owner.put(name, "k", b"second")
    assert owner("GET", f"/{name}/k", {"versionId": first}).content == b"first"
    assert owner("DELETE", f"/{name}/k").status_code == 204 and owner.get(name, "k") == 404
    refused = module({"name": name, "state": "absent"})["msg"]
    assert "2 objects, each version counted, and is not removed" in refused
    assert module({"name": name, "state": "absent", "remove_objects": True})["changed"]


def test_object_lock_holds_against_removal(module, owner, name):
    lock = {"mode": "compliance", "days": 1}
    entry = {"name": name, "owner": owner.uid, "object_lock": lock}
    assert [module(entry)["changed"], module(entry)["changed"]] == [True, False]
    version = owner.put_version(name, "k", b"x")
    assert owner("DELETE", f"/{name}/k", {"versionId": version}).status_code == 403
    refused = module({"name": name, "state": "absent", "remove_objects": True})["msg"]
    assert "object lock" in refused and owner("GET", f"/{name}/k", {"versionId": version}).status_code == 200


def test_lifecycle_removes_what_a_rule_names_and_nothing_else(gateway, module, owner, name):
    rule = {"id": "tmp", "prefix": "tmp/", "expiration_days": 1}
    module({"name": name, "owner": owner.uid, "lifecycle": [rule]})
    owner.put(name, "tmp/k")
    owner.put(name, "kept/k")
    time.sleep(2)
    gateway.process_lifecycle_until_gone(owner, name, "tmp/k")
    assert owner.get(name, "kept/k") == 200


def test_an_event_of_a_bucket_goes_to_the_topic_that_was_named(module, admin, release, owner, name, run_module):
    if release == 14:
        pytest.skip("Ceph 14 has no topics that are managed by signed requests")
    notification = {"id": "made", "topic": name, "events": ["s3:ObjectCreated:*"], "prefix": "in/"}
    entry = {"name": name, "owner": owner.uid, "notifications": [notification]}
    assert f"there is no topic '{name}'" in module(entry)["msg"]
    topic = {"name": name, "owner": owner.uid, "push_endpoint": "http://127.0.0.1:9/"}
    assert run_module(rgw_topics, **admin, topics=[topic])["changed"]
    assert [module(entry)["changed"], module(entry)["changed"]] == [True, False]
    assert f":{name}</Topic>" in owner("GET", f"/{name}", {"notification": ""}).text
    other = {**notification, "id": "gone", "events": ["s3:ObjectRemoved:*"]}
    assert [module({**entry, "notifications": [other]})["changed"] for _run in range(2)] == [True, False]
    assert [module({**entry, "notifications": None})["changed"] for _run in range(2)] == [True, False]


def test_a_website_is_served(gateway, module, owner, name):
    website = {"index_document": "index.html", "error_document": "no.html"}
    entry = {"name": name, "owner": owner.uid, "website": website, "acl": "public-read"}
    assert "rgw_enable_static_website" in module(entry)["msg"]  # where it is switched off
    options = {
        "rgw_enable_static_website": "true",
        "rgw_enable_apis": "s3, s3website, swift, swift_auth, admin",
        "rgw_dns_s3website_name": "web.example",
    }
    with second_gateway(gateway.demo, **options) as url:
        assert [module(entry, endpoint=url)["changed"] for _run in range(2)] == [True, False]
        owner("PUT", f"/{name}/index.html", body=b"hello", headers={"x-amz-acl": "public-read"})
        answer = requests.get(url, headers={"Host": f"{name}.web.example"}, timeout=10)
        assert (answer.status_code, answer.content) == (200, b"hello")
        assert [module({**entry, "website": None}, endpoint=url)["changed"] for _run in range(2)] == [True, False]


@pytest.mark.parametrize("block", [True, {"block_public_acls": True}])
def test_a_block_and_what_it_refuses(module, release, owner, name, block):
    entry = {"name": name, "owner": owner.uid, "public_access_block": block}
    if release == 14:
        assert "Ceph 14 does not know it" in module(entry)["msg"] and owner("HEAD", f"/{name}").status_code == 404
        return
    assert [module(entry)["changed"], module(entry)["changed"]] == [True, False]
    assert "lets the public in" in module({**entry, "acl": "public-read"})["msg"]
    assert module({**entry, "public_access_block": None, "acl": "public-read"})["changed"]
    assert module({**entry, "acl": None})["changed"]


def test_every_document_comes_back_from_an_export(module, info, release, owner, name):
    entry = {
        "name": name,
        "owner": owner.uid,
        "object_lock": {"mode": "governance", "days": 1},
        **({"tags": {"a": "b"}} if release > 14 else {}),
        "lifecycle": [{"id": "up", "abort_incomplete_multipart_upload_days": 7}],
        "cors": [{"allowed_origins": ["*"], "allowed_methods": ["GET", "HEAD"]}],
        "policy": allow(name, owner.uid, action=["s3:GetObject", "s3:PutObject"]),
        "acl": [{"group": "authenticated_users", "permissions": ["read"]}],
        "quota": {"max_objects": 5},
    }
    module(entry)
    found = info(buckets=[name, "no-such-bucket"])["buckets"]
    assert len(found) == 1 and not module(*found)["changed"]
    owner("DELETE", f"/{name}")
    assert module(*found)["changed"] and info(buckets=[name])["buckets"] == found


def test_without_the_cap_for_rate_limits_the_rest_is_exported(gateway, module, info, release, owner, name):
    if release < 18:
        pytest.skip("Ceph 16 has no rate limits")
    module({"name": name, "owner": owner.uid, "quota": {"max_objects": 5}, "rate_limit": {"max_read_ops": 7000}})
    # This one has no ratelimit=read.
    reader = gateway.add_user("reader", "--caps=buckets=read;users=read;metadata=read")
    found = info(access_key=reader.login.user, secret_key=reader.login.secret, secret_key_file=None, buckets=[name])
    assert found["buckets"][0]["quota"]["max_objects"] == 5
    assert "rate_limit" not in found["buckets"][0]
    assert f"bucket '{name}': rate_limit is left out" in found["printed"] and "ratelimit=read" in found["printed"]


def test_the_whole_gateway_comes_back_from_an_export(module, info):
    found = info()
    assert len(found["buckets"]) > 3
    assert not module(*found["buckets"])["changed"]
