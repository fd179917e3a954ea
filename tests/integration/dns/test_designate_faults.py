# SPDX-License-Identifier: Apache-2.0
"""What keeps names from a real Designate: logins, projects, zones, and services that stand still."""

from __future__ import annotations

import time

import pytest

from tests.designate.service import ZONE, Tenant, wait_until
from tests.playbooks import free_port

pytestmark = pytest.mark.long

FOUR = "192.0.2.10"
CANARY = "canary-of-a-password-that-nobody-has"


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"user": "nobody"}, "HTTP 401 The request you have made requires authentication. Check the password"),
        ({"project": "nowhere"}, "in project 'nowhere' at Keystone"),
        ({"zone": "example.org"}, "is outside the zone example.org"),
        ({"region": "north"}, "no public endpoint of a service of the type dns in the region north"),
        ({"region": "north"}, "The catalogue has admin in RegionOne, internal in RegionOne and public in RegionOne"),
        ({"endpoint": "dns.example.org:9001"}, "the URL of Designate, 'dns.example.org:9001', cannot be used"),
        ({"endpoint": "http://dns.invalid:9001"}, "Check the host's name in the URL"),
        ({"url": "http://127.0.0.1:1"}, "Check the URL, that Keystone runs"),
        (
            {"allow_cleartext_secrets": False},
            "has no TLS, so the token would travel in clear text. Next: give an https",
        ),
        ({"project": None}, "application_credential is False but all of the following are missing: project"),
    ],
)
def test_what_cannot_be_used(publish, name, options, said):
    refused = publish({"name": name, "addresses": [FOUR]}, **options)
    assert refused["failed"] and said in refused["msg"], refused["msg"]


@pytest.mark.parametrize(
    "hostile", ["a b", "ex\u00e4mple", "x'y", 'a"b', "*.*", "a.*", "-x", "a/../b", "a?name=b", "{{ 1 }}", "a\nb"]
)
def test_a_name_that_is_none_reaches_nobody(publish, designate, hostile):
    before = len(designate.logs())
    refused = publish({"name": f"{hostile}.{ZONE}", "addresses": [FOUR]})
    assert refused["failed"] and "records[0]" in refused["msg"], refused["msg"]
    assert "POST" not in designate.logs()[before:]


def test_a_port_where_nobody_listens_and_a_url_of_something_else(publish, designate, name):
    wanted = {"name": name, "addresses": [FOUR]}
    refused = publish(wanted, endpoint=f"http://127.0.0.1:{free_port()}/v2/")
    assert refused["failed"] and "Could not list the zones at Designate http://127.0.0.1" in refused["msg"]
    assert "Check the URL, that designate-api runs" in refused["msg"]
    refused = publish(wanted, endpoint=f"{designate.keystone.url}")
    assert refused["failed"] and "HTTP 404" in refused["msg"] and "Designate's API v2 is below it" in refused["msg"]
    assert publish(wanted, endpoint=f"{designate.url}/v2/")["changed"], "the version may be there"


def test_a_wrong_password_is_shown_nowhere(publish, name, tmp_path):
    file = tmp_path / "wrong"
    file.touch(mode=0o600)
    file.write_text(CANARY)
    refused = publish({"name": name, "addresses": [FOUR]}, password_file=str(file))
    assert refused["failed"] and "HTTP 401" in refused["msg"] and CANARY not in str(refused)
    file.chmod(0o644)
    refused = publish({"name": name, "addresses": [FOUR]}, password_file=str(file))
    assert refused["failed"] and str(file) in refused["msg"] and CANARY not in str(refused)


def test_a_zone_of_another_project_is_not_there(publish, designate, name):
    other = Tenant.of(designate)
    refused = publish({"name": name, "addresses": [FOUR]}, by=other.person)
    assert refused["failed"], refused
    assert f"Could not find the zone {ZONE} in the project {other.person.project} at Designate" in refused["msg"]
    assert "name the project that has it" in refused["msg"]


def test_who_may_only_read_may_plan_and_not_change(publish, designate, tenant, name):
    identity = designate.keystone.identity
    reader = identity.person("reader", project=tenant.person.project)
    wanted = {"name": name, "addresses": [FOUR]}
    assert publish(wanted, by=reader, check=True)["changed"]
    refused = publish(wanted, by=reader)
    assert refused["failed"] and refused["failure"]["status"] == 403, refused
    assert f"Could not create TXT of _rgwkit.{name} in the zone {ZONE}" in refused["msg"]
    assert "Give the user a role that Designate's policy asks for" in refused["msg"]


def test_a_name_server_that_stands_still(publish, designate, name):
    wanted = {"name": name, "addresses": [FOUR]}
    with designate.stopped("named"):
        began = time.monotonic()
        late = publish(wanted, wait=1)
        assert late["failed"] and "still PENDING after 1 s. Check that designate-worker" in late["msg"], late["msg"]
        assert time.monotonic() - began < 20
        assert f"Could not publish A of {name} and TXT of _rgwkit.{name} in the zone {ZONE} at" in late["msg"]
    wait_until(lambda: designate.told(name, "A"), "Designate has not tried again", designate)
    again = publish(wanted)
    assert not again["changed"] and not again.get("failed"), again


def test_a_name_that_is_on_its_way_out_may_come_back(publish, designate, name):
    wanted = {"name": name, "addresses": [FOUR]}
    publish(wanted)
    with designate.stopped("named"):
        late = publish({"name": name, "state": "absent"}, wait=1)
        assert late["failed"] and f"Could not publish the removal of names in the zone {ZONE}" in late["msg"], late[
            "msg"
        ]
    back = publish(wanted)
    assert back["changed"] and designate.told(name, "A") == [FOUR], back


def test_central_that_stands_still(publish, designate, name):
    wanted = {"name": name, "addresses": [FOUR]}
    with designate.stopped("designate-central"):
        refused = publish(wanted, timeout=3)
        assert refused["failed"] and "Could not list the zones at Designate" in refused["msg"], refused["msg"]
    assert publish(wanted)["changed"]
