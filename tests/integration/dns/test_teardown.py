# SPDX-License-Identifier: Apache-2.0
"""playbooks/teardown.yml with names in DNS: names go first, and nothing goes while the provider does not answer."""

from __future__ import annotations

import json
import secrets
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.designate.service import Designate, Tenant
from tests.dns.service import ZONE, NameServer
from tests.integration.dns.conftest import login_of
from tests.playbooks import Run, free_port, run_playbook, unchanged

pytestmark = pytest.mark.long


@dataclass
class Provider:
    """Who publishes names. settings: the role's variables. gone: those with which nobody answers. hidden: a secret."""

    settings: dict[str, Any]
    gone: dict[str, Any]
    hidden: str
    told: Callable[[str, str], list[str]]


def by_update(server: NameServer) -> Provider:
    """RFC 2136, at BIND."""
    settings = {"dns_publish_server": server.address, "dns_publish_key_file": str(server.key_file())}
    gone = {"dns_publish_port": free_port(), "dns_publish_timeout": 1}
    return Provider(settings, gone, server.key_file().read_text(), server.told)


def by_designate(designate: Designate, tenant: Tenant, folder: Path) -> Provider:
    """OpenStack Designate, whose BIND answers."""
    login = login_of(designate, tenant.person, folder)
    nobody = {**login, "url": f"https://127.0.0.1:{free_port()}"}
    settings = {"dns_publish_provider": "designate", "dns_publish_designate": login}
    return Provider(settings, {"dns_publish_designate": nobody}, tenant.person.password, designate.told)


@pytest.fixture(params=["update", "designate"])
def provider(request: pytest.FixtureRequest, tmp_path: Path) -> Provider:
    if request.param == "update":
        return by_update(request.getfixturevalue("server"))
    request.getfixturevalue("zone_id")
    return by_designate(request.getfixturevalue("designate"), request.getfixturevalue("tenant"), tmp_path)


@pytest.fixture
def endpoint() -> str:
    return f"t{secrets.token_hex(4)}.{ZONE}"


@pytest.fixture
def play(tmp_path: Path, provider: Provider, endpoint: str) -> Callable[..., Run]:
    """Runs a playbook for a demo that has a name and a folder, and no container."""
    host = {
        "ansible_connection": "local",
        "ansible_python_interpreter": sys.executable,
        "rgwkit_home": "teardown-test",
        "demo_name": endpoint.partition(".")[0],
        "ceph_demo_name": endpoint.partition(".")[0],
        "ceph_demo_dir": str(tmp_path / "demo" / "ceph"),
        "demo_report_dir": str(tmp_path / "demo"),
        "dns_publish_zone": ZONE,
        "dns_publish_endpoint": endpoint,
        "dns_publish_gateway_names": [endpoint],
        # No gateway runs that could prove a bucket's name.
        "dns_publish_access_key": "",
        "dns_publish_addresses": ["192.0.2.10"],
        **provider.settings,
    }
    inventory = tmp_path / "hosts.json"

    def run(playbook: str, *options: str, home: str = "teardown-test", **variables: object) -> Run:
        own = {**host, **variables, "rgwkit_home": home}
        inventory.write_text(json.dumps({"all": {"children": {"rgws": {"hosts": {"own": own}}}}}))
        done = run_playbook(playbook, "-i", inventory, *options)
        assert provider.hidden not in done.output
        return done

    return run


def test_names_go_first_and_nothing_goes_without_the_provider(
    play: Callable[..., Run], provider: Provider, endpoint: str
) -> None:
    told = provider.told
    checked = play("dns", "--check")
    assert checked.code == 0 and checked.count("changed") == 1 and told(endpoint, "A") == [], checked.output
    published = play("dns")
    assert published.code == 0 and told(endpoint, "A") == ["192.0.2.10"], published.output
    assert unchanged(play("dns").output)

    refused = play("teardown", remove_data=True, **provider.gone)
    assert refused.code != 0 and unchanged(refused.output), refused.output
    assert "Remove the demo's Ceph" not in refused.output and told(endpoint, "A") == ["192.0.2.10"]

    others = play("teardown", home="another-inventory", remove_data=True)
    assert unchanged(others.output) and told(endpoint, "A") == ["192.0.2.10"], others.output

    removed = play("teardown", remove_data=True)
    assert removed.code == 0 and removed.count("changed") == 1, removed.output
    assert told(endpoint, "A") == told(f"_rgwkit.{endpoint}", "TXT") == []
    again = play("teardown", remove_data=True)
    assert again.code == 0 and unchanged(again.output), again.output
