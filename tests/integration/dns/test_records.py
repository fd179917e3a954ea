# SPDX-License-Identifier: Apache-2.0
"""Names at a real BIND: what is created, changed, refused and removed."""

from __future__ import annotations

import hashlib

import pytest
from ansible_collections.rgwkit.ceph.plugins.module_utils.dns.key import ALGORITHMS
from ansible_collections.rgwkit.ceph.plugins.module_utils.dns.server import Server

from tests.dns.service import SUBZONE, ZONE

MARK = '"rgwkit: cluster-example"'
FOUR, SIX = "192.0.2.10", "2001:db8::10"


def test_create_again_change_check_absent_again(module, server, name):
    wanted = {"name": name, "addresses": [SIX, FOUR]}
    planned = module(wanted, check=True)
    assert planned["changed"] and server.told(name, "A") == []
    assert planned["summary"].endswith("1 would be created")

    created = module(wanted)
    assert created["diff"] == planned["diff"]
    assert created["diff"]["after"] == {
        name: [f"A {FOUR} (300 s)", f"AAAA {SIX} (300 s)", "TXT rgwkit: cluster-example"]
    }
    assert (server.told(name, "A"), server.told(name, "AAAA")) == ([FOUR], [SIX])
    assert server.told(f"_rgwkit.{name}", "TXT") == [MARK]

    serial = server.serial()
    again = module(wanted)
    assert not again["changed"] and server.serial() == serial
    assert again["records"][0]["values"] == {"A": [FOUR], "AAAA": [SIX]} and again["records"][0]["ours"]

    changed = module({"name": name, "addresses": ["192.0.2.11"], "ttl": 60})
    assert changed["records"][0]["changes"] == [
        f"- A {FOUR} (300 s)",
        f"- AAAA {SIX} (300 s)",
        "+ A 192.0.2.11 (60 s)",
    ]
    assert (server.told(name, "A"), server.told(name, "AAAA")) == (["192.0.2.11"], [])
    assert module({"name": name, "addresses": ["192.0.2.11"], "ttl": 61})["changed"], "a TTL counts"

    alias = module({"name": name, "target": f"ns.{ZONE}"})
    assert alias["changed"] and server.told(name, "CNAME") == [f"ns.{ZONE}."]

    gone = {"name": name, "state": "absent"}
    assert module(gone, check=True)["changed"] and server.told(name, "CNAME")
    assert module(gone)["changed"]
    assert server.told(name, "CNAME") == server.told(f"_rgwkit.{name}", "TXT") == []
    assert not module(gone)["changed"]


def test_a_wildcard_is_not_what_it_answers_for(module, server, name):
    wildcard = {"name": f"*.{name}", "addresses": [FOUR]}
    assert module({"name": name, "addresses": [FOUR]}, wildcard)["changed"]
    assert server.told(f"bucket.{name}", "A") == [FOUR]
    assert server.told(f"_rgwkit-wildcard.{name}", "TXT") == [MARK]
    # The wildcard would answer for this name, which nobody has created.
    below = {"name": f"own.{name}", "addresses": ["192.0.2.11"]}
    created = module(below)
    assert created["diff"]["before"] == {f"own.{name}": []} and server.told(f"own.{name}", "A") == ["192.0.2.11"]
    assert not module({"name": f"other.{name}", "state": "absent"})["changed"]
    assert not module(wildcard)["changed"]


def test_a_mark_that_a_wildcard_answers_for_is_none(module, server, name):
    server.put(f"*.{name}", "TXT", MARK)
    server.put(f"www.{name}", "A", FOUR)
    refused = module({"name": f"www.{name}", "addresses": [SIX]})
    assert refused["failed"] and "did not create" in refused["msg"]


def test_a_name_of_somebody_else_is_refused_and_stays(module, server, name):
    server.put(name, "A", "192.0.2.99")
    other = f"other-{name}"
    for wanted in (["192.0.2.99"], [FOUR]):
        refused = module({"name": other, "addresses": [FOUR]}, {"name": name, "addresses": wanted}, takeover=True)
        assert refused["failed"] and f"records[1]: the name {name} has records" in refused["msg"]
        assert "A 192.0.2.99 (300 s)" in refused["msg"] and "Next: remove them" in refused["msg"]
    assert server.told(other, "A") == [], "nothing is half done"
    stays = module({"name": name, "state": "absent"})
    assert not stays["changed"] and "was not created by this toolkit" in str(stays["warnings"])
    assert server.told(name, "A") == ["192.0.2.99"]


def test_a_name_of_another_inventory_is_taken_over_on_request_only(module, server, name):
    wanted = {"name": name, "addresses": [FOUR]}
    module(wanted, home="other")
    for entry in (wanted, {"name": name, "state": "absent"}):
        refused = module(entry)
        assert (
            refused["failed"] and "is of the inventory other, and this inventory is cluster-example" in refused["msg"]
        )
    taken = module(wanted, takeover=True)
    assert taken["changed"] and server.told(f"_rgwkit.{name}", "TXT") == [MARK]
    assert not module(wanted)["changed"]


def test_a_path_of_the_controller_is_not_published(module, server, name):
    home = "/srv/ansible/inventories/north"
    module({"name": name, "addresses": [FOUR]}, home=home)
    digest = hashlib.sha256(home.encode()).hexdigest()[:16]
    assert server.told(f"_rgwkit.{name}", "TXT") == [f'"rgwkit: sha256-{digest}"']
    assert module({"name": name, "state": "absent"}, home=home)["changed"]


def test_records_of_other_types_stay_and_a_cname_is_refused_beside_them(module, server, name):
    server.put(name, "MX", f"10 ns.{ZONE}.")
    refused = module({"name": name, "target": f"ns.{ZONE}"})
    assert refused["failed"] and "has MX, beside which no CNAME may be" in refused["msg"]
    module({"name": name, "addresses": [FOUR]})
    module({"name": name, "state": "absent"})
    assert server.told(name, "MX") == [f"10 ns.{ZONE}."] and server.told(name, "A") == []


def test_the_top_of_the_zone_may_have_addresses(module, server):
    assert module({"name": ZONE, "addresses": [FOUR]})["changed"]
    assert not module({"name": ZONE, "addresses": [FOUR]})["changed"]
    assert module({"name": ZONE, "state": "absent"})["changed"]
    assert server.told(ZONE, "A") == [] and server.serial()


def test_texts_at_the_place_of_the_mark_are_refused(module, server, name):
    server.put(f"_rgwkit.{name}", "TXT", '"something else"')
    refused = module({"name": name, "addresses": [FOUR]})
    assert refused["failed"] and "that are no mark of this toolkit" in refused["msg"]


def test_a_name_in_a_zone_below_is_refused(module):
    refused = module({"name": f"s3.{SUBZONE}", "addresses": [FOUR]})
    assert refused["failed"] and f"but in {SUBZONE}, which is a zone of its own" in refused["msg"]


@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_every_algorithm_of_a_key(module, name, algorithm):
    assert module({"name": name, "addresses": [FOUR]}, key_name=algorithm, key_algorithm=algorithm)["changed"]


def test_who_comes_second_changes_nothing(module, server, name, monkeypatch):
    """Between what a run reads and what it tells, another run publishes the name."""
    apply = Server.apply

    def late(self, changes):
        monkeypatch.setattr(Server, "apply", apply)
        server.put(name, "A", "192.0.2.99")
        apply(self, changes)

    monkeypatch.setattr(Server, "apply", late)
    refused = module({"name": f"other-{name}", "addresses": [FOUR]}, {"name": name, "addresses": [FOUR]})
    assert refused["failed"] and "YXRRSET. Nothing was changed. Somebody else has changed a name" in refused["msg"]
    assert server.told(f"other-{name}", "A") == [] and server.told(name, "A") == ["192.0.2.99"]


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"key": "reader"}, "REFUSED. Let the zone's allow-update or update-policy have the key"),
        ({"key_name": "nobody"}, "the server refuses the signature (BADKEY). Check name, algorithm and secret"),
        ({"key_algorithm": "hmac-sha512"}, "the server refuses the signature"),
        ({"port": 1}, "Connection refused. Check that the server listens there on TCP"),
        ({"server": "ns.invalid"}, "Could not find the DNS server ns.invalid"),
        ({"zone": "example.org"}, "is outside the zone example.org"),
    ],
)
def test_what_the_server_does_not_like(module, name, options, said):
    refused = module({"name": name, "addresses": [FOUR]}, **options)
    assert refused["failed"] and said in refused["msg"], refused["msg"]


def test_a_zone_that_the_server_does_not_have(module):
    refused = module({"name": "s3.example.org", "addresses": [FOUR]}, zone="example.org")
    assert refused["failed"] and "in the zone example.org" in refused["msg"], refused["msg"]


def test_a_wrong_secret_is_shown_nowhere(module, server, name, tmp_path):
    canary = "Q0FOQVJZLUNBTkFSWS1DQU5BUlktQ0FOQVJZLTEyMzQ="
    for given in ({"key_file": None, "key_secret": canary}, {"key_file": None, "key_secret": canary + "!"}):
        refused = module({"name": name, "addresses": [FOUR]}, **given)
        assert refused["failed"] and canary not in str(refused)
    assert "BADSIG" in module({"name": name, "addresses": [FOUR]}, key_file=None, key_secret=canary)["msg"]
    open_file = tmp_path / "tsig"
    open_file.write_text(server.key_file().read_text())
    open_file.chmod(0o644)
    refused = module({"name": name, "addresses": [FOUR]}, key_file=str(open_file))
    assert refused["failed"] and str(open_file) in refused["msg"]
