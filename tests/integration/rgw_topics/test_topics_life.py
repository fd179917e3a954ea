# SPDX-License-Identifier: Apache-2.0
"""Topics come, change and go on a real gateway, and radosgw-admin says the same of them."""

from __future__ import annotations

import pytest

from tests.ceph import RELEASE
from tests.integration.rgw_topics.helpers import NEEDS_16

pytestmark = NEEDS_16


def test_create_again_change_check_absent_again(gateway, module, owner, name):
    entry = {
        "name": name,
        "owner": owner.uid,
        "push_endpoint": "http://receiver.example:9000/a?b=c&d=e",
        "persistent": True,
        "opaque_data": 'a..b & c=d+e %41 <ä> "\n',
        "verify_ssl": False,
    }
    assert module(entry, check=True)["changed"]
    assert [module(entry)["changed"], module(entry)["changed"]] == [True, False]
    told = module(entry)["topics"][0]
    assert {option: told[option] for option in entry} == entry
    said = gateway.topic(owner, name)
    assert said["dest"]["push_endpoint"] == entry["push_endpoint"]
    assert said["opaqueData"] == entry["opaque_data"]
    assert str(said["dest"]["persistent"]).lower() == "true"
    changed = {"name": name, "owner": owner.uid, "push_endpoint": "http://receiver.example", "opaque_data": None}
    assert module(changed, check=True)["changed"]
    assert [module(changed)["changed"], module(changed)["changed"]] == [True, False]
    told = module(changed)["topics"][0]
    assert (told["persistent"], told["verify_ssl"], told["opaque_data"]) == (True, False, "")
    gone = {"name": name, "owner": owner.uid, "state": "absent"}
    assert module(gone, check=True)["changed"]
    assert [module(gone)["changed"], module(gone)["changed"]] == [True, False]


def test_a_tenant_and_an_owner_without_a_key(gateway, module, name):
    owner = gateway.new_owner("acme", with_key=False)
    uid = owner.uid.rpartition("$")[2]
    entry = {"name": name, "owner": uid, "tenant": "acme", "push_endpoint": "http://receiver.example"}
    assert module(entry, check=True)["changed"]
    assert [module(entry)["changed"], module(entry)["changed"]] == [True, False]
    assert module(entry)["topics"][0]["arn"] == f"arn:aws:sns:default:acme:{name}"
    assert gateway.topic(owner, name)["dest"]["push_endpoint"] == entry["push_endpoint"]
    assert gateway.user_info(owner.uid)["keys"] == []


def test_owners_for_whom_nobody_can_act(gateway, module, owner, name):
    entry = {"name": name, "owner": owner.uid, "push_endpoint": "http://receiver.example"}
    gateway.demo.run("radosgw-admin", "user", "suspend", f"--uid={owner.uid}")
    assert f"user '{owner.uid}' is suspended" in module(entry)["msg"]
    assert "there is no user 'nobody'" in module({**entry, "owner": "nobody"})["msg"]


def test_more_topics_than_a_page(module, owner, name):
    entries = [
        {"name": f"{name}-{number}", "owner": owner.uid, "push_endpoint": "http://receiver.example"}
        for number in range(230)
    ]
    assert module(*entries)["changed"]
    assert not module(*entries)["changed"]
    gone = [{"name": entry["name"], "owner": owner.uid, "state": "absent"} for entry in entries]
    assert module(*gone)["summary"].endswith(": 230 removed")


@pytest.mark.parametrize("option", ["time_to_live", "max_retries", "retry_sleep_duration"])
def test_retries_need_19(gateway, module, owner, name, option):
    entry = {"name": name, "owner": owner.uid, "push_endpoint": "http://receiver.example", option: 7}
    result = module(entry)
    if RELEASE < 19:
        assert f"{option}: needs Ceph 19" in result["msg"]
        return
    assert result["topics"][0][option] == 7
    assert not module(entry)["changed"]
    assert module({**entry, option: None})["topics"][0][option] is None


def test_kafka_is_stored_as_told(gateway, module, owner, name):
    """What is sent to a broker is not proven here: Debian's radosgw is built without Kafka (18.2.7)."""
    entry = {
        "name": name,
        "owner": owner.uid,
        "push_endpoint": "kafka://broker.example:9093",
        "user": "rgw",
        "password": "kafka-password",
        "use_ssl": True,
        "kafka_ack_level": "none",
        "ca_location": "/etc/ssl/kafka.pem",
        "mechanism": "SCRAM-SHA-512" if RELEASE >= 17 else None,
    }
    assert [module(entry)["changed"], module(entry)["changed"]] == [True, False]
    said = gateway.topic(owner, name)["dest"]
    assert said["push_endpoint"] == "kafka://rgw:kafka-password@broker.example:9093"
    for argument in ("use-ssl=true", "kafka-ack-level=none", "ca-location=/etc/ssl/kafka.pem"):
        assert argument in said["push_endpoint_args"].split("&")
