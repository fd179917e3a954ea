# SPDX-License-Identifier: Apache-2.0
"""One registry, stood up by playbooks/registry.yml on this host, beside whatever runs here already."""

from __future__ import annotations

import json
import secrets
import subprocess
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Iterator

from tests.playbooks import BIN, Run, free_port, run_playbook


@dataclass
class RegistryHost:
    """The host and the role's variables for it."""

    folder: Path
    port: int = field(default_factory=free_port)
    name: str = field(default_factory=lambda: f"rgwkit-test-{secrets.token_hex(3)}")

    def play(self, *options: str, playbook: str = "registry", **variables: object) -> Run:
        """Run the playbook with these variables over the defaults, which keep blobs in a folder."""
        ours = {
            "registry_name": self.name,
            "registry_dir": str(self.folder / "registry"),
            "registry_port": self.port,
            "registry_storage": "filesystem",
            "registry_probe_layer_sizes": [1024],
            "registry_ready_timeout": 20,
            **variables,
        }
        host = {"ansible_connection": "local", "ansible_python_interpreter": str(BIN / "python"), **ours}
        inventory = self.folder / "hosts.json"
        inventory.write_text(json.dumps({"all": {"children": {"registries": {"hosts": {"one": host}}}}}))
        return run_playbook(playbook, "-i", inventory, *options)

    def container(self) -> dict[str, Any]:
        """The registry's container as docker describes it."""
        done = subprocess.run(["docker", "inspect", self.name], capture_output=True, text=True, check=True)
        found: dict[str, Any] = json.loads(done.stdout)[0]
        return found

    def started(self) -> tuple[str, str]:
        """Which container it is and when it was started."""
        found = self.container()
        return found["Id"], found["State"]["StartedAt"]


@contextmanager
def registry_host(folder: Path) -> Iterator[RegistryHost]:
    """A host whose registry goes at the end."""
    host = RegistryHost(folder)
    try:
        yield host
    finally:
        host.play("-e", "registry_state=absent registry_remove_data=true")
