# SPDX-License-Identifier: Apache-2.0
"""Passwords of receivers: over TLS only, and in no output."""

from __future__ import annotations

import secrets
from urllib.parse import quote

import pytest

from tests.ceph import RELEASE
from tests.integration.gateway import second_gateway
from tests.integration.rgw_topics.helpers import CANARY, NEEDS_16

pytestmark = NEEDS_16


@pytest.fixture
def owner(gateway):
    """Of a tenant of its own: where one topic has a password, nobody of the tenant can list topics without TLS."""
    return gateway.new_owner(f"s{secrets.token_hex(4)}")


@pytest.fixture
def topic(owner, name):
    """What calls the topic."""
    return {"name": name, "owner": owner.uid.rpartition("$")[2], "tenant": owner.tenant}


@pytest.fixture
def entry(topic):
    return {
        **topic,
        "push_endpoint": "amqps://rabbit.example:5671/vhost",
        "user": "us@er",
        "password": f"{CANARY}:p/w%",
        "amqp_exchange": "s3",
    }


def test_a_password_is_stored_changed_and_removed(gateway, module, owner, topic, entry):
    assert [module(entry)["changed"], module(entry)["changed"]] == [True, False]
    stored = gateway.topic(owner, entry["name"])["dest"]["push_endpoint"]
    assert stored == f"amqps://us%40er:{quote(entry['password'], safe='')}@rabbit.example:5671/vhost"
    assert module({**entry, "password": f"{CANARY}-other"})["changed"]
    assert "for another receiver" in module({**topic, "push_endpoint": "amqps://other.example"})["msg"]
    assert module({**topic, "user": None})["changed"]
    assert gateway.topic(owner, entry["name"])["dest"]["push_endpoint"] == "amqps://rabbit.example:5671/vhost"


def test_a_password_in_a_file(module, entry, tmp_path):
    file = tmp_path / "rabbit"
    file.touch(mode=0o600)
    file.write_text(entry.pop("password") + "\n")
    entry["password_file"] = str(file)
    assert [module(entry)["changed"], module(entry)["changed"]] == [True, False]
    file.chmod(0o644)
    assert "is open to every account" in module(entry)["msg"]


def test_without_tls(gateway, module, entry):
    plain = {"endpoint": gateway.plain_url, "ca_file": None}
    assert "the password would travel to" in module(entry, **plain)["msg"]
    failed = module(entry, allow_cleartext_secrets=True, **plain)
    assert failed["failure"]["status"] == 400
    assert "told and listed over TLS only" in failed["msg"]
    assert module(entry)["changed"]
    assert module(entry, **plain)["failure"]["status"] == 403


@pytest.mark.skipif(RELEASE < 17, reason="16 has no such option")
def test_without_tls_where_the_gateway_allows_that(gateway, module, entry):
    with second_gateway(gateway.demo, rgw_allow_notification_secrets_in_cleartext="true") as url:
        plain = {"endpoint": url, "ca_file": None, "allow_cleartext_secrets": True}
        assert [module(entry, **plain)["changed"], module(entry, **plain)["changed"]] == [True, False]
