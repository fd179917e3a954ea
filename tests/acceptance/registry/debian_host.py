# SPDX-License-Identifier: Apache-2.0
"""A Debian host with systemd and without docker, as a container; the playbooks reach it through docker."""

from __future__ import annotations

import json
import subprocess
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Iterator

import pytest

from tests.hosts.systemd import BOOKWORM, Image, SystemdHost, booted, run
from tests.integration.gateway import Gateway
from tests.playbooks import BIN, PROJECT, Run

from .storage_site import CHUNK_BYTES, kill_with_descendants

STORAGE_KEY = "/etc/rgwkit-test/storage.key"
PORT = 5001


@dataclass
class Host(SystemdHost):
    """A Debian host for one registry. `variables` are what the inventory says besides, for all plays."""

    variables: dict[str, Any] = field(default_factory=dict)

    def play(self, *options: str, playbook: str = "registry", **variables: Any) -> Run:
        """Run a playbook with these variables over those for a registry that keeps blobs in a folder."""
        return run(*self._command(playbook, options, variables))

    @contextmanager
    def playing(self, playbook: str, **variables: Any) -> Iterator[tuple[subprocess.Popen[bytes], Path]]:
        """Begin to run a playbook; at the end of the block it is killed, with all that it has started here."""
        said = self.folder / "killed.log"
        with said.open("wb") as log:
            command = self._command(playbook, (), variables)
            process = subprocess.Popen(command, cwd=PROJECT, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
            try:
                yield process, said
            finally:
                kill_with_descendants(process.pid)
                process.wait()

    def _command(self, playbook: str, options: tuple[str, ...], variables: dict[str, Any]) -> list[str]:
        host = {
            "ansible_connection": "community.docker.docker",
            "ansible_host": self.name,
            "ansible_python_interpreter": "/usr/bin/python3",
            "registry_runtime": "package",
            "registry_name": "hub",
            "registry_port": PORT,
            "registry_storage": "filesystem",
            "registry_probe_layer_sizes": [1024],
            "registry_ready_timeout": 30,
            **self.variables,
            **variables,
        }
        inventory = self.folder / "hosts.json"
        inventory.write_text(json.dumps({"all": {"children": {"registries": {"hosts": {"one": host}}}}}))
        return [str(BIN / "ansible-playbook"), "-i", str(inventory), f"playbooks/{playbook}.yml", *options]

    def shown(self, name: str, unit: str = "hub") -> str:
        """A property of a unit, in systemd's words."""
        return super().shown(name, unit)

    def header(self, name: str, port: int = PORT) -> str:
        """A header of what the registry answers."""
        return super().header(name, port)

    def use_storage(self, gateway: Gateway, url: str) -> None:
        """Have all plays use swift of this gateway, which the host reaches at the URL, and know its bucket."""
        self.write(STORAGE_KEY, gateway.secret)
        self.variables |= {
            "registry_address": "0.0.0.0",
            "registry_open": True,
            "registry_gateway_endpoint": url,
            "registry_storage": "swift",
            "registry_swift_authurl": f"{url}/auth/v1",
            "registry_swift_username": gateway.user,
            "registry_swift_secret_file": STORAGE_KEY,
            "registry_swift_chunksize": CHUNK_BYTES,
            "registry_s3_regionendpoint": url,
            "registry_s3_bucket": "registry-s3",
            "registry_s3_accesskey": gateway.access_key,
            "registry_s3_secret_file": STORAGE_KEY,
        }


@contextmanager
def debian_host(folder: Path, *options: str, image: Image = BOOKWORM) -> Iterator[Host]:
    """A host that goes at the end; options are docker run's. The test is skipped where its image cannot be made."""
    made = image.make()
    if made.code:
        pytest.skip(f"the image of a host with systemd cannot be made from packages: {made.output[-600:]}")
    with booted(Host(folder), *options, image=image) as host:
        yield host
