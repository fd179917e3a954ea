# SPDX-License-Identifier: Apache-2.0
"""playbooks/teardown.yml with names in DNS: names go first, and nothing goes while the name server does not answer."""

from __future__ import annotations

import json
import secrets
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.dns.service import ZONE, NameServer
from tests.playbooks import Run, free_port, run_playbook, unchanged

pytestmark = pytest.mark.long


@pytest.fixture
def endpoint() -> str:
    return f"t{secrets.token_hex(4)}.{ZONE}"


@pytest.fixture
def play(tmp_path: Path, server: NameServer, endpoint: str) -> Callable[..., Run]:
    """Runs a playbook for a demo that has a name and a folder, and no container."""
    host = {
        "ansible_connection": "local",
        "ansible_python_interpreter": sys.executable,
        "rgwkit_home": "teardown-test",
        "demo_name": endpoint.partition(".")[0],
        "ceph_demo_name": endpoint.partition(".")[0],
        "ceph_demo_dir": str(tmp_path / "demo" / "ceph"),
        "demo_report_dir": str(tmp_path / "demo"),
        "dns_publish_server": server.address,
        "dns_publish_zone": ZONE,
        "dns_publish_key_file": str(server.key_file()),
        "dns_publish_endpoint": endpoint,
        "dns_publish_gateway_names": [endpoint],
        # No gateway runs that could prove a bucket's name.
        "dns_publish_access_key": "",
        "dns_publish_addresses": ["192.0.2.10"],
    }
    inventory = tmp_path / "hosts.json"
    inventory.write_text(json.dumps({"all": {"children": {"rgws": {"hosts": {"own": host}}}}}))

    def run(playbook: str, **variables: object) -> Run:
        done = run_playbook(playbook, "-i", inventory, **variables)
        assert server.key_file().read_text() not in done.output
        return done

    return run


def test_names_go_first_and_nothing_goes_without_the_name_server(
    play: Callable[..., Run], server: NameServer, endpoint: str
) -> None:
    published = play("dns")
    assert published.code == 0 and server.told(endpoint, "A") == ["192.0.2.10"], published.output

    refused = play("teardown", remove_data=True, dns_publish_port=free_port(), dns_publish_timeout=1)
    assert refused.code != 0 and unchanged(refused.output), refused.output
    assert "Remove the demo's Ceph" not in refused.output and server.told(endpoint, "A") == ["192.0.2.10"]

    removed = play("teardown", remove_data=True)
    assert removed.code == 0 and removed.count("changed") == 1, removed.output
    assert server.told(endpoint, "A") == server.told(f"_rgwkit.{endpoint}", "TXT") == []
    again = play("teardown", remove_data=True)
    assert again.code == 0 and unchanged(again.output), again.output
