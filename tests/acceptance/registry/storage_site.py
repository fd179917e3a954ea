# SPDX-License-Identifier: Apache-2.0
"""Replicas of one registry on a gateway of their own, stood up by the project's playbooks as a user does."""

from __future__ import annotations

import json
import os
import secrets
import signal
import subprocess
import sys
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Iterator

import requests
from ansible_collections.rgwkit.ceph.plugins.module_utils.base.login import Login
from ansible_collections.rgwkit.ceph.plugins.module_utils.doctor.runner import wait_ready
from ansible_collections.rgwkit.ceph.plugins.module_utils.http.endpoint import Endpoint
from ansible_collections.rgwkit.ceph.plugins.module_utils.s3.bucket import S3Bucket

from tests.integration.gateway import Gateway, running_gateway
from tests.playbooks import BIN, PROJECT, Run, free_port

# The least that the swift driver of registry 2.8 takes.
CHUNK_BYTES = 1024 * 1024


@dataclass
class Site:
    """The gateway, the folder for all files, and a port for each replica; `name` is what their names begin with.

    `variables` are what the inventory says besides, for all plays.
    """

    gateway: Gateway
    folder: Path
    ports: list[int]
    name: str = field(default_factory=lambda: f"rgwkit-test-{secrets.token_hex(3)}")
    variables: dict[str, object] = field(default_factory=dict)

    @property
    def urls(self) -> list[str]:
        return [f"http://127.0.0.1:{port}" for port in self.ports]

    def play(self, playbook: str, *options: str, **variables: object) -> Run:
        """Run a playbook with these variables in the inventory, over those for a registry on swift."""
        done = subprocess.run(
            self._command(playbook, options, variables),
            cwd=PROJECT,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        return Run(done.returncode, done.stdout)

    @contextmanager
    def playing(self, playbook: str, interrupt: bool = False, **variables: object) -> Iterator[subprocess.Popen[bytes]]:
        """Begin to run a playbook; at the end of the block it is killed, with all that it has started.

        interrupt: or gets what Ctrl-C sends, and what it has started goes on as it likes.
        """
        with (self.folder / "killed.log").open("wb") as log:
            command = self._command(playbook, (), variables)
            process = subprocess.Popen(command, cwd=PROJECT, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
            try:
                yield process
            finally:
                if interrupt:
                    process.send_signal(signal.SIGINT)
                else:
                    kill_with_descendants(process.pid)
                process.wait(60)

    def bucket(self, name: str) -> S3Bucket:
        """A bucket or container of the registry's user."""
        return S3Bucket(Endpoint.parse(self.gateway.url), Login(self.gateway.access_key, self.gateway.secret), name, 30)

    def started(self) -> list[str]:
        """When each registry was started."""
        names = [self.registry_name(number) for number in range(len(self.ports))]
        command = ["docker", "inspect", "--format", "{{.State.StartedAt}}", *names]
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()

    def registry_name(self, number: int) -> str:
        return f"{self.name}-{number}"

    @property
    def folders(self) -> list[Path]:
        """The folder of each registry."""
        return [self.folder / f"registry{number}" for number in range(len(self.ports))]

    def guards(self) -> list[str]:
        """The processes that wait for signs of life while the registries are read-only."""
        listed = subprocess.run(["ps", "-wweo", "stat=,args="], capture_output=True, text=True, check=True).stdout
        ours = [line for line in listed.splitlines() if f"{self.folder}/" in line and "/guard.py " in line]
        return [line for line in ours if not line.startswith("Z")]

    def push_statuses(self) -> list[int]:
        """What each registry says to the beginning of a push."""
        return [requests.post(f"{url}/v2/canary/blobs/uploads/", timeout=30).status_code for url in self.urls]

    def _command(self, playbook: str, options: tuple[str, ...], variables: dict[str, object]) -> list[str]:
        hosts = {f"replica{number}": self._host(number, variables) for number in range(len(self.ports))}
        inventory = self.folder / "hosts.json"
        inventory.write_text(json.dumps({"all": {"children": {"registries": {"hosts": hosts}}}}))
        return [str(BIN / "ansible-playbook"), "-i", str(inventory), f"playbooks/{playbook}.yml", *options]

    def _host(self, number: int, variables: dict[str, object]) -> dict[str, Any]:
        key = str(self.gateway.secret_file)
        return {
            "ansible_connection": "local",
            "ansible_python_interpreter": sys.executable,
            "registry_name": self.registry_name(number),
            "registry_dir": str(self.folder / f"registry{number}"),
            "registry_port": self.ports[number],
            "registry_http_secret_file": str(self.folder / "http.secret"),
            "registry_gateway_endpoint": self.gateway.url,
            "registry_swift_authurl": f"{self.gateway.url}/auth/v1",
            "registry_swift_username": self.gateway.user,
            "registry_swift_secret_file": key,
            "registry_swift_chunksize": CHUNK_BYTES,
            "registry_s3_regionendpoint": self.gateway.url,
            "registry_s3_bucket": "registry-s3",
            "registry_s3_accesskey": self.gateway.access_key,
            "registry_s3_secret_file": key,
            "registry_probe_layer_sizes": [1024],
            **self.variables,
            **variables,
        }


@contextmanager
def running_site(folder: Path, replicas: int = 1, **variables: object) -> Iterator[Site]:
    """A site whose registries use swift, and these variables; all of it goes at the end."""
    with running_gateway(folder) as gateway:
        ready = wait_ready(Endpoint.parse(gateway.url), Login(gateway.user, gateway.secret), 60)
        assert ready.ok, f"{ready}\n{gateway.logs()[-4000:]}"
        site = Site(gateway, folder, [free_port() for _number in range(replicas)], variables=variables)
        try:
            first = site.play("registry")
            assert first.code == 0, first.output[-4000:]
            yield site
        finally:
            site.play("registry", registry_state="absent", registry_remove_data=True)


def kill_with_descendants(parent: int) -> None:
    """Kill a process, and all that it has started."""
    for number in [parent, *descendants(parent)]:
        with suppress(ProcessLookupError):
            os.kill(number, signal.SIGKILL)


def descendants(parent: int) -> list[int]:
    """The processes that a process has started, and those that these have."""
    listed = subprocess.run(["ps", "-eo", "pid=,ppid="], capture_output=True, text=True, check=True).stdout
    children: dict[int, list[int]] = {}
    for line in listed.splitlines():
        number, its_parent = map(int, line.split())
        children.setdefault(its_parent, []).append(number)
    found = children.get(parent, [])
    return [*found, *(deeper for child in found for deeper in descendants(child))]
