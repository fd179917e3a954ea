# SPDX-License-Identifier: Apache-2.0
"""Events are seen to arrive at a RabbitMQ from Debian's package."""

from __future__ import annotations

import pytest

from tests.integration.rgw_topics.helpers import EVENT_SECONDS, FIRST_EVENT_SECONDS, NEEDS_16
from tests.integration.rgw_topics.rabbit import USER, running_rabbit

pytestmark = NEEDS_16


@pytest.fixture(scope="module")
def rabbit(tmp_path_factory):
    with running_rabbit(tmp_path_factory.mktemp("rabbit")) as rabbit:
        yield rabbit


@pytest.mark.parametrize(
    ("ack_level", "persistent"), [("none", False), ("broker", False), ("routable", False), ("broker", True)]
)
def test_an_event_arrives(gateway, module, rabbit, owner, name, ack_level, persistent):
    rabbit.bind(exchange=name, queue=name)
    entry = {
        "name": name,
        "owner": owner.uid,
        "push_endpoint": rabbit.url,
        "user": USER,
        "password": rabbit.password,
        "amqp_exchange": name,
        "amqp_ack_level": ack_level,
        "persistent": persistent,
        "opaque_data": "by amqp",
    }
    result = module(entry, allow_cleartext_secrets=True)
    assert result["changed"] and rabbit.password not in str(result)
    assert not module(entry, allow_cleartext_secrets=True)["changed"]
    bucket = gateway.new_bucket(owner)
    assert gateway.notify(owner, bucket, name) == 200
    assert gateway.put(owner, bucket, "object") == 200
    message = rabbit.wait(name, FIRST_EVENT_SECONDS if persistent else EVENT_SECONDS)
    record = message["content"]["Records"][0]
    assert message["routing_key"] == name
    assert (record["s3"]["object"]["key"], record["opaqueData"]) == ("object", "by amqp")


def test_a_wrong_password(gateway, module, rabbit, owner, name):
    """The topic is what it was told to be, and the PUT works: only the event does not arrive."""
    rabbit.bind(exchange=name, queue=name)
    entry = {
        "name": name,
        "owner": owner.uid,
        "push_endpoint": rabbit.url,
        "user": USER,
        "password": "not-the-password",
        "amqp_exchange": name,
    }
    assert module(entry, allow_cleartext_secrets=True)["changed"]
    bucket = gateway.new_bucket(owner)
    assert gateway.notify(owner, bucket, name) == 200
    assert gateway.put(owner, bucket, "object") == 200
    with pytest.raises(AssertionError, match="no message"):
        rabbit.wait(name, 3)
    assert module({**entry, "password": rabbit.password}, allow_cleartext_secrets=True)["changed"]
    assert gateway.put(owner, bucket, "another") == 200
    assert rabbit.wait(name, EVENT_SECONDS)["content"]["Records"][0]["s3"]["object"]["key"] == "another"
