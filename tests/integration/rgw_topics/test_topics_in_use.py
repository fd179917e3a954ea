# SPDX-License-Identifier: Apache-2.0
"""A topic that buckets name is not removed, and what comes of it if somebody removes it all the same."""

from __future__ import annotations

import pytest
from ansible_collections.rgwkit.ceph.plugins.module_utils.base.login import Login
from ansible_collections.rgwkit.ceph.plugins.module_utils.rgw.topics import client as topics

from tests.ceph import RELEASE
from tests.integration.rgw_topics.helpers import NEEDS_16

pytestmark = NEEDS_16


def remove_all_the_same(gateway, owner, name):
    demo = gateway.demo
    client = topics.TopicClient(demo.url, Login(demo.access_key, demo.secret), ca_file=str(gateway.certificate))
    client.remove_topic(topics.Owner(owner.uid, owner.login), f"arn:aws:sns:default:{owner.tenant}:{name}")
    client.close()


@pytest.mark.parametrize("tenant", ["", "acme"])
def test_a_topic_in_use_is_not_removed(gateway, module, receiver, name, tenant):
    owner = gateway.new_owner(tenant)
    uid = owner.uid.rpartition("$")[2]
    entry = {
        "name": name,
        "owner": uid,
        "push_endpoint": f"{receiver.url}/{name}",
        **({"tenant": tenant} if tenant else {}),
    }
    module(entry)
    buckets = sorted(gateway.new_bucket(owner) for _bucket in range(2))
    for bucket in buckets:
        assert gateway.notify(owner, bucket, name, identifier=bucket) == 200
    result = module({**entry, "state": "absent"})
    assert f"in use by the notifications of the buckets '{buckets[0]}' and '{buckets[1]}'" in result["msg"]
    assert not module(entry)["changed"]
    for bucket in buckets:
        gateway.silence(owner, bucket)
    assert module({**entry, "state": "absent"})["changed"]


@pytest.mark.parametrize("persistent", [True, False])
def test_what_the_guard_is_for(gateway, module, receiver, owner, name, persistent):
    """Seen on 16.2.15 and 18.2.7: every PUT is refused if the topic was persistent; the notification stays."""
    module({"name": name, "owner": owner.uid, "push_endpoint": f"{receiver.url}/{name}", "persistent": persistent})
    bucket = gateway.new_bucket(owner)
    assert gateway.notify(owner, bucket, name) == 200
    assert gateway.put(owner, bucket, "before") == 200
    remove_all_the_same(gateway, owner, name)
    status = gateway.put(owner, bucket, "after")
    assert status == (400 if RELEASE < 19 and persistent else 200)
    assert name in gateway.notifications(owner, bucket)
