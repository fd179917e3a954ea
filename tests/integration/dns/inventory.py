# SPDX-License-Identifier: Apache-2.0
"""The inventory of a user who publishes the names of one gateway."""

from __future__ import annotations

import json
import secrets
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tests.integration.gateway import Gateway
from tests.playbooks import Run, run_playbook


class Inventory:
    """An inventory with one gateway at `url`, whose names are below a domain of the test's own in `zone`.

    settings: variables by which names are published. hidden: secrets that no run may print.
    """

    def __init__(
        self, folder: Path, gateway: Gateway, url: str, zone: str, settings: Mapping[str, Any], *hidden: str
    ) -> None:
        self.endpoint = f"s{secrets.token_hex(4)}.{zone}"
        self._hidden, self._file = (gateway.secret, *hidden), folder / "hosts.json"
        self.variables: dict[str, Any] = {
            "ansible_connection": "local",
            "ansible_python_interpreter": sys.executable,
            "rgwkit_home": "role-test",
            "rgw_gateway_options": {"rgw_dns_name": self.endpoint},
            "rgw_users_access_key": gateway.access_key,
            "rgw_users_secret_key_file": str(gateway.secret_file),
            "dns_publish_zone": zone,
            "dns_publish_endpoint": self.endpoint,
            **settings,
        }
        self.groups: dict[str, Any] = {}
        self.lead_to(url)

    def lead_to(self, url: str) -> None:
        """Let the gateway be at another URL."""
        self.address, _, port = url.removeprefix("http://").rpartition(":")
        instance = {"name": "a", "port": int(port)}
        self.variables.update(ansible_host=self.address, rgw_gateway_instances=[instance])

    def run(self, *options: str, playbook: str = "dns", **variables: object) -> Run:
        """Run the playbook. No secret is in what it prints."""
        groups = {"rgws": {"hosts": {"own": self.variables}}, **self.groups}
        self._file.write_text(json.dumps({"all": {"children": groups}}))
        done = run_playbook(playbook, "-i", self._file, "-vvv", "--diff", *options, **variables)
        assert not [secret for secret in self._hidden if secret in done.output]
        return done
