# SPDX-License-Identifier: Apache-2.0
"""The test cluster as scripts/cluster has set it up: its hosts, plays on it, and load through its ingress."""

from __future__ import annotations

import json
import os
import ssl
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Callable, Iterator, Sequence

import pytest

from tests.registry_load import RegistryLoad, registry_load
from tests.swift_load import SwiftLoad, swift_load

PROJECT = Path(__file__).resolve().parents[3]
NAME = os.environ.get("RGWKIT_CLUSTER", "rgwkit-cluster")
INVENTORIES = ("inventories/cluster", "molecule/cluster/inventory")
INGRESS = "10.87.6.31"


@dataclass
class Play:
    """A play under way, or over."""

    process: subprocess.Popen[str]

    def wait(self) -> str:
        """What it printed; the exit code is in `process`."""
        return self.process.communicate(timeout=900)[0]


class Cluster:
    """The hosts, by name; another test cluster has another name, and inventories of its own."""

    def __init__(self, name: str = NAME, inventories: Sequence[str] = INVENTORIES) -> None:
        self._name = name
        self._inventories = inventories

    def run(self, host: str, command: str) -> str:
        """A shell command on a host; what it prints."""
        argv = ["docker", "exec", f"{self._name}-{host}", "bash", "-c", command]
        done = subprocess.run(argv, capture_output=True, text=True, check=False)
        assert done.returncode == 0, f"{host}: {command}: {done.stdout}{done.stderr}"
        return done.stdout.strip()

    def give_image(self, host: str, image: str) -> None:
        """Have a host's docker load an image; no registry can be reached from there."""
        with subprocess.Popen(["docker", "save", image], stdout=subprocess.PIPE) as saved:
            argv = ["docker", "exec", "-i", f"{self._name}-{host}", "docker", "load", "--quiet"]
            subprocess.run(argv, stdin=saved.stdout, check=True)
        assert saved.returncode == 0

    def ceph(self, *command: str) -> Any:
        return json.loads(self.run("ceph1", f"ceph --connect-timeout 20 {' '.join(command)} --format json"))

    def begin(
        self, playbook: str, *options: str, inventories: Sequence[str] | None = None, **variables: object
    ) -> Play:
        """Start a playbook with these extra variables."""
        argv = [str(PROJECT / ".venv/bin/ansible-playbook"), f"playbooks/{playbook}.yml"]
        argv += [
            *(f"--inventory={path}" for path in inventories or self._inventories),
            "-e",
            json.dumps(variables),
            *options,
        ]
        environment = {**os.environ, "ANSIBLE_PIPELINING": "true", "ANSIBLE_FORKS": "8"}
        return Play(
            subprocess.Popen(
                argv, cwd=PROJECT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
            )
        )

    def play(self, playbook: str, *options: str, **variables: object) -> str:
        """Run a playbook that has to succeed; what it printed."""
        play = self.begin(playbook, *options, **variables)
        output = play.wait()
        assert play.process.returncode == 0, output[-6000:]
        return output

    def pid(self, host: str) -> str:
        """The gateway's process on a host."""
        return self.run(host, f"systemctl show --property MainPID --value ceph-radosgw@rgw.{host}.a")

    def wait_for(self, holds: Callable[[], bool], what: str, seconds: float = 240) -> None:
        until = time.monotonic() + seconds
        while not holds():
            assert time.monotonic() < until, f"waited {seconds} s for {what}"
            time.sleep(0.5)

    def backends(self) -> dict[str, str]:
        """How the ingress sees the gateways: backend -> status."""
        socket = "/var/lib/rgwkit/rgwkit-ingress/admin.sock"
        script = f"import socket; s = socket.socket(socket.AF_UNIX); s.connect('{socket}'); s.send(b'show stat\\n'); "
        table = self.run("ingress1", f'python3 -c "{script} print(s.makefile().read())"')
        rows = [line.split(",") for line in table.splitlines() if line.startswith("rgw,")]
        return {row[1]: row[17] for row in rows if row[1] not in ("FRONTEND", "BACKEND")}

    def healthy(self) -> bool:
        return self.ceph("health")["status"] == "HEALTH_OK" and set(self.backends().values()) == {"UP"}


@pytest.fixture(scope="session")
def cluster() -> Cluster:
    return Cluster()


@pytest.fixture
def sound(cluster: Cluster) -> Iterator[Cluster]:
    """The cluster with everything up, before the test and again after it."""
    cluster.wait_for(cluster.healthy, "a healthy cluster")
    yield cluster
    cluster.wait_for(cluster.healthy, "a healthy cluster")


@pytest.fixture(scope="session")
def authority(cluster: Cluster, tmp_path_factory: pytest.TempPathFactory) -> str:
    """File with the certificate of the authority that all hosts' certificates are from."""
    path = tmp_path_factory.mktemp("authority") / "ca.pem"
    path.write_text(cluster.run("ingress1", "cat /etc/ssl/cluster/ca.pem") + "\n")
    return str(path)


@pytest.fixture
def images(sound: Cluster, authority: str) -> Iterator[RegistryLoad]:
    """Clients that push to the registries and pull, through the ingress. No push that was acknowledged may be lost."""
    password = sound.run("registry1", "cat /etc/rgwkit/secrets/registry.password")
    with registry_load(f"https://{INGRESS}:5000", ("registry", password), ca_file=authority) as images:
        yield images
    print(f"\nimages: {len(images.pushed)} pushed and pulled, {len(images.failures)} failed", flush=True)
    assert images.pushed and images.lost() == []


@pytest.fixture
def load(sound: Cluster, images: RegistryLoad, authority: str) -> Iterator[SwiftLoad]:
    """Swift clients at work through the ingress, besides. Nothing that they were told is stored may be lost."""
    secret = sound.run("rgw1", "cat /etc/rgwkit/gateway/verify.secret")
    tls = ssl.create_default_context(cafile=authority)
    with swift_load(INGRESS, 8443, "rgwkit-verify:swift", secret, tls=tls) as load:
        yield load
    sound.wait_for(sound.healthy, "a healthy cluster")
    assert load.stored and load.lost() == []
