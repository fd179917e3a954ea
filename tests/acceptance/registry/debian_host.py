# SPDX-License-Identifier: Apache-2.0
"""A Debian host with systemd and without docker, as a container; the playbooks reach it through docker."""

from __future__ import annotations

import json
import secrets
import subprocess
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Callable, Iterator

import pytest

from tests.integration.gateway import Gateway
from tests.playbooks import BIN, PROJECT, Run

from .storage_site import CHUNK_BYTES, kill_with_descendants

HERE = Path(__file__).parent
IMAGE = "rgwkit-test/systemd:bookworm"
STORAGE_KEY = "/etc/rgwkit-test/storage.key"
# What systemd needs to be PID 1, and to give a service mounts of its own.
RIGHTS = ["--cap-add=SYS_ADMIN", "--cap-add=SYS_PTRACE", "--security-opt=seccomp=unconfined"]
RIGHTS += ["--security-opt=apparmor=unconfined", "--cgroupns=host", "--volume=/sys/fs/cgroup:/sys/fs/cgroup"]
RIGHTS += ["--tmpfs=/run", "--tmpfs=/run/lock", "--env=container=docker"]
BOOT_SECONDS = 60


def run(*command: str) -> Run:
    done = subprocess.run(
        command, cwd=PROJECT, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    return Run(done.returncode, done.stdout)


@dataclass
class Host:
    """A Debian host, as a container. `variables` are what the inventory says besides, for all plays."""

    folder: Path
    name: str = field(default_factory=lambda: f"rgwkit-test-{secrets.token_hex(3)}")
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
            "registry_port": 5001,
            "registry_storage": "filesystem",
            "registry_probe_layer_sizes": [1024],
            "registry_ready_timeout": 30,
            **self.variables,
            **variables,
        }
        inventory = self.folder / "hosts.json"
        inventory.write_text(json.dumps({"all": {"children": {"registries": {"hosts": {"one": host}}}}}))
        return [str(BIN / "ansible-playbook"), "-i", str(inventory), f"playbooks/{playbook}.yml", *options]

    def tell(self, *command: str) -> str:
        """What a command on the host says, whether it succeeds or not."""
        return run("docker", "exec", self.name, *command).output.strip()

    def shown(self, name: str, unit: str = "hub") -> str:
        """A property of a unit, in systemd's words."""
        return self.tell("systemctl", "show", "--value", f"--property={name}", unit)

    def header(self, name: str) -> str:
        """A header of what the registry answers."""
        ask = "import sys, urllib.request; print(urllib.request.urlopen(sys.argv[1], timeout=10).headers[sys.argv[2]])"
        return self.tell("python3", "-c", ask, "http://127.0.0.1:5001/v2/", name)

    def write(self, path: str, content: str) -> None:
        """Put a secret onto the host; its own words are the only ones that it ever is among."""
        script = 'umask 077; mkdir -p "${0%/*}"; cat >"$0"'
        command = ["docker", "exec", "--interactive", self.name, "sh", "-c", script, path]
        subprocess.run(command, input=content, text=True, capture_output=True, check=True)

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

    @property
    def address(self) -> str:
        """Where this machine, and other containers, reach it."""
        return self.tell("hostname", "-I").split()[0]

    def boot(self) -> None:
        """Boot it again; what its units bring up may not be there yet."""
        begun = run("docker", "restart", self.name)
        assert begun.code == 0, begun.output
        self.wait_booted()

    def wait_for(self, holds: Callable[[], bool], what: str, seconds: float = 60) -> None:
        until = time.monotonic() + seconds
        while not holds():
            assert time.monotonic() < until, f"waited {seconds} s for {what}"
            time.sleep(0.2)

    def wait_booted(self) -> None:
        until = time.monotonic() + BOOT_SECONDS
        while (state := self.tell("systemctl", "is-system-running")) not in ("running", "degraded"):
            assert time.monotonic() < until, state
            time.sleep(0.2)


@contextmanager
def debian_host(folder: Path, *options: str) -> Iterator[Host]:
    """A host that goes at the end; options are docker run's. The test is skipped where its image cannot be made."""
    made = run(str(BIN / "ansible-playbook"), str(HERE / "package_host.yml"))
    if made.code:
        pytest.skip(f"the image of a host with systemd cannot be made from packages: {made.output[-600:]}")
    host = Host(folder)
    try:
        begun = run("docker", "run", "--detach", f"--name={host.name}", *RIGHTS, *options, IMAGE)
        assert begun.code == 0, begun.output
        host.wait_booted()
        yield host
    finally:
        run("docker", "rm", "--force", "--volumes", host.name)
