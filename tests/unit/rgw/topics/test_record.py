# SPDX-License-Identifier: Apache-2.0
"""Topics of a listing, as gateways give them."""

from __future__ import annotations

import pytest
from ansible_collections.rgwkit.ceph.plugins.module_utils.rgw.topics.record import read_record
from ansible_collections.rgwkit.ceph.plugins.module_utils.rgw.topics.state import read_state
from ansible_collections.rgwkit.ceph.plugins.module_utils.s3 import markup

# 18.2.7
COPY = b"""<member><User>ten</User><Name>n1_t</Name><EndPoint><EndpointAddress>http://h/?a=1&amp;b=2</EndpointAddress>
<EndpointArgs>OpaqueData=a..b &amp;c=d&amp;cloudevents=true&amp;max_retries=3&amp;persistent=maybe&amp;\
push-endpoint=http://h/?a=1&amp;b=2&amp;verify-ssl=false</EndpointArgs><EndpointTopic>t</EndpointTopic><HasStoredSecret>False</HasStoredSecret>
<Persistent>False</Persistent></EndPoint><TopicArn>arn:aws:sns:default:ten:t</TopicArn>
<OpaqueData>a..b &amp;c=d</OpaqueData></member>"""
# 16.2.15
TWICE = b"""<member><User></User><Name>t</Name><EndPoint><EndpointAddress>amqp://u:p%40@h/v%2Fh</EndpointAddress><EndpointArgs>\
Attributes.entry.1.key=push-endpoint&amp;Attributes.entry.1.value=amqp://u:p%40@h/v%2Fh&amp;Attributes.entry.2.key=amqp-exchange&amp;\
Attributes.entry.2.value=ex&amp;amqp-exchange=ex&amp;push-endpoint=amqp://u:p%40@h/v%2Fh</EndpointArgs><EndpointTopic>t</EndpointTopic>
<HasStoredSecret>True</HasStoredSecret><Persistent>True</Persistent></EndPoint><TopicArn>arn:aws:sns:default::t</TopicArn>
<OpaqueData></OpaqueData></member>"""
# After the source of 20
LATER = b"""<member><User>alice</User><Name>t</Name><EndPoint><EndpointAddress>https://h</EndpointAddress><EndpointArgs>user-name=u\
</EndpointArgs><EndpointTopic>t</EndpointTopic><HasStoredSecret>false</HasStoredSecret><Persistent>true</Persistent>
<TimeToLive>None</TimeToLive><MaxRetries>0</MaxRetries><RetrySleepDuration>7</RetrySleepDuration></EndPoint>
<TopicArn>arn:aws:sns:default::t</TopicArn><OpaqueData>x</OpaqueData><Policy>{}</Policy></member>"""


def test_a_copy_of_18():
    record = read_record(markup.parse(COPY))
    assert record.is_copy and record.topic == "t"
    assert record.owner == ""  # it is the tenant
    assert record.attributes == {
        "push-endpoint": "http://h/?a=1&b=2",
        "OpaqueData": "a..b &c=d",
        "cloudevents": "true",
        "verify-ssl": "false",
    }


def test_16_repeats_the_request():
    record = read_record(markup.parse(TWICE))
    assert not record.is_copy
    assert record.attributes == {
        "push-endpoint": "amqp://u:p%40@h/v%2Fh",
        "persistent": "true",
        "amqp-exchange": "ex",
    }
    state = read_state(record.attributes)
    assert (state["push_endpoint"], state["user"], state["password"].value) == ("amqp://h/v%2Fh", "u", "p@")
    assert "p%40" not in repr(record) and "p@" not in repr(state)


def test_later_releases_say_it_apart():
    record = read_record(markup.parse(LATER))
    assert record.owner == "alice"
    state = read_state(record.attributes)
    assert (state["time_to_live"], state["max_retries"], state["retry_sleep_duration"]) == (None, 0, 7)
    # Of these nothing is known but that they have to be told again, and that they may be secret.
    assert state["attribute user-name"].value == "u" and state["attribute Policy"].value == "{}"


@pytest.mark.parametrize("member", [b"<member/>", b"<member><Name>t</Name></member>"])
def test_what_is_no_topic(member):
    with pytest.raises(ValueError, match="without name or ARN"):
        read_record(markup.parse(member))
