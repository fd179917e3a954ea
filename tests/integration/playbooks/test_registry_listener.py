# SPDX-License-Identifier: Apache-2.0
"""Each form in which a registry may listen, or be spoken of: it runs, and the role's own proof passes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import requests

from tests.playbooks import Run, free_port, has_ipv6, run_playbook

PLAY = """
- hosts: localhost
  connection: local
  gather_facts: false
  roles: [rgwkit.ceph.registry]
"""


# Each besides with a choice that no other test has: what the role waits for depends on the level of the log.
FORMS = {
    "prefix": (
        {"registry_address": "0.0.0.0", "registry_http": {"prefix": "/my/prefix/"}, "registry_log_level": "warn"},
        "http://127.0.0.1:{}/my/prefix/v2/",
    ),
    "host": (
        {
            "registry_address": "localhost",
            "registry_http": {"host": "https://registry.example.com"},
            "registry_log_level": "debug",
        },
        "http://127.0.0.1:{}/v2/",
    ),
    "ipv6": ({"registry_address": "::1", "registry_cache": "none"}, "http://[::1]:{}/v2/"),
}


@pytest.mark.long
@pytest.mark.parametrize("form", FORMS)
def test_a_registry_is_proven_where_it_listens(form: str, tmp_path: Path) -> None:
    if form.startswith("ipv6") and not has_ipv6():
        pytest.skip("this machine has no IPv6")
    variables, url = FORMS[form]
    port = free_port()
    (tmp_path / "play.yml").write_text(PLAY)
    inventory = tmp_path / "hosts.yml"
    host = {"ansible_python_interpreter": "{{ ansible_playbook_python }}"}
    inventory.write_text(json.dumps({"all": {"hosts": {"localhost": host}}}))

    def play(**more: object) -> Run:
        given = {"registry_name": f"rgwkit-test-{form}", "registry_dir": str(tmp_path / "registry"), **variables}
        fixed = {"registry_storage": "inmemory", "registry_port": port, "registry_open": True}
        return run_playbook(tmp_path / "play.yml", "-i", inventory, **given, **fixed, **more)

    try:
        first = play()
        assert first.code == 0, first.output[-4000:]
        assert requests.get(url.format(port), timeout=10).status_code == 200
    finally:
        gone = play(registry_state="absent", registry_remove_data=True)
    assert gone.code == 0, gone.output[-4000:]
