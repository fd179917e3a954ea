# SPDX-License-Identifier: Apache-2.0
"""playbooks/dns.yml with a real gateway and a real Designate: a bucket is listed by a name of Designate's BIND."""

from __future__ import annotations

import secrets
from pathlib import Path

import pytest

from tests.designate.service import Designate, Tenant
from tests.integration.dns.conftest import login_of
from tests.integration.dns.inventory import Inventory
from tests.integration.gateway import Gateway, second_gateway
from tests.playbooks import unchanged

pytestmark = pytest.mark.long


@pytest.fixture
def inventory(tmp_path: Path, designate: Designate, gateway: Gateway) -> Inventory:
    """A user's, in a project with a zone of its own."""
    tenant = Tenant.of(designate)
    zone = f"r{secrets.token_hex(4)}.test"
    tenant.zone(zone)
    login = login_of(designate, tenant.person, tmp_path)
    settings = {"dns_publish_provider": "designate", "dns_publish_designate": login}
    return Inventory(tmp_path, gateway, "http://192.0.2.1:8080", zone, settings, tenant.person.password, "gAAAA")


def test_publish_again_change_check_remove(inventory: Inventory, designate: Designate, gateway: Gateway) -> None:
    endpoint = inventory.endpoint
    with second_gateway(gateway, rgw_dns_name=endpoint) as url:
        inventory.lead_to(url)
        checked = inventory.run("--check")
        assert checked.code == 0 and checked.count("changed") == 1, checked.output
        assert designate.told(endpoint, "A") == []

        first = inventory.run()
        assert first.code == 0 and first.count("changed") == 1, first.output
        assert designate.told(endpoint, "A") == designate.told(f"any.{endpoint}", "A") == [inventory.address]
        assert f"-s3.{endpoint}" in first.output, "a bucket was listed by its name"
        assert unchanged(inventory.run().output)

        inventory.variables["dns_publish_names"] = [{"name": f"portal-{endpoint}", "target": endpoint}]
        assert inventory.run().count("changed") == 1
        assert designate.told(f"portal-{endpoint}", "CNAME") == [f"{endpoint}."]
    gone = inventory.run(dns_publish_state="absent")
    assert gone.code == 0 and gone.count("changed") == 1, gone.output
    assert designate.told(endpoint, "A") == designate.told(f"any.{endpoint}", "A") == []
    assert unchanged(inventory.run(dns_publish_state="absent").output)


def test_what_is_missing_is_said(inventory: Inventory) -> None:
    inventory.variables["rgw_users_access_key"] = ""
    del inventory.variables["dns_publish_designate"]["url"]
    refused = inventory.run()
    assert refused.code and "missing required arguments: url" in refused.output, refused.output
