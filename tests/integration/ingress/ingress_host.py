# SPDX-License-Identifier: Apache-2.0
"""An ingress stood up by playbooks/ingress.yml on this host, and registries for it to stand before."""

from __future__ import annotations

import csv
import json
import secrets
import socket
import subprocess
import sys
import time
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Iterator

import yaml

from tests.playbooks import Run, free_port, run_playbook

ETC = "/etc/docker/registry"


@dataclass
class IngressHost:
    """The host and the role's variables for it."""

    folder: Path
    services: list[dict[str, Any]]
    name: str = field(default_factory=lambda: f"rgwkit-test-{secrets.token_hex(3)}")

    @property
    def socket(self) -> Path:
        return self.folder / "run" / "admin.sock"

    def port(self, service: str) -> int:
        return next(int(found["port"]) for found in self.services if found["name"] == service)

    def play(self, *options: str, playbook: str | Path = "ingress", **variables: object) -> Run:
        """Run the playbook with these variables over the defaults."""
        host = {
            "ansible_connection": "local",
            "ansible_python_interpreter": sys.executable,
            "rgw_ingress_name": self.name,
            "rgw_ingress_dir": str(self.folder / "etc"),
            "rgw_ingress_socket": str(self.socket),
            "rgw_ingress_services": self.services,
            **variables,
        }
        inventory = self.folder / "hosts.json"
        inventory.write_text(json.dumps({"all": {"children": {"ingress": {"hosts": {"lb": host}}}}}))
        return run_playbook(playbook, "-i", inventory, *options)

    def tell(self, command: str) -> str:
        """One command to HAProxy's admin socket; its answer."""
        with socket.socket(socket.AF_UNIX) as sock:
            sock.connect(str(self.socket))
            sock.sendall(f"{command}\n".encode())
            return b"".join(iter(lambda: sock.recv(65536), b"")).decode()

    def backend(self, service: str, name: str) -> dict[str, str]:
        """HAProxy's statistics of one backend: status, scur (requests it has), stot (requests it had), ..."""
        rows = csv.DictReader(self.tell("show stat").lstrip("# ").splitlines())
        return next(row for row in rows if (row["pxname"], row["svname"]) == (service, name))

    def wait_for(self, service: str, name: str, status: str, seconds: float) -> None:
        """Wait until a backend has a status, such as UP or DOWN."""
        until = time.monotonic() + seconds
        while self.backend(service, name)["status"] != status:
            assert time.monotonic() < until, self.backend(service, name)
            time.sleep(0.2)

    def log(self) -> str:
        command = ["docker", "logs", self.name]
        return subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=True).stdout


@contextmanager
def ingress_host(folder: Path, services: list[dict[str, Any]]) -> Iterator[IngressHost]:
    """A host whose ingress goes at the end."""
    host = IngressHost(folder, services)
    try:
        yield host
    finally:
        host.play("-e", "rgw_ingress_state=absent")


@contextmanager
def registries(folder: Path, names: list[str]) -> Iterator[dict[str, int]]:
    """Replicas of one registry, which keep blobs in one folder; yields their ports."""
    ports = {name: free_port() for name in names}
    for name, port in ports.items():
        config = {
            "version": "0.1",
            "log": {"accesslog": {"disabled": True}, "level": "error"},
            "storage": {"filesystem": {"rootdirectory": "/var/lib/registry"}, "delete": {"enabled": True}},
            "http": {"addr": f"127.0.0.1:{port}", "secret": "shared"},
        }
        (folder / name).mkdir()
        (folder / name / "config.yml").write_text(yaml.safe_dump(config))
    (folder / "data").mkdir()
    containers: list[str] = []
    try:
        for name in names:
            mounts = [f"--volume={folder / name}:{ETC}:ro", f"--volume={folder / 'data'}:/var/lib/registry"]
            command = ["docker", "run", "--detach", "--network=host", *mounts, "rgwkit/registry:2.8"]
            containers.append(subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip())
        for port in ports.values():
            wait_until_it_listens(port)
        yield ports
    finally:
        subprocess.run(["docker", "rm", "--force", "--volumes", *containers], capture_output=True, check=True)


def wait_until_it_listens(port: int) -> None:
    until = time.monotonic() + 20
    while True:
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
        assert time.monotonic() < until, f"nothing listens on port {port}"
        time.sleep(0.1)
