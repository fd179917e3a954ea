# SPDX-License-Identifier: Apache-2.0
"""A Debian host for the portal and a gateway, in containers; playbooks reach the host through docker."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.hosts.systemd import BOOKWORM, SystemdHost, booted, run
from tests.integration.gateway import Gateway, running_gateway
from tests.playbooks import BIN, Run

PLAY_SECONDS = 900
ADMIN_KEY, RGW_SECRET = "/etc/rgwkit-test/admin.key", "/etc/rgwkit/secrets/portal.rgw.secret"
PROXY_SECRET = "/etc/rgwkit/secrets/portal.proxy.secret"
UNIT, PORT = "rgwkit-portal", 8088
CAPS = {"users": "*", "buckets": "*", "metadata": "*"}
# Pip reaches PyPI as this machine does.
AUTHORITIES = os.environ.get("PIP_CERT", "")
PIP = [f"--volume={AUTHORITIES}:/etc/pip.crt:ro", "--env=PIP_CERT=/etc/pip.crt"] if AUTHORITIES else []


@dataclass
class PortalHost(SystemdHost):
    """The host. It is in all groups: a gateway's administrator is there, too."""

    variables: dict[str, Any] = field(default_factory=dict)

    def boot(self) -> None:
        super().boot()
        self.share_mounts()

    def share_mounts(self) -> None:
        """As systemd does at boot on every host but a container: without it, a unit does not get its credentials."""
        self.tell("mount", "--make-rshared", "/")

    @property
    def url(self) -> str:
        """Where this machine reaches the portal."""
        return f"http://{self.address}:{PORT}"

    def inventory(self, **variables: Any) -> Path:
        """The file of the inventory, with these variables besides the host's own."""
        host = {
            "ansible_connection": "community.docker.docker",
            "ansible_host": self.name,
            "ansible_python_interpreter": "/usr/bin/python3",
            **self.variables,
            **variables,
        }
        groups = {name: {"hosts": {"one": host if name == "portals" else {}}} for name in ("rgws", "portals")}
        inventory = self.folder / "hosts.json"
        inventory.write_text(json.dumps({"all": {"children": groups}}))
        return inventory

    def play(self, playbook: str, *options: str, **variables: Any) -> Run:
        inventory = self.inventory(**variables)
        command = [str(BIN / "ansible-playbook"), "-i", str(inventory), f"playbooks/{playbook}.yml", *options]
        return run("timeout", "--kill-after=10", str(PLAY_SECONDS), *command)


@contextmanager
def portal_site(folder: Path, proxy_secret: str) -> Iterator[tuple[PortalHost, Gateway]]:
    """Host and gateway, with nothing on them yet but two secrets; both go at the end."""
    made = BOOKWORM.make()
    assert made.code == 0, made.output[-4000:]
    with running_gateway(folder) as gateway, booted(PortalHost(folder), *PIP, image=BOOKWORM) as host:
        host.share_mounts()
        address = gateway.run("hostname", "-i").split()[0]
        host.write(ADMIN_KEY, gateway.secret)
        host.write(PROXY_SECRET, proxy_secret)
        endpoint = f"http://{address}:8080"
        host.variables |= {
            "rgw_users_endpoint": endpoint,
            "rgw_users_access_key": gateway.access_key,
            "rgw_users_secret_key_file": ADMIN_KEY,
            "rgw_users_list": [
                {
                    "uid": "portaladmin",
                    "caps": CAPS,
                    "s3_keys": [{"access_key": "PORTALADMIN", "secret_file": RGW_SECRET}],
                }
            ],
            "rgw_portal_address": "0.0.0.0",
            "rgw_portal_url": f"http://{host.address}:{PORT}",
            "rgw_portal_user_groups": ["users"],
            "rgw_portal_admin_groups": ["admins"],
            "rgw_portal_uber_admin_groups": ["ubers"],
            "rgw_portal_proxy_addresses": ["0.0.0.0/0"],
            "rgw_portal_proxy_secret_file": PROXY_SECRET,
            "rgw_portal_backends": [
                {
                    "name": "rgw",
                    "endpoint": endpoint,
                    "access_key": "PORTALADMIN",
                    "secret_key_file": RGW_SECRET,
                    "limits": {"max_bytes": 1048576, "max_buckets": 3},
                }
            ],
        }
        yield host, gateway
