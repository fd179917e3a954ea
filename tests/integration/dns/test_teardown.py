# SPDX-License-Identifier: Apache-2.0
"""Names from dns.yml and site.yml to teardown.yml: names go first, and nothing goes while the provider is refused."""

from __future__ import annotations

import json
import secrets
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.certificates import write_self_signed
from tests.designate.service import Designate, Tenant
from tests.dns.service import ZONE, NameServer
from tests.faulty_gateway import FaultyGateway
from tests.integration.dns.conftest import login_of
from tests.playbooks import Run, free_port, run_playbook, unchanged

pytestmark = pytest.mark.long


# The play of site.yml that publishes names, and those after it. What comes before needs a cluster.
NAMES_OF_SITE = ("site", "--start-at-task", "Publish the names")


@dataclass
class Provider:
    """Who publishes names. settings: the role's variables. hidden: a secret.

    refused: variables with which no name can be reached, each with what is said then.
    """

    settings: dict[str, Any]
    refused: list[tuple[dict[str, Any], str]]
    hidden: str
    told: Callable[[str, str], list[str]]


def by_update(server: NameServer) -> Provider:
    """RFC 2136, at BIND."""
    settings = {"dns_publish_server": server.address, "dns_publish_key_file": str(server.key_file())}
    gone = {"dns_publish_port": free_port(), "dns_publish_timeout": 1}
    return Provider(settings, [(gone, "Connection refused")], server.key_file().read_text(), server.told)


def by_designate(designate: Designate, tenant: Tenant, folder: Path) -> Provider:
    """OpenStack Designate, whose BIND answers."""
    login = login_of(designate, tenant.person, folder)
    nobody = logged_in({**login, "url": f"https://127.0.0.1:{free_port()}"})
    refused = [(nobody, "Check the URL, that Keystone runs")]
    return Provider(logged_in(login), refused, tenant.person.password, designate.told)


def by_designate_with_tls(designate: Designate, tenant: Tenant, folder: Path, front: str, shown: Path) -> Provider:
    """The same behind a front that speaks TLS, so that nothing travels in clear text."""
    login = {**login_of(designate, tenant.person, folder), "endpoint": front, "allow_cleartext_secrets": False}
    both = folder / "authorities.pem"
    both.write_text(Path(login["ca_file"]).read_text() + authority_of(shown))
    alone = folder / "authority.pem"
    alone.write_text(authority_of(shown))
    refused = [
        (logged_in(login), "Name the authorities that signed Designate's certificate"),
        (logged_in({**login, "ca_file": str(alone)}), "Name the authorities that signed Keystone's certificate"),
    ]
    settings = logged_in({**login, "ca_file": str(both)})
    return Provider(settings, refused, tenant.person.password, designate.told)


def logged_in(login: dict[str, Any]) -> dict[str, Any]:
    """The role's variables for a login."""
    return {"dns_publish_provider": "designate", "dns_publish_designate": login}


def authority_of(shown: Path) -> str:
    """The certificate of a file that begins with its key."""
    begin = "-----BEGIN CERTIFICATE"
    return begin + shown.read_text().partition(begin)[2]


@pytest.fixture(params=["update", "designate", "designate-tls"])
def provider(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Provider]:
    if request.param == "update":
        yield by_update(request.getfixturevalue("server"))
        return
    request.getfixturevalue("zone_id")
    designate, tenant = request.getfixturevalue("designate"), request.getfixturevalue("tenant")
    if request.param == "designate":
        yield by_designate(designate, tenant, tmp_path)
        return
    shown = write_self_signed(tmp_path / "front.pem", subject="designate")
    with FaultyGateway(designate.address, 9001, certificate=shown) as front:
        yield by_designate_with_tls(designate, tenant, tmp_path, front.url, shown)
        assert any("/v2/zones" in one for one in front.requests), "all requests go through the front"


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
        # The playbook asks for this, so that a variable of the inventory would not count.
        asked = {"remove_data": True} if playbook == "teardown" else {}
        done = run_playbook(playbook, "-i", inventory, *options, **asked)
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

    for variables, said in provider.refused:
        refused = play("teardown", **variables)
        assert refused.code != 0 and unchanged(refused.output) and said in refused.output, refused.output
        assert "Remove the demo's Ceph" not in refused.output and told(endpoint, "A") == ["192.0.2.10"]

    others = play("teardown", home="another-inventory")
    assert unchanged(others.output) and told(endpoint, "A") == ["192.0.2.10"], others.output

    removed = play("teardown")
    assert removed.code == 0 and removed.count("changed") == 1, removed.output
    assert told(endpoint, "A") == told(f"_rgwkit.{endpoint}", "TXT") == []
    again = play("teardown")
    assert again.code == 0 and unchanged(again.output), again.output


# A front with TLS changes nothing in how site.yml finds the provider, so Designate without one is left out.
@pytest.mark.parametrize("provider", ["update", "designate-tls"], indirect=True)
def test_site_publishes_what_teardown_removes_beside_another_inventory(
    play: Callable[..., Run], provider: Provider, endpoint: str
) -> None:
    told, other = provider.told, f"other-{endpoint}"
    theirs = {"home": "another-inventory", "dns_publish_endpoint": other, "dns_publish_gateway_names": [other]}
    assert play("dns", **theirs).code == 0

    checked = play(*NAMES_OF_SITE, "--check")
    assert checked.code == 0 and checked.count("changed") == 1 and told(endpoint, "A") == [], checked.output
    published = play(*NAMES_OF_SITE)
    assert published.code == 0 and published.count("changed") == 1, published.output
    assert told(endpoint, "A") == told(f"any.{endpoint}", "A") == ["192.0.2.10"]
    again = play(*NAMES_OF_SITE)
    assert again.code == 0 and unchanged(again.output), again.output

    removed = play("teardown")
    assert removed.code == 0 and told(endpoint, "A") == told(f"any.{endpoint}", "A") == [], removed.output
    assert told(other, "A") == told(f"any.{other}", "A") == ["192.0.2.10"]
    assert told(f"_rgwkit.{other}", "TXT") == ['"rgwkit: another-inventory"']
    assert play("teardown", **theirs).code == 0 and told(other, "A") == []
