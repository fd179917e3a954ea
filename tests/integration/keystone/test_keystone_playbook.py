# SPDX-License-Identifier: Apache-2.0
"""playbooks/keystone.yml registers gateways in a real Keystone, and teardown.yml takes their entry away."""

from __future__ import annotations

import json
import secrets
import sys

import pytest

from tests.keystone.service import running_keystone
from tests.playbooks import new_demo, run_playbook, unchanged

pytestmark = pytest.mark.long

URL = "https://objects.example.com"


@pytest.fixture(scope="module")
def keystone(tmp_path_factory):
    """A Keystone of its own, whose catalogue no other test reads."""
    with running_keystone(tmp_path_factory.mktemp("keystone")) as keystone:
        yield keystone


@pytest.fixture
def region():
    return f"n{secrets.token_hex(4)}"


@pytest.fixture
def play(keystone, region, tmp_path):
    """Run a playbook for gateways on a host that nobody can connect to; the run, which shows no secret."""
    inventory = tmp_path / "hosts.json"
    inventory.write_text(json.dumps({"rgws": {"hosts": {"rgw1": {"ansible_host": "192.0.2.1"}}}}))
    given = {
        "rgwkit_home": f"home-{region}",
        "rgw_gateway_keystone": {
            "url": keystone.tls_url,
            "region": region,
            "catalogue_urls": [URL, "http://10.0.0.20"],
        },
        "rgw_keystone_identity_password_file": str(keystone.password_file),
        "rgw_keystone_identity_ca_file": str(keystone.ca_file),
        "rgw_keystone_identity_roles": [{"name": region}],
    }

    def run(playbook, *options, inventory=inventory, **variables):
        done = run_playbook(playbook, "-i", inventory, "-vvv", "--diff", *options, **{**given, **variables})
        assert keystone.password_file.read_text() not in done.output and "gAAAA" not in done.output
        return done

    return run


def registered(keystone, region):
    """What the catalogue has for the region, and whether there is the role."""
    found = keystone.identity.ask("GET", f"endpoints?region_id={region}").json()["endpoints"]
    roles = keystone.identity.ask("GET", f"roles?name={region}").json()["roles"]
    return {one["interface"]: one["url"] for one in found}, len(roles) == 1


def test_register_again_change_and_take_away(play, keystone, region):
    planned = play("keystone", "--check")
    assert planned.code == 0 and planned.count("changed") == 1, planned.output
    assert registered(keystone, region) == ({}, False)
    created = play("keystone")
    assert created.code == 0 and "3 created" in created.output, created.output
    assert registered(keystone, region) == ({"public": f"{URL}/swift/v1"}, True)
    assert unchanged(play("keystone").output)

    moved = play("keystone", rgw_gateway_options={"rgw_swift_url_prefix": "/"})
    assert moved.code == 0 and registered(keystone, region)[0] == {"public": f"{URL}/v1"}, moved.output

    gone = play("keystone", rgw_keystone_identity_state="absent")
    assert gone.code == 0 and registered(keystone, region) == ({}, True), gone.output
    gone = play("keystone", rgw_keystone_identity_state="absent", rgw_keystone_identity_remove_roles=True)
    assert gone.code == 0 and registered(keystone, region) == ({}, False), gone.output


def test_teardown_takes_only_what_the_inventory_has_registered(play, keystone, region, tmp_path):
    """teardown.yml for a demo that does not exist: of all that there could be, only Keystone has something."""
    other = keystone.identity.service(f"{URL}/else")
    assert play("keystone").code == 0
    demo = new_demo(secrets.token_hex(3), tmp_path / "demo")
    inventory = tmp_path / "demo.json"
    host = {"ansible_connection": "local", "ansible_python_interpreter": sys.executable, **demo.variables()}
    inventory.write_text(json.dumps({"rgws": {"hosts": {"demo": host}}}))
    for removed, left in (("no", True), ("yes", False)):
        done = play("teardown", inventory=inventory, remove_data=removed)
        assert done.code == 0, done.output[-6000:]
        assert registered(keystone, region) == ({}, left)
    assert keystone.identity.ask("GET", f"services/{other}").status_code == 200


def test_without_a_url_of_the_gateways_nothing_is_done(play, keystone):
    refused = play("keystone", rgw_gateway_keystone={"url": keystone.tls_url}, rgw_keystone_identity_roles=[])
    assert refused.code != 0
    assert "write the URL that clients use into catalogue_urls" in " ".join(refused.output.split())


def test_who_may_not_is_told_so(play, keystone, region, tmp_path):
    person = keystone.identity.person("member")
    password_file = tmp_path / "password"
    password_file.touch(mode=0o600)
    password_file.write_text(person.password)
    names = {"user": person.user, "project": person.project, "password_file": str(password_file)}
    refused = play("keystone", **{f"rgw_keystone_identity_{name}": value for name, value in names.items()})
    assert refused.code != 0 and "most often admin" in refused.output and person.password not in refused.output
    assert registered(keystone, region) == ({}, False)
