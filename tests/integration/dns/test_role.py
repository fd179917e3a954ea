# SPDX-License-Identifier: Apache-2.0
"""playbooks/dns.yml: a real gateway and a real BIND, from the inventory to a bucket that is listed by its name."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.certificates import write_self_signed
from tests.dns.service import ZONE, NameServer
from tests.integration.dns.inventory import Inventory
from tests.integration.gateway import Gateway, second_gateway
from tests.playbooks import unchanged

pytestmark = pytest.mark.long


def inventory_at(url: str, folder: Path, server: NameServer, gateway: Gateway) -> Inventory:
    """The inventory of a gateway at a URL, whose names are published by updates."""
    settings = {"dns_publish_server": server.address, "dns_publish_key_file": str(server.key_file())}
    return Inventory(folder, gateway, url, ZONE, settings, server.key_file().read_text())


@pytest.fixture
def inventory(tmp_path, server, gateway):
    """For tests in which no gateway is asked."""
    return inventory_at("http://192.0.2.10:8080", tmp_path, server, gateway)


def test_publish_again_change_check_remove(tmp_path, server, gateway):
    place = inventory_at("http://192.0.2.1:8080", tmp_path, server, gateway)
    with second_gateway(gateway, rgw_dns_name=place.endpoint) as url:
        place.lead_to(url)
        checked = place.run("--check")
        assert checked.code == 0 and checked.count("changed") == 1, checked.output
        assert server.told(place.endpoint, "A") == []

        first = place.run()
        assert first.code == 0 and first.count("changed") == 1, first.output
        assert server.told(place.endpoint, "A") == server.told(f"any.{place.endpoint}", "A") == [place.address]
        assert f"-s3.{place.endpoint}" in first.output, "a bucket was listed by its name"
        assert unchanged(place.run().output)

        place.variables["dns_publish_names"] = [{"name": f"portal-{place.endpoint}", "target": place.endpoint}]
        assert place.run().count("changed") == 1
        assert server.told(f"portal-{place.endpoint}", "CNAME") == [f"{place.endpoint}."]
    gone = place.run(dns_publish_state="absent")
    assert gone.code == 0 and gone.count("changed") == 1, gone.output
    assert server.told(place.endpoint, "A") == server.told(f"any.{place.endpoint}", "A") == []
    assert unchanged(place.run(dns_publish_state="absent").output)


def test_a_name_of_one_s_own_goes_alone(inventory, server):
    inventory.variables["rgw_users_access_key"] = ""
    own = {"name": f"old-{inventory.endpoint}", "addresses": ["192.0.2.11"]}
    assert inventory.run(dns_publish_names=[own]).code == 0
    assert inventory.run(dns_publish_names=[{"name": own["name"], "state": "absent"}]).count("changed") == 1
    assert server.told(own["name"], "A") == [] and server.told(inventory.endpoint, "A") == ["192.0.2.10"]


def test_a_gateway_that_does_not_know_the_name_is_found_before(inventory, server):
    inventory.variables["rgw_gateway_options"] = {"rgw_dns_name": f"other.{ZONE}"}
    refused = inventory.run()
    assert refused.code and "would take" in refused.output and "for the name of a bucket" in refused.output
    assert f"rgw_dns_name: {inventory.endpoint}" in refused.output
    assert server.told(inventory.endpoint, "A") == []


def test_the_host_names_of_the_zonegroup_count(inventory, server, gateway, tmp_path):
    inventory.variables.update(
        rgw_gateway_options={},
        rgw_users_access_key="",
        rgw_gateway_admin_via="container",
        rgw_gateway_admin_container=gateway.container,
    )
    inventory.groups["mons"] = {"hosts": {"own": {}}}
    refused = inventory.run()
    assert refused.code and "the gateways know no name" in refused.output
    zonegroup = json.loads(gateway.run("radosgw-admin", "zonegroup", "get"))
    changed = {**zonegroup, "hostnames": [inventory.endpoint]}
    set_zonegroup(gateway, changed)
    try:
        published = inventory.run()
    finally:
        set_zonegroup(gateway, zonegroup)
    assert published.code == 0 and server.told(inventory.endpoint, "A") == ["192.0.2.10"], published.output


def test_the_host_with_the_zonegroup_can_be_named(inventory, server, gateway):
    inventory.variables.update(
        rgw_gateway_options={},
        rgw_users_access_key="",
        rgw_gateway_admin_via="container",
        rgw_gateway_admin_container=gateway.container,
        dns_publish_admin_host="own",
    )
    zonegroup = json.loads(gateway.run("radosgw-admin", "zonegroup", "get"))
    set_zonegroup(gateway, {**zonegroup, "hostnames": [f"other.{ZONE}"]})
    try:
        refused = inventory.run()
        # Nobody asks for the zonegroup: the group mons is empty.
        not_asked = inventory.run("--check", dns_publish_admin_host="")
    finally:
        set_zonegroup(gateway, zonegroup)
    assert refused.code and f"other.{ZONE}" in refused.output and server.told(inventory.endpoint, "A") == []
    assert f"other.{ZONE}" not in not_asked.output


def test_a_name_of_web_sites_is_not_the_endpoint(inventory, server):
    inventory.variables["rgw_users_access_key"] = ""
    refused = inventory.run(dns_publish_website_names=[f"www.{inventory.endpoint}", inventory.endpoint])
    assert refused.code and "web sites" in refused.output and server.told(inventory.endpoint, "A") == []
    records = [{"name": f"{one}www.{inventory.endpoint}", "addresses": ["192.0.2.10"]} for one in ("", "*.")]
    sites = inventory.run(dns_publish_website_names=[f"www.{inventory.endpoint}"], dns_publish_names=records)
    assert sites.code == 0 and server.told(f"any.www.{inventory.endpoint}", "A") == ["192.0.2.10"], sites.output


def set_zonegroup(gateway: Gateway, zonegroup: dict[str, Any]) -> None:
    command = f"cat >/tmp/zonegroup.json <<'END'\n{json.dumps(zonegroup)}\nEND\n"
    gateway.run("sh", "-c", f"{command}radosgw-admin zonegroup set --infile /tmp/zonegroup.json")


def test_a_certificate_that_is_not_for_the_buckets_is_found_before(inventory, server, tmp_path):
    for names, said in (
        ((inventory.endpoint,), f"is not for rgwkit-bucket.{inventory.endpoint}, which clients use"),
        ((inventory.endpoint, f"*.{inventory.endpoint}"), ""),
    ):
        file = write_self_signed(tmp_path / f"tls-{len(names)}.pem", *names)
        instance = {"name": "a", "port": 8443, "certificate": str(file)}
        inventory.variables.update(rgw_gateway_instances=[instance], rgw_users_access_key="")
        done = inventory.run()
        assert (said in done.output and done.code) if said else not done.code, done.output
        assert bool(server.told(inventory.endpoint, "A")) == (not said)


def test_registries_and_the_ingress(inventory, server):
    registry, behind = f"registry-{inventory.endpoint}", f"images-{inventory.endpoint}"
    inventory.groups["registries"] = {
        "hosts": {
            "one": {"ansible_host": "192.0.2.41", "registry_names": ["192.0.2.41", registry]},
            "two": {"ansible_host": "192.0.2.42", "registry_names": ["192.0.2.42", "registry.example.org"]},
        }
    }
    inventory.variables["rgw_users_access_key"] = ""
    assert inventory.run().code == 0
    assert server.told(registry, "A") == ["192.0.2.41"]
    services = [
        {"name": "rgw", "type": "rgw", "port": 8443, "backends": []},
        {"name": "registry", "type": "registry", "port": 5000, "backends": [], "tls": {"names": [behind]}},
    ]
    address = {"rgw_ingress_virtual_address": "192.0.2.30/24"}
    inventory.groups["ingress"] = {
        "hosts": {name: {"rgw_ingress_services": services, **address} for name in ("three", "four")}
    }
    assert inventory.run().code == 0
    assert {name: server.told(name, "A") for name in (inventory.endpoint, registry, behind)} == {
        inventory.endpoint: ["192.0.2.30"],
        registry: ["192.0.2.30"],
        behind: ["192.0.2.30"],
    }
    server_key = inventory.variables.pop("dns_publish_key_file")
    secret = Path(server_key).read_text()
    assert inventory.run(dns_publish_state="absent", dns_publish_key_secret=secret).count("changed") == 1
    assert server.told(behind, "A") == []
