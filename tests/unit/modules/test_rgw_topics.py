# SPDX-License-Identifier: Apache-2.0
"""The module's own main(), with a gateway on loopback: what it prints is what Ansible gets."""

from __future__ import annotations

import pytest
from ansible_collections.rgwkit.ceph.plugins.modules import rgw_topics

from tests.unit.rgw.gateway_double import Fault
from tests.unit.rgw.topics.topics_double import running_topics_gateway

CANARY = "canary-77b02ce1f8a4"
RECEIVER = "http://receiver.example:9000/events"


@pytest.fixture
def gateway():
    with running_topics_gateway() as gateway:
        gateway.add_owner(secret=f"{CANARY}-owner")
        yield gateway


@pytest.fixture
def module(gateway, run_module):
    def run(*topics, **options):
        admin = {"endpoint": gateway.endpoint, "access_key": "A", "secret_key": f"{CANARY}-admin", "wait": 0}
        result = run_module(rgw_topics, **{**admin, "topics": list(topics), **options})
        assert CANARY not in result.pop("printed")
        return result

    return run


def topic(name="orders", **options):
    return {"name": name, "owner": "alice", "push_endpoint": RECEIVER, **options}


def with_password(**options):
    entry = topic(push_endpoint="amqps://rabbit.example", amqp_exchange="s3", user="rgw", password=f"{CANARY}-broker")
    return {**entry, **options}


def test_create_again_change_check_absent_again(module, gateway):
    entry = topic(persistent=True, opaque_data="a..b & c=d+e ä")
    assert module(entry, check=True)["changed"] and not gateway.topics
    assert [module(entry)["changed"], module(entry)["changed"]] == [True, False]
    assert gateway.attributes("orders") == {
        "push-endpoint": RECEIVER,
        "persistent": "true",
        "OpaqueData": "a..b & c=d+e ä",
    }
    changed = topic(push_endpoint=f"{RECEIVER}2", opaque_data=None)
    assert module(changed, check=True)["topics"][0]["changes"] == [
        f'push_endpoint: "{RECEIVER}" -> "{RECEIVER}2"',
        'opaque_data: "a..b & c=d+e ä" -> ""',
    ]
    assert [module(changed)["changed"], module(changed)["changed"]] == [True, False]
    # What the entry does not mention is told again.
    assert gateway.attributes("orders") == {"push-endpoint": f"{RECEIVER}2", "persistent": "true"}
    gone = {"name": "orders", "owner": "alice", "state": "absent"}
    assert module(gone, check=True)["changed"] and gateway.topics
    assert [module(gone)["changed"], module(gone)["changed"]] == [True, False]
    assert not gateway.topics


def test_a_gateway_that_is_to_be_made(run_module):
    nobody = {"endpoint": "http://127.0.0.1:1", "access_key": "A", "secret_key_file": "/nonexistent", "wait": 0}
    topics = [topic(), topic("gone", state="absent")]
    result = run_module(rgw_topics, check=True, gateway_to_be_made=True, topics=topics, **nobody)
    assert [entry["changed"] for entry in result["topics"]] == [True, False]
    assert "Of 2 topics, 1 would be created" in str(result["warnings"])
    assert run_module(rgw_topics, check=False, gateway_to_be_made=True, topics=topics, **nobody)["failed"]


def test_an_owner_who_is_to_be_made_counts_in_check_mode_only(module):
    entries = [topic(owner="bo"), topic("other")]
    planned = module(*entries, check=True, users_to_be_made=["bo", "alice"])
    assert [entry["changed"] for entry in planned["topics"]] == [True, True]
    assert "there is no user 'bo'" in module(*entries, users_to_be_made=["bo"])["msg"]
    assert "there is no user 'bo'" in module(*entries, check=True, users_to_be_made=["cy"])["msg"]


def test_a_run_with_nothing_to_do_reads_once_per_owner(module, gateway):
    entries = [topic(f"t{number}") for number in range(5)]
    module(*entries)
    del gateway.requests[:], gateway.actions[:]
    assert not module(*entries)["changed"]
    assert gateway.requests == [("GET", "/admin/user?format=json&uid=alice"), ("POST", "/")]
    assert gateway.actions == ["ListTopics"]


def test_defaults_are_no_change(module):
    module(topic())
    same = topic(persistent=False, verify_ssl=True, cloudevents=False, opaque_data="", amqp_ack_level="broker")
    assert not module(same)["changed"]
    assert not module(topic(persistent=None, time_to_live=None, amqp_exchange=None))["changed"]


def test_a_result_and_a_sentence(module, gateway):
    result = module(topic(), topic("jobs", push_endpoint="amqp://rabbit.example/vh", amqp_exchange="s3"))
    assert result["summary"] == f"topics on {gateway.endpoint}: 2 created"
    told = result["topics"][1]
    assert told["arn"] == "arn:aws:sns:default::jobs"
    assert (told["push_endpoint"], told["amqp_exchange"]) == ("amqp://rabbit.example/vh", "s3")
    assert (told["amqp_ack_level"], told["user"], told["max_retries"]) == ("broker", None, None)
    assert result["diff"]["after"]["orders"] == {"push_endpoint": RECEIVER}
    again = module(topic(), {"name": "jobs", "owner": "alice", "state": "absent"})
    assert again["summary"] == f"topics on {gateway.endpoint}: 1 removed, 1 unchanged"


def test_an_owner_of_a_tenant_without_a_key(module, gateway):
    gateway.add_owner("t$bob", access_key="")
    entry = topic(owner="bob", tenant="t")
    assert [module(entry)["changed"], module(entry)["changed"]] == [True, False]
    assert gateway.topics["t", "orders"]["arn"] == "arn:aws:sns:default:t:orders"
    assert gateway.data("t$bob")["keys"] == []


@pytest.mark.parametrize("form", ["password", "password_file"])
def test_a_password_is_in_no_output(module, gateway, tmp_path, form):
    gateway.speaks_tls = True
    secret = tmp_path / "rabbit"
    secret.write_text(f"{CANARY}-br@k:er/%\n")
    secret.chmod(0o600)
    given = {"password_file": str(secret)} if form == "password_file" else {"password": f"{CANARY}-br@k:er/%"}
    entry = {**with_password(), **given}
    if form == "password_file":
        del entry["password"]
    result = module(entry, allow_cleartext_secrets=True)
    assert result["changed"] and result["topics"][0]["user"] == "rgw"
    assert result["topics"][0]["push_endpoint"] == "amqps://rabbit.example"
    stored = gateway.attributes("orders")["push-endpoint"]
    assert stored == f"amqps://rgw:{CANARY}-br%40k%3Aer%2F%25@rabbit.example"
    assert not module(entry, allow_cleartext_secrets=True)["changed"]
    changed = module(with_password(), allow_cleartext_secrets=True)
    assert [line.partition(":")[0] for line in changed["topics"][0]["changes"]] == ["password"]
    gone = module({**topic(push_endpoint="amqps://rabbit.example"), "user": None}, allow_cleartext_secrets=True)
    assert [line.partition(" ")[0] for line in gone["topics"][0]["changes"]] == ["user:", "password:"]
    assert gateway.attributes("orders")["push-endpoint"] == "amqps://rabbit.example"


def test_a_password_stays_with_its_receiver(module, gateway):
    gateway.speaks_tls = True
    options = {"allow_cleartext_secrets": True}
    module(with_password(), **options)
    assert module(topic(push_endpoint="amqps://rabbit.example/vh"), **options)["changed"]
    assert f"rgw:{CANARY}-broker@rabbit.example/vh" in gateway.attributes("orders")["push-endpoint"]
    assert "for another receiver" in module(topic(push_endpoint="amqps://other.example"), **options)["msg"]
    assert "for another receiver" in module(topic(push_endpoint="amqp://rabbit.example"), **options)["msg"]
    without = {name: value for name, value in with_password().items() if name != "password"}
    assert not module({**without, "push_endpoint": "amqps://rabbit.example/vh"}, **options)["changed"]
    assert "no password of user 'other' yet" in module({**without, "user": "other"}, **options)["msg"]


def test_a_password_in_clear(module, gateway):
    refused = module(with_password())
    assert "would travel to" in refused["msg"] and not gateway.topics
    failed = module(with_password(), allow_cleartext_secrets=True)
    assert failed["failure"]["code"] == "InvalidArgument"
    assert "rgw_allow_notification_secrets_in_cleartext" in failed["msg"]
    # One topic with a password in the tenant, and nobody can list the topics without TLS.
    gateway.speaks_tls = True
    module(with_password(), allow_cleartext_secrets=True)
    gateway.speaks_tls = False
    assert "A topic with a password is told and listed over TLS only" in module(topic("other"))["msg"]


def test_a_notification_takes_a_changed_topic(module, gateway):
    module(topic())
    gateway.notify("photos", "orders")
    gateway.notify("films", "other", identifier="n2")
    changed = topic(push_endpoint=f"{RECEIVER}2")
    line = "notifications of bucket 'photos': stored again"
    assert module(changed, check=True)["topics"][0]["changes"][-1] == line
    assert gateway.attributes("n1_orders")["push-endpoint"] == RECEIVER
    assert module(changed)["topics"][0]["changes"][-1] == line
    assert gateway.attributes("n1_orders")["push-endpoint"] == f"{RECEIVER}2"
    assert not module(changed)["changed"]
    # Also if the topic itself was changed by somebody else, or by a run that was killed after that.
    gateway.attributes("orders")["push-endpoint"] = f"{RECEIVER}3"
    again = module(topic(push_endpoint=f"{RECEIVER}3"))
    assert again["changed"] and again["topics"][0]["changes"] == [line]
    assert ("PUT", "/films?notification=") not in gateway.requests


def test_a_notification_of_another_user_is_warned_of(module, gateway):
    gateway.add_owner("bob", "AKBOB")
    module(topic())
    gateway.notify("bobs", "orders", identifier="nb", uid="bob")
    result = module(topic(push_endpoint=f"{RECEIVER}2"))
    assert result["changed"] and result["topics"][0]["changes"][-1].startswith("push_endpoint")
    assert "notifications of buckets of other users ('nb_orders')" in result["warnings"][0]["event"]["msg"]
    gone = module({"name": "orders", "owner": "alice", "state": "absent"})
    assert "by notifications of buckets of other users: the gateway has copies of the topic" in gone["msg"]
    assert "'nb_orders'" in gone["msg"] and ("", "orders") in gateway.topics


@pytest.mark.parametrize("release", [18, 20])
def test_a_topic_in_use_is_not_removed(module, gateway, release):
    if release == 20:
        gateway.later()
    module(topic(), topic("free"))
    for number in range(12):
        gateway.notify(f"bucket{number:02}", "orders")
    gone = [{"name": name, "owner": "alice", "state": "absent"} for name in ("free", "orders")]
    result = module(*gone)
    assert result["msg"].startswith(
        "topics[1] (name 'orders'): the topic is in use by the notifications of the buckets"
    )
    assert "'bucket00', " in result["msg"] and "'bucket09' and 2 more" in result["msg"]
    assert len([name for _tenant, name in gateway.topics if not name.startswith("n1_")]) == 2
    gateway.notifications.clear()
    gateway.topics.pop(("", "n1_orders"), None)
    assert module(*gone)["changed"] and not gateway.topics


def test_later_releases_have_pages_owners_and_retries(module, gateway):
    gateway.later()
    entries = [topic(f"t{number}", time_to_live=60, max_retries=3) for number in range(5)]
    assert module(*entries)["changed"]
    gateway.topics["", "t0"]["attributes"]["Policy"] = '{"Statement": []}'
    assert not module(*entries)["changed"]
    told = module(topic("t0", max_retries=None))["topics"][0]
    assert (told["time_to_live"], told["max_retries"]) == (60, None)
    assert gateway.attributes("t0")["Policy"] == '{"Statement": []}'


def test_a_topic_of_another_user(module, gateway):
    gateway.later()
    gateway.add_owner("bob", "AKBOB", account_id="RGW123")
    module(topic())
    gateway.everybody_sees = True
    assert "topic 'orders' belongs to user 'alice', not 'bob'" in module(topic(owner="bob"))["msg"]
    gateway.topics["", "orders"]["user"] = "RGW123"  # an account's, of which bob is a user
    assert module(topic(owner="bob", persistent=True))["changed"]
    body = b"<Error><Code>AuthorizationError</Code></Error>"
    gateway.faults = [*[None] * 3, Fault(403, body=body)]
    assert "Name that user as owner" in module(topic("hidden"))["msg"]


@pytest.mark.parametrize(
    ("options", "since"),
    [
        ({"time_to_live": 5}, 19),
        ({"max_retries": 0}, 19),
        ({"retry_sleep_duration": 1}, 19),
        ({"cloudevents": True}, 17),
    ],
)
def test_what_a_release_does_not_heed_is_refused(module, gateway, options, since):
    gateway.unknown = {"/admin/account", "/admin/ratelimit"}
    result = module(topic(**options))
    assert f"{next(iter(options))}: needs Ceph {since}" in result["msg"] and not gateway.topics


def test_what_the_gateway_does_not_keep_is_put_back(module, gateway):
    module(topic(opaque_data="before"), topic("fine"))
    gateway.dropped = {"persistent"}
    result = module(topic(opaque_data="after", persistent=True), topic("fine", opaque_data="x"))
    assert "the gateway keeps something else (persistent: true became false)" in result["msg"]
    assert "is again what it was before" in result["msg"]
    assert gateway.attributes("orders") == {"push-endpoint": RECEIVER, "OpaqueData": "before"}
    assert result["failure"]["not_done"] == ["orders", "fine"]
    new = module(topic("new", persistent=True))
    assert "persistent: true became false" in new["msg"] and ("", "new") not in gateway.topics


def test_what_cannot_be_put_back_is_told(module, gateway):
    module(topic(persistent=True))
    gateway.dropped = {"persistent"}
    result = module(topic(persistent=True, opaque_data="x"))
    assert "the gateway keeps something else (persistent: true became false)" in result["msg"]
    assert "COULD NOT BE PUT BACK" in result["msg"] and "is again what it was" not in result["msg"]


def test_a_gateway_outside_the_master_zone(module, gateway):
    module(topic())
    gateway.zone = "b"
    assert not module(topic())["changed"]
    assert "zone 'b', which is not the metadata master" in module(topic(persistent=True))["msg"]


def test_ceph_14_is_said(module, gateway):
    gateway.faults = [None, Fault(501, body=b"<Error><Code>NotImplemented</Code></Error>")]
    assert "that needs Ceph 16" in module(topic())["msg"]


@pytest.mark.parametrize(
    ("entry", "says"),
    [
        ({"name": "a.b"}, "name is made of 1 to 256 letters"),
        ({"name": "a" * 257}, "name is made of 1 to 256 letters"),
        ({"name": ""}, "name is made of 1 to 256 letters"),
        ({"owner": "t$u"}, "owner: '$' has no place in a uid"),
        ({"owner": "nobody"}, "owner: there is no user 'nobody'"),
        ({"owner": "off"}, "owner: user 'off' is suspended"),
        ({"push_endpoint": "ftp://h"}, "push_endpoint: must begin with one of http://"),
        ({"push_endpoint": "kafkas://h"}, "push_endpoint: must begin with one of http://"),
        ({"push_endpoint": "receiver:80"}, "push_endpoint: must begin with one of http://"),
        ({"push_endpoint": "http://"}, "push_endpoint: must be a URL like"),
        ({"push_endpoint": "http://h:99999"}, "push_endpoint: must be a URL like"),
        ({"push_endpoint": "http://h/ö"}, "push_endpoint: must be a URL like"),
        ({"push_endpoint": "http://h/ x"}, "push_endpoint: must be a URL like"),
        ({"push_endpoint": f"http://u:{CANARY}@h"}, "holds a user or a password"),
        ({"push_endpoint": "kafka://h/topic"}, "a kafka URL ends after host and port"),
        ({"push_endpoint": "kafka://h,h2"}, "push_endpoint: must be a URL like"),
        ({"push_endpoint": "amqp://h/a/b"}, "an amqp URL ends after the virtual host"),
        ({"push_endpoint": "amqp://h"}, "amqp_exchange: RGW sends nothing"),
        ({"push_endpoint": "http://h/?a=1&verify-ssl=false"}, "must not hold '&verify-ssl='"),
        ({"opaque_data": "a&push-endpoint=http://evil"}, "opaque_data: must not hold '&push-endpoint='"),
        ({"opaque_data": "a\rb"}, "text that XML can carry"),
        ({"opaque_data": "x" * 4097}, "at most 4096 bytes"),
        ({"amqp_exchange": "a&b", "push_endpoint": "amqp://h"}, "amqp_exchange: is made of letters"),
        ({"amqp_exchange": "s3"}, "amqp_exchange: RGW has no use for it with http:// endpoints"),
        ({"amqp_ack_level": "all"}, "amqp_ack_level: is one of none, broker, routable, not 'all'"),
        ({"kafka_ack_level": "routable"}, "kafka_ack_level: is one of none, broker"),
        ({"mechanism": "MD5", "push_endpoint": "kafka://h"}, "mechanism: is one of PLAIN"),
        ({"max_retries": -1}, "max_retries: must be 0 to"),
        ({"ca_location": "ca.pem", "push_endpoint": "kafka://h"}, "ca_location: is the absolute path"),
        ({"password": f"{CANARY}-p"}, "password: give the user, too"),
        (
            {"user": "u", "password": f"{CANARY}-p", "password_file": "/x"},
            "password and password_file exclude each other",
        ),
        ({"user": "u", "password_file": "/no/such/file"}, "secret file '/no/such/file' does not exist"),
        ({"user": "u"}, "no password of user 'u' yet"),
        ({"user": "", "password": f"{CANARY}-p"}, "user and password must not be empty"),
        ({"user": "u", "password": f"{CANARY}/p", "push_endpoint": "kafka://h"}, "user and password of a kafka URL"),
        ({"push_endpoint": None, "user": "u", "password": f"{CANARY}-p"}, "a topic without push_endpoint has no user"),
        ({"time_to_live": "soon"}, "time_to_live"),
        ({"name": True}, "YAML reads this as a boolean"),
    ],
)
def test_bad_input_is_refused_before_anything_is_written(module, gateway, entry, says):
    gateway.add_owner("off", "AKOFF", suspended=1)
    result = module({**topic(), **entry})
    assert result["failed"] and says in result["msg"]
    assert "CreateTopic" not in gateway.actions


def test_two_entries_of_one_name(module, gateway):
    gateway.add_owner("bob", "AKBOB")
    gateway.add_owner("t$bob", "AKTBOB")
    result = module(topic(), topic(owner="bob"))
    assert "topics[1] (name 'orders'): topic 'orders' is given twice, first at topics[0]" in result["msg"]
    assert module(topic(), topic(owner="bob", tenant="t"))["changed"]


def test_a_new_topic_needs_to_be_told_where_to(module, gateway):
    entry = {"name": "orders", "owner": "alice"}
    assert "does not exist yet; give its push_endpoint" in module(entry)["msg"]
    assert module({**entry, "push_endpoint": None})["changed"]
    assert gateway.attributes("orders") == {}
    assert not module(entry)["changed"]


def test_a_name_that_a_copy_has(module, gateway):
    module(topic())
    gateway.notify("photos", "orders")
    assert "copy of another topic has this name" in module(topic("n1_orders"))["msg"]


def test_a_bucket_that_goes_meanwhile_names_nothing(module, gateway):
    module(topic())
    gateway.notify("photos", "orders")
    gateway.topics.pop(("", "n1_orders"))  # with the bucket
    gone = b"<Error><Code>NoSuchBucket</Code></Error>"
    gateway.faults = [*[None] * 3, Fault(404, body=gone)]
    assert module({"name": "orders", "owner": "alice", "state": "absent"})["changed"]


def test_an_answer_of_something_else_is_an_error(module, gateway):
    for body in (b"<ListBucketResult/>", b"no XML", b"<!DOCTYPE x><ListTopicsResponse/>"):
        gateway.faults = [None, Fault(200, body=body)]
        assert "Does something in between answer" in module(topic())["msg"]
    assert gateway.actions == []


def test_a_run_that_breaks_off_says_what_is_done(module, gateway):
    module(topic("done"))
    # The user, the list, the realm and the first topic are answered.
    gateway.faults = [*[None] * 4, Fault(500, body=b"<Error><Code>InternalError</Code></Error>")]
    result = module(topic("done"), topic("one"), topic("two"))
    assert "Of 3 topics 1 are done, 2 are not" in result["msg"]
    assert (result["failure"]["done"], result["failure"]["not_done"]) == (["done"], ["one", "two"])
    again = module(topic("done"), topic("one"), topic("two"))
    assert [one["changed"] for one in again["topics"]] == [False, False, True]


def test_an_interrupted_run_leaves_no_key(module, gateway, monkeypatch):
    gateway.add_owner("bob", access_key="")

    def interrupted(*_arguments):
        assert len(gateway.data("bob")["keys"]) == 1
        raise SystemExit(143)  # what base.interrupt makes of TERM

    monkeypatch.setattr(
        "ansible_collections.rgwkit.ceph.plugins.module_utils.rgw.topics.reconcile.check_plans", interrupted
    )
    with pytest.raises(ValueError):  # the module has printed nothing
        module(topic(owner="bob"))
    assert gateway.data("bob")["keys"] == []


def test_two_tenants_side_by_side(module, gateway):
    entries = [topic()]
    for number in range(6):
        gateway.add_owner(f"t{number}$bob", f"AK{number}")
        entries.append(topic(owner="bob", tenant=f"t{number}"))
    result = module(*entries, parallel=3)
    assert [one["tenant"] for one in result["topics"]] == ["", *[f"t{number}" for number in range(6)]]
    assert not module(*entries, parallel=3)["changed"]
