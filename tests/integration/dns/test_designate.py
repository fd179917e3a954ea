# SPDX-License-Identifier: Apache-2.0
"""Names at a real Designate, and at the BIND of its pool: what is created, changed, refused and removed."""

from __future__ import annotations

import pytest
from ansible_collections.rgwkit.ceph.plugins.module_utils.dns.designate import client
from ansible_collections.rgwkit.ceph.plugins.module_utils.dns.designate.zone import DesignateZone

from tests.designate.service import ZONE

pytestmark = pytest.mark.long

MARK = '"rgwkit: cluster-example"'
FOUR, SIX = "192.0.2.10", "2001:db8::10"


def test_create_again_change_check_absent_again(publish, designate, name):
    wanted = {"name": name, "addresses": [SIX, FOUR]}
    planned = publish(wanted, check=True)
    assert planned["changed"] and designate.told(name, "A") == []
    assert planned["summary"].endswith(f"at Designate {designate.url}: 1 would be created")

    created = publish(wanted)
    assert created["diff"] == planned["diff"]
    assert created["diff"]["after"] == {
        name: [f"A {FOUR} (300 s)", f"AAAA {SIX} (300 s)", "TXT rgwkit: cluster-example"]
    }
    assert (designate.told(name, "A"), designate.told(name, "AAAA")) == ([FOUR], [SIX])
    assert designate.told(f"_rgwkit.{name}", "TXT") == [MARK]

    serial = designate.told(ZONE, "SOA")
    again = publish(wanted)
    assert not again["changed"] and designate.told(ZONE, "SOA") == serial
    assert again["records"][0]["values"] == {"A": [FOUR], "AAAA": [SIX]} and again["records"][0]["ours"]

    changed = publish({"name": name, "addresses": ["192.0.2.11"], "ttl": 60})
    assert changed["records"][0]["changes"] == [
        f"- A {FOUR} (300 s)",
        f"- AAAA {SIX} (300 s)",
        "+ A 192.0.2.11 (60 s)",
    ]
    assert (designate.told(name, "A"), designate.told(name, "AAAA")) == (["192.0.2.11"], [])
    assert publish({"name": name, "addresses": ["192.0.2.11"], "ttl": 61})["changed"], "a TTL counts"

    alias = publish({"name": name, "target": f"ns.{ZONE}"})
    assert alias["changed"] and designate.told(name, "CNAME") == [f"ns.{ZONE}."]
    assert publish({"name": name, "addresses": [FOUR]})["changed"] and designate.told(name, "A") == [FOUR]

    gone = {"name": name, "state": "absent"}
    assert publish(gone, check=True)["changed"] and designate.told(name, "A")
    assert publish(gone)["changed"]
    assert designate.told(name, "A") == designate.told(f"_rgwkit.{name}", "TXT") == []
    assert not publish(gone)["changed"]


def test_a_wildcard_is_not_what_it_answers_for(publish, designate, name):
    wildcard = {"name": f"*.{name}", "addresses": [FOUR]}
    assert publish({"name": name, "addresses": [FOUR]}, wildcard)["changed"]
    assert designate.told(f"bucket.{name}", "A") == [FOUR]
    assert designate.told(f"_rgwkit-wildcard.{name}", "TXT") == [MARK]
    # To the API, the name of a wildcard is a pattern for this one, too.
    below = {"name": f"own.{name}", "addresses": ["192.0.2.11"]}
    created = publish(below)
    assert created["diff"]["before"] == {f"own.{name}": []} and designate.told(f"own.{name}", "A") == ["192.0.2.11"]
    assert not publish({"name": f"other.{name}", "state": "absent"})["changed"]
    assert not publish(wildcard)["changed"]
    assert publish({**wildcard, "state": "absent", "addresses": []})["changed"]
    assert designate.told(f"own.{name}", "A") == ["192.0.2.11"] and designate.told(f"bucket.{name}", "A") == []


def test_a_list_of_many_pages(publish, name, monkeypatch):
    monkeypatch.setattr(client, "_PAGE", 2)
    records = [{"name": f"{label}.{name}", "addresses": [FOUR]} for label in "abcde"]
    publish(*records)
    # The pattern that a wildcard is brings all of them.
    assert publish({"name": f"*.{name}", "addresses": [FOUR]}, *records)["summary"].endswith("1 created, 5 unchanged")
    assert not publish({"name": f"*.{name}", "addresses": [FOUR]})["changed"]


def test_a_name_of_somebody_else_is_refused_and_stays(publish, designate, tenant, zone_id, name):
    tenant.put(zone_id, name, "A", "192.0.2.99")
    other = f"other-{name}"
    for wanted in (["192.0.2.99"], [FOUR]):
        refused = publish({"name": other, "addresses": [FOUR]}, {"name": name, "addresses": wanted}, takeover=True)
        assert refused["failed"] and f"records[1]: the name {name} has records" in refused["msg"]
        assert "A 192.0.2.99 (300 s)" in refused["msg"] and "Next: remove them" in refused["msg"]
    assert designate.told(other, "A") == [], "nothing is half done"
    stays = publish({"name": name, "state": "absent"})
    assert not stays["changed"] and "was not created by this toolkit" in str(stays["warnings"])
    assert designate.told(name, "A") == ["192.0.2.99"]


def test_a_name_of_another_inventory_is_taken_over_on_request_only(publish, designate, name):
    wanted = {"name": name, "addresses": [FOUR]}
    publish(wanted, home="other")
    for entry in (wanted, {"name": name, "state": "absent"}):
        refused = publish(entry)
        assert refused["failed"] and "is of the inventory other, and this inventory is cluster-" in refused["msg"]
    taken = publish(wanted, takeover=True)
    assert taken["changed"] and designate.told(f"_rgwkit.{name}", "TXT") == [MARK]
    assert not publish(wanted)["changed"]


def test_texts_at_the_place_of_the_mark_are_refused(publish, tenant, zone_id, name):
    tenant.put(zone_id, f"_rgwkit.{name}", "TXT", '"something else"')
    refused = publish({"name": name, "addresses": [FOUR]})
    assert refused["failed"] and "that are no mark of this toolkit" in refused["msg"]


def test_records_of_other_types_stay_and_a_cname_is_refused_beside_them(publish, designate, tenant, zone_id, name):
    tenant.put(zone_id, name, "MX", f"10 ns.{ZONE}.")
    refused = publish({"name": name, "target": f"ns.{ZONE}"})
    assert refused["failed"] and "has MX, beside which no CNAME may be" in refused["msg"]
    publish({"name": name, "addresses": [FOUR]})
    publish({"name": name, "state": "absent"})
    assert designate.told(name, "MX") == [f"10 ns.{ZONE}."] and designate.told(name, "A") == []


def test_the_top_of_the_zone_may_have_addresses(publish, designate):
    assert publish({"name": ZONE, "addresses": [FOUR]})["changed"]
    assert not publish({"name": ZONE, "addresses": [FOUR]})["changed"]
    assert publish({"name": ZONE, "state": "absent"})["changed"]
    assert designate.told(ZONE, "A") == [] and designate.told(ZONE, "SOA")


def test_values_in_another_form_and_the_ttl_of_the_zone_are_no_difference(publish, tenant, zone_id, name):
    tenant.put(zone_id, f"_rgwkit.{name}", "TXT", MARK)
    tenant.put(zone_id, name, "AAAA", "2001:0DB8:0::10", ttl=None)
    # 300 s is the TTL of the zone, too.
    assert not publish({"name": name, "addresses": [SIX]})["changed"]
    assert publish({"name": name, "addresses": [SIX], "ttl": 60})["changed"]


def test_a_name_in_a_zone_below_is_refused(publish, tenant, zone_id, name):
    tenant.zone(f"sub-{name}")
    tenant.put(zone_id, f"away-{name}", "NS", "ns.example.org.")
    for below in (f"sub-{name}", f"away-{name}"):
        refused = publish({"name": f"s3.{below}", "addresses": [FOUR]})
        assert refused["failed"] and f"but in {below}, which is a zone of its own" in refused["msg"]


def test_who_comes_second_changes_nothing(publish, designate, tenant, zone_id, name, monkeypatch):
    """Between what a run reads and what it tells, somebody else publishes the name."""
    apply = DesignateZone.apply

    def late(self, changes):
        monkeypatch.setattr(DesignateZone, "apply", apply)
        tenant.put(zone_id, name, "A", "192.0.2.99")
        apply(self, changes)

    monkeypatch.setattr(DesignateZone, "apply", late)
    refused = publish({"name": f"other-{name}", "addresses": [FOUR]}, {"name": name, "addresses": [FOUR]})
    assert refused["failed"] and "Nothing was changed. Somebody else has changed a name" in refused["msg"]
    assert designate.told(f"other-{name}", "A") == [] and designate.told(name, "A") == ["192.0.2.99"]


def test_a_mark_does_not_stay_where_the_name_came_to_be_somebody_else_s(
    publish, designate, tenant, zone_id, name, monkeypatch
):
    """The name is published by somebody else after the mark was created."""
    make_room = DesignateZone._make_room

    def late(self, change):
        tenant.put(zone_id, name, "A", "192.0.2.99")
        make_room(self, change)

    monkeypatch.setattr(DesignateZone, "_make_room", late)
    refused = publish({"name": name, "addresses": [FOUR]})
    assert refused["failed"] and "HTTP 409 Duplicate RecordSet. Somebody else has created this" in refused["msg"]
    monkeypatch.setattr(DesignateZone, "_make_room", make_room)
    again = publish({"name": name, "addresses": [FOUR]})
    assert again["failed"] and "has records that this toolkit did not create" in again["msg"]
    assert designate.told(name, "A") == ["192.0.2.99"]


def test_a_run_goes_on_where_another_one_has_ended(publish, designate, tenant, zone_id, name):
    there = len(tenant.ask("GET", f"zones/{zone_id}/recordsets?limit=1000").json()["recordsets"])
    wanted = [{"name": f"{label}-{name}", "addresses": [FOUR]} for label in "ab"]
    # Room for a name with its mark, and for the mark of the next one.
    designate.set_quota(tenant.person.project_id, zone_recordsets=there + 3)
    try:
        refused = publish(*wanted)
    finally:
        designate.set_quota(tenant.person.project_id, zone_recordsets=500)
    assert refused["failed"] and refused["failure"]["status"] == 413, refused["msg"]
    assert f"Could not create A of b-{name} in the zone {ZONE} at Designate {designate.url}" in refused["msg"]
    assert "Quota exceeded for zone_recordsets. Have the project's quota raised" in refused["msg"]
    assert f"The names a-{name} are done; another run goes on from there" in refused["msg"]
    assert publish(*wanted)["summary"].endswith("1 created, 1 unchanged")
    assert designate.told(f"b-{name}", "A") == [FOUR]


def test_an_application_credential(publish, designate, tenant, name, tmp_path):
    identity = designate.keystone.identity
    credential, secret = identity.application_credential(tenant.person)
    file = tmp_path / "credential"
    file.touch(mode=0o600)
    file.write_text(secret)
    given = {"application_credential": True, "user": credential, "password_file": str(file)}
    refused = publish({"name": name, "addresses": [FOUR]}, **given)
    assert refused["failed"] and "is for one project already. Next: leave project out" in refused["msg"]
    created = publish({"name": name, "addresses": [FOUR]}, **given, project=None)
    assert created["changed"] and designate.told(name, "A") == [FOUR] and secret not in str(created)


@pytest.mark.parametrize("interface", ["public", "internal", "admin"])
def test_every_interface_of_the_catalogue(publish, designate, name, interface):
    assert publish({"name": name, "addresses": [FOUR]}, interface=interface, region="RegionOne")["changed"]
    assert designate.told(name, "A") == [FOUR]


def test_the_name_servers_of_the_zone(publish, designate, name):
    wanted = {"name": name, "addresses": [FOUR]}
    # Nobody here resolves the name that the zone has for its name server, except that name server.
    refused = publish(wanted, name_servers=[])
    assert refused["failed"] and f"Could not find the DNS server ns.{ZONE}" in refused["msg"], refused["msg"]
    refused = publish(wanted, name_servers=[designate.keystone.address])
    assert refused["failed"] and f"Could not read A of {name} at {designate.keystone.address}:53" in refused["msg"]
    assert not publish(wanted, name_servers=[], ask_name_servers=False)["changed"]
