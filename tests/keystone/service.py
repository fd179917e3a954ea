# SPDX-License-Identifier: Apache-2.0
"""The container of the tests' Keystone."""

from __future__ import annotations

import secrets
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import requests

from tests.certificates import write_self_signed
from tests.keystone.identity import Identity
from tests.playbooks import BIN, PROJECT

IMAGE = "rgwkit-test/keystone:bookworm"
START_SECONDS = 180
REGION = "RegionOne"
_FILES = Path(__file__).parent


@dataclass(frozen=True)
class Keystone:
    """A running Keystone. ca_file: what its certificate is checked with. password_file: the password of user admin.

    User admin has the role admin in project admin; all of them are in the domain Default.
    """

    container: str
    address: str
    ca_file: Path
    password_file: Path

    @property
    def url(self) -> str:
        """Without TLS and without the version of the API."""
        return f"http://{self.address}:5000"

    @property
    def tls_url(self) -> str:
        """With TLS and without the version of the API."""
        return f"https://{self.address}:5001"

    @property
    def identity(self) -> Identity:
        """Its API as user admin."""
        return Identity(f"{self.url}/v3", self.password_file.read_text())

    def logs(self) -> str:
        """What it has said, among which each request that it was asked."""
        done = subprocess.run(["docker", "logs", self.container], capture_output=True, text=True, check=False)
        return done.stdout + done.stderr

    def logins(self, *agents: str) -> int:
        """How many tokens were asked for by programs that have one of these words in their User-Agent."""
        asked = [line for line in self.logs().splitlines() if '"POST /v3/auth/tokens' in line]
        return sum(any(agent in line for agent in agents) for line in asked)


def start_keystone(
    folder: Path, name: str, token_seconds: int = 3600, network: str = "bridge", policy: str = ""
) -> Keystone:
    """Start a Keystone whose tokens live so long; it answers. `folder` is new and takes its files.

    Containers of other networks of docker do not reach it. policy: rules in YAML that differ from Keystone's own.
    """
    recipe = [str(BIN / "ansible-playbook"), str(_FILES / "image.yml")]
    subprocess.run(recipe, cwd=PROJECT, stdin=subprocess.DEVNULL, capture_output=True, check=True)
    folder.mkdir(mode=0o700, parents=True)
    password_file = folder / "password"
    password_file.touch(mode=0o600)
    password_file.write_text(secrets.token_urlsafe(24))
    (folder / "policy.yaml").write_text(policy)
    options = [
        "--tmpfs=/run/keystone:mode=0700",
        f"--env=TOKEN_SECONDS={token_seconds}",
        f"--name={name}",
        f"--network={network}",
    ]
    options += [f"--volume={_FILES}/container:/container:ro", f"--volume={folder}:/etc/keystone-test:ro"]
    _docker("run", "--detach", *options, IMAGE, "/container/start")
    form = "--format={{range .NetworkSettings.Networks}}{{.IPAddress}} {{.Gateway}}{{end}}"
    # By the gateway, this host, containers of other networks reach what a test forwards.
    address, host = _docker("inspect", form, name).split()
    ready = write_self_signed(folder / "tls.new", address, host, "localhost", "127.0.0.1")
    ca_file = folder / "ca.pem"
    ca_file.write_bytes(b"-----BEGIN CERT" + ready.read_bytes().partition(b"-----BEGIN CERT")[2])
    ready.rename(folder / "tls.pem")
    keystone = Keystone(name, address, ca_file, password_file)
    _wait_for_an_answer(keystone)
    return keystone


def stop_keystone(name: str) -> None:
    """Remove the container with this name, if there is one."""
    _docker("rm", "--force", "--volumes", name)


@contextmanager
def running_keystone(
    folder: Path, token_seconds: int = 3600, network: str = "bridge", policy: str = ""
) -> Iterator[Keystone]:
    """A Keystone that goes at the end; a folder below `folder` takes its files."""
    name = f"rgwkit-test-keystone-{secrets.token_hex(4)}"
    try:
        yield start_keystone(folder / name, name, token_seconds, network, policy)
    finally:
        stop_keystone(name)


def _wait_for_an_answer(keystone: Keystone) -> None:
    until = time.monotonic() + START_SECONDS
    for url in (keystone.url, keystone.tls_url):
        while True:
            try:
                requests.get(f"{url}/v3", timeout=5, verify=str(keystone.ca_file)).raise_for_status()
                break
            except requests.RequestException:
                assert time.monotonic() < until, f"{url} does not answer: {keystone.logs()[-3000:]}"
                time.sleep(0.3)


def _docker(*arguments: str) -> str:
    done = subprocess.run(["docker", *arguments], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()
