# SPDX-License-Identifier: Apache-2.0
"""Events are seen to arrive, where a topic says and as it says."""

from __future__ import annotations

import pytest
from ansible_collections.rgwkit.ceph.plugins.module_utils.base.login import Login

from tests.ceph import RELEASE
from tests.integration.rgw_topics.helpers import CANARY, EVENT_SECONDS, FIRST_EVENT_SECONDS, NEEDS_16

pytestmark = NEEDS_16

EARLIER = pytest.mark.skipif(RELEASE > 18, reason="notifications have no copies of topics")


@pytest.fixture
def bucket(gateway, owner):
    return gateway.new_bucket(owner)


def test_an_event_arrives(gateway, module, receiver, owner, name, bucket):
    entry = {"name": name, "owner": owner.uid, "push_endpoint": f"{receiver.url}/{name}", "opaque_data": "x & y=ä"}
    assert module(entry)["changed"]
    assert gateway.notify(owner, bucket, name) == 200
    assert gateway.put(owner, bucket, "first") == 200
    event = receiver.wait(f"/{name}", "first", EVENT_SECONDS)
    assert event.records[0]["opaqueData"] == "x & y=ä"
    assert event.records[0]["s3"]["bucket"]["name"] == bucket


@pytest.mark.long
def test_the_events_of_a_persistent_topic_wait_for_the_receiver(gateway, module, receiver, owner, name, bucket):
    entry = {"name": name, "owner": owner.uid, "push_endpoint": f"{receiver.url}/{name}", "persistent": True}
    assert module(entry)["changed"]
    assert gateway.notify(owner, bucket, name) == 200
    assert gateway.put(owner, bucket, "first") == 200
    receiver.wait(f"/{name}", "first", FIRST_EVENT_SECONDS)
    assert gateway.put(owner, bucket, "second") == 200
    receiver.wait(f"/{name}", "second", EVENT_SECONDS)
    assert not module(entry)["changed"]
    # And back: the topic has no queue any more.
    assert module({"name": name, "owner": owner.uid, "persistent": None})["changed"]
    assert gateway.put(owner, bucket, "third") == 200
    receiver.wait(f"/{name}", "third", EVENT_SECONDS)


def test_events_go_where_a_changed_topic_says(gateway, module, receiver, owner, name, bucket):
    entry = {"name": name, "owner": owner.uid, "push_endpoint": f"{receiver.url}/{name}/old"}
    module(entry)
    assert gateway.notify(owner, bucket, name) == 200
    before = gateway.notifications(owner, bucket)
    result = module({**entry, "push_endpoint": f"{receiver.url}/{name}/new"})
    stored_again = f"notifications of bucket '{bucket}': stored again"
    assert (stored_again in result["topics"][0]["changes"]) == (RELEASE < 19)
    assert gateway.notifications(owner, bucket) == before
    assert gateway.put(owner, bucket, "object") == 200
    receiver.wait(f"/{name}/new", "object", EVENT_SECONDS)
    assert not receiver.at(f"/{name}/old")
    assert not module({**entry, "push_endpoint": f"{receiver.url}/{name}/new"})["changed"]


@EARLIER
def test_a_notification_of_another_user_keeps_the_old_topic(gateway, module, receiver, owner, name):
    other = gateway.new_owner()
    bucket = gateway.new_bucket(other)
    entry = {"name": name, "owner": owner.uid, "push_endpoint": f"{receiver.url}/{name}/old"}
    module(entry)
    assert gateway.notify(other, bucket, name, identifier="theirs") == 200
    result = module({**entry, "push_endpoint": f"{receiver.url}/{name}/new"})
    assert f"notifications of buckets of other users ('theirs_{name}')" in result["warnings"][0]["event"]["msg"]
    assert gateway.put(other, bucket, "object") == 200
    receiver.wait(f"/{name}/old", "object", EVENT_SECONDS)
    assert "by notifications of buckets of other users" in module({**entry, "state": "absent"})["msg"]


def test_a_login_is_sent_to_the_receiver(gateway, module, receiver, owner, name, bucket):
    entry = {
        "name": name,
        "owner": owner.uid,
        "push_endpoint": f"{receiver.url}/{name}",
        "user": "us@er",
        "password": f"{CANARY}:p/w%",
    }
    assert "in clear with http://" in module(entry)["msg"]
    assert module(entry, allow_cleartext_secrets=True)["changed"]
    assert not module(entry, allow_cleartext_secrets=True)["changed"]
    assert gateway.notify(owner, bucket, name) == 200
    assert gateway.put(owner, bucket, "object") == 200
    event = receiver.wait(f"/{name}", "object", EVENT_SECONDS)
    assert event.headers["Authorization"] == Login(entry["user"], entry["password"]).basic


def test_cloudevents(gateway, module, receiver, owner, name, bucket):
    entry = {"name": name, "owner": owner.uid, "push_endpoint": f"{receiver.url}/{name}", "cloudevents": True}
    result = module(entry)
    if RELEASE < 17:
        assert "cloudevents: needs Ceph 17" in result["msg"]
        return
    assert gateway.notify(owner, bucket, name) == 200
    assert gateway.put(owner, bucket, "object") == 200
    headers = receiver.wait(f"/{name}", "object", EVENT_SECONDS).headers
    assert {field.lower() for field in headers} >= {"ce-specversion", "ce-type", "ce-id", "ce-source", "ce-time"}
