# SPDX-License-Identifier: Apache-2.0
"""Events are seen to arrive at a RabbitMQ from Debian's package."""

from __future__ import annotations

import time

import pytest

from tests.ceph import RELEASE
from tests.integration.rgw_topics.helpers import EVENT_SECONDS, FIRST_EVENT_SECONDS, NEEDS_16
from tests.integration.rgw_topics.rabbit import USER, running_rabbit

# The first test makes an image and starts the broker.
pytestmark = [NEEDS_16, pytest.mark.long]
# After 30 s without an event, RGW closes its connection to a broker (rgw_amqp.cc).
IDLE_SECONDS = 40


@pytest.fixture(scope="module")
def rabbit(tmp_path_factory):
    with running_rabbit(tmp_path_factory.mktemp("rabbit")) as rabbit:
        yield rabbit


@pytest.fixture
def exchange(rabbit, name):
    """One for all tests on Ceph 16, whose gateway uses no second one of a broker."""
    exchange = "events" if RELEASE == 16 else name
    rabbit.bind(exchange=exchange, queue=name, routing_key=name)
    return exchange


@pytest.mark.parametrize(
    ("ack_level", "persistent"), [("none", False), ("broker", False), ("routable", False), ("broker", True)]
)
def test_an_event_arrives(gateway, module, rabbit, owner, name, exchange, ack_level, persistent):
    entry = {
        "name": name,
        "owner": owner.uid,
        "push_endpoint": rabbit.url,
        "user": USER,
        "password": rabbit.password,
        "amqp_exchange": exchange,
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


@pytest.mark.skipif(RELEASE == 16, reason="16 would try the wrong password until it is restarted")
def test_a_wrong_password(gateway, module, rabbit, owner, name, exchange):
    """The topic is what it was told to be, and the PUT works: only the event does not arrive.

    The gateway tries the former password until nothing was sent to the exchange for half a minute.
    """
    entry = {
        "name": name,
        "owner": owner.uid,
        "push_endpoint": rabbit.url,
        "user": USER,
        "password": "not-the-password",
        "amqp_exchange": exchange,
    }
    assert module(entry, allow_cleartext_secrets=True)["changed"]
    bucket = gateway.new_bucket(owner)
    assert gateway.notify(owner, bucket, name) == 200
    assert gateway.put(owner, bucket, "object") == 200
    with pytest.raises(AssertionError, match="no message"):
        rabbit.wait(name, 3)
    assert module({**entry, "password": rabbit.password}, allow_cleartext_secrets=True)["changed"]
    time.sleep(IDLE_SECONDS)
    assert gateway.put(owner, bucket, "another") == 200
    assert rabbit.wait(name, EVENT_SECONDS)["content"]["Records"][0]["s3"]["object"]["key"] == "another"


@pytest.mark.skipif(RELEASE > 16, reason="later releases have a connection for each exchange")
def test_16_has_one_connection_to_a_broker(gateway, module, rabbit, owner, name, exchange):
    """The events of a second topic go by the connection of the first, and so with its password."""
    entry = {
        "name": name,
        "owner": owner.uid,
        "push_endpoint": rabbit.url,
        "user": USER,
        "password": rabbit.password,
        "amqp_exchange": exchange,
    }
    second = {**entry, "name": f"{name}2", "password": "not-the-password"}
    rabbit.bind(exchange=exchange, queue=second["name"], routing_key=second["name"])
    assert module(entry, second, allow_cleartext_secrets=True)["changed"]
    for topic in (entry, second):
        bucket = gateway.new_bucket(owner)
        assert gateway.notify(owner, bucket, topic["name"]) == 200
        assert gateway.put(owner, bucket, "object") == 200
        assert rabbit.wait(topic["name"], EVENT_SECONDS)["content"]["Records"]


def test_two_exchanges_of_one_broker(module, rabbit, owner, name):
    one = {"name": name, "owner": owner.uid, "push_endpoint": rabbit.url, "amqp_exchange": "one"}
    result = module(one, {**one, "name": f"{name}2", "amqp_exchange": "two"})
    if RELEASE > 16:
        assert result["changed"]
    else:
        assert "uses one exchange of a broker" in result["msg"]
