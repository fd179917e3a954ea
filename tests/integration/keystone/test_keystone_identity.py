# SPDX-License-Identifier: Apache-2.0
"""The module rgw_keystone_identity: services, endpoints and roles of a real Keystone."""

from __future__ import annotations

import secrets

import pytest
from ansible_collections.rgwkit.ceph.plugins.modules import rgw_keystone_identity

from tests.keystone.service import running_keystone

pytestmark = pytest.mark.long

URL = "http://objects.example.com:8080/swift/v1"


@pytest.fixture(scope="module")
def keystone(tmp_path_factory):
    """A Keystone of its own, whose catalogue no other test reads."""
    with running_keystone(tmp_path_factory.mktemp("keystone")) as keystone:
        yield keystone


@pytest.fixture
def name():
    """The name of a service, region or role that no other test has."""
    return f"n{secrets.token_hex(4)}"


@pytest.fixture
def module(run_module, keystone):
    def run(check=False, **given):
        admin = {
            "url": keystone.tls_url,
            "ca_file": str(keystone.ca_file),
            "user": "admin",
            "password_file": str(keystone.password_file),
            "home": "home-one",
        }
        result = run_module(rgw_keystone_identity, check=check, **{**admin, **given})
        printed = result.pop("printed")
        assert keystone.password_file.read_text() not in printed and "gAAAA" not in printed
        return result

    return run


def service_of(name, url=URL, **given):
    endpoints = [{"region": name, "url": url}, {"region": name, "interface": "internal", "url": url}]
    return {"name": name, "endpoints": endpoints, **given}


def endpoints_in(keystone, region):
    found = keystone.identity.ask("GET", f"endpoints?region_id={region}").json()["endpoints"]
    return {one["interface"]: one["url"] for one in found}


def test_create_again_change_check_absent_again(module, keystone, name):
    wanted = {"services": [service_of(name)], "roles": [{"name": name}]}
    planned = module(check=True, **wanted)
    assert planned["changed"] and endpoints_in(keystone, name) == {}
    created = module(**wanted)
    assert created["changed"] and "4 created" in created["summary"], created
    assert created["diff"]["after"] == planned["diff"]["after"] and created["diff"]["before"][f"role {name}"] == {}
    assert endpoints_in(keystone, name) == {"public": URL, "internal": URL}
    assert all(one["ours"] for one in created["objects"])
    again = module(**wanted)
    assert not again["changed"] and "4 unchanged" in again["summary"] and again["diff"] == {"before": {}, "after": {}}

    moved = [service_of(name, f"{URL}/AUTH_%(project_id)s")]
    assert module(check=True, services=moved)["changed"] and endpoints_in(keystone, name)["public"] == URL
    changed = module(services=moved)
    assert "2 changed, 1 unchanged" in changed["summary"]
    assert changed["objects"][1]["changes"] == [f'url: "{URL}" -> "{URL}/AUTH_%(project_id)s"']
    assert not module(services=moved)["changed"]

    gone = {"services": [service_of(name, state="absent")], "roles": [{"name": name, "state": "absent"}]}
    assert module(check=True, **gone)["changed"] and endpoints_in(keystone, name)
    assert "4 removed" in module(**gone)["summary"]
    assert endpoints_in(keystone, name) == {}
    assert keystone.identity.ask("GET", f"roles?name={name}").json()["roles"] == []
    assert not module(**gone)["changed"]


def test_one_endpoint_goes_and_the_others_stay(module, keystone, name):
    module(services=[service_of(name)])
    one = {"region": name, "interface": "internal", "state": "absent"}
    assert "1 removed" in module(services=[{"name": name, "endpoints": [one]}])["summary"]
    assert endpoints_in(keystone, name) == {"public": URL}


def test_every_interface_has_a_url_of_its_own(module, keystone, name):
    urls = {one: f"http://{one}.example.com/swift/v1" for one in ("public", "internal", "admin")}
    endpoints = [{"region": name, "interface": one, "url": url} for one, url in urls.items()]
    assert "4 created" in module(services=[{"name": name, "endpoints": endpoints}])["summary"]
    assert endpoints_in(keystone, name) == urls


def test_what_others_have_made_is_used_but_neither_changed_nor_removed(module, keystone, name):
    identity = keystone.identity
    service = identity.create("service", type="object-store", name=name)
    identity.endpoint(service["id"], URL, region=name)
    identity.role(name)
    wanted = {"name": name, "endpoints": [{"region": name, "url": URL}]}
    used = module(services=[wanted], roles=[{"name": name}])
    assert not used["changed"] and not any(one["ours"] for one in used["objects"])

    other = {"name": name, "endpoints": [{"region": name, "url": f"{URL}/else"}]}
    refused = module(services=[other])
    assert refused["failed"] and "was not created by this toolkit, and has another url" in refused["msg"]

    left = module(services=[{**wanted, "state": "absent"}], roles=[{"name": name, "state": "absent"}])
    assert not left["changed"] and "was not created by this toolkit, and stays" in str(left["warnings"])
    assert endpoints_in(keystone, name) == {"public": URL}


def test_a_service_with_endpoints_of_others_stays(module, keystone, name):
    module(services=[service_of(name)])
    (service,) = keystone.identity.ask("GET", f"services?name={name}").json()["services"]
    keystone.identity.endpoint(service["id"], URL, region=f"{name}x")
    left = module(services=[service_of(name, state="absent")])
    assert f"endpoints of others (public in region {name}x), and stays" in str(left["warnings"])
    assert endpoints_in(keystone, name) == {} and endpoints_in(keystone, f"{name}x") == {"public": URL}


def test_another_inventory_s_is_refused_until_it_is_taken_over(module, keystone, name):
    module(services=[service_of(name)])
    elsewhere = [service_of(name, f"{URL}/else")]
    assert "is of the inventory home-one" in module(services=elsewhere, home="home-two")["msg"]
    gone = [service_of(name, state="absent")]
    assert "is of the inventory home-one" in module(services=gone, home="home-two")["msg"]
    assert endpoints_in(keystone, name)["public"] == URL
    assert module(services=elsewhere, home="home-two", takeover=True)["changed"]
    assert not module(services=elsewhere, home="home-two")["changed"]


def test_who_may_not_is_told_so_and_nothing_is_shown(module, keystone, name, tmp_path):
    person = keystone.identity.person("member")
    password = tmp_path / "password"
    password.touch(mode=0o600)
    password.write_text(person.password)
    given = {"user": person.user, "project": person.project, "password_file": str(password)}
    refused = module(services=[service_of(name)], **given)
    assert refused["failure"]["status"] == 403 and "most often admin" in refused["msg"]
    assert person.password not in str(refused)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"services": [{"endpoints": [{"region": "r"}]}]}, "services[0].endpoints[0]: url must be a URL"),
        ({"services": [{}, {}]}, "the service swift (object-store) is given twice, first at services[0]"),
        ({"roles": [{"name": " "}]}, "roles[0]: name is empty"),
        ({"url": "https://k.example.com/v2.0"}, "is of the API v2"),
    ],
)
def test_what_cannot_be_meant_is_refused(module, given, said):
    assert said in module(**given)["msg"]
