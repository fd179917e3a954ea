# SPDX-License-Identifier: Apache-2.0
"""The container of the tests' Swift, and its place in the tests' Keystone."""

from __future__ import annotations

import re
import secrets
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import requests

from tests.keystone.service import Keystone, running_keystone
from tests.playbooks import BIN, PROJECT

IMAGE = "rgwkit-test/swift:bookworm"
START_SECONDS = 180
PROJECT_OF_SERVICES = "service"
_FILES = Path(__file__).parent
# What docs/portal.md asks of Keystone for the portal's account.
_POLICY = re.compile(r"^```yaml\n(# /etc/keystone/policy\.yaml\n.*?)^```$", re.MULTILINE | re.DOTALL)
_OTHER_PORT = 8081


@dataclass(frozen=True)
class Swift:
    """A running Swift, which the catalogue of a Keystone names. port: of this machine, leads to the proxy; or 0."""

    container: str
    address: str
    keystone: Keystone
    port: int = 0

    @property
    def url(self) -> str:
        """Where the proxy is."""
        return f"http://127.0.0.1:{self.port}" if self.port else f"http://{self.address}:8080"

    def count(self) -> None:
        """Let accounts know what is in their containers, as container-updater does every few minutes."""
        _docker("exec", self.container, "swift-container-updater", "/etc/swift/container-server.conf", "once")

    def logs(self) -> str:
        """What the servers have said, among which each request to the proxy."""
        done = subprocess.run(["docker", "logs", self.container], capture_output=True, text=True, check=False)
        return done.stdout + done.stderr

    @contextmanager
    def proxy_without(self, *middleware: str) -> Iterator[str]:
        """Another proxy of the same Swift, whose pipeline lacks some middleware; its URL."""
        words = "".join(f"; s/ {name} / /" for name in middleware)
        edit = f"sed 's/^bind_port = .*/bind_port = {_OTHER_PORT}/; /^pipeline/ {{ {words.strip('; ')} }}'"
        config = "/etc/swift/other-proxy.conf"
        start = f"{edit} /etc/swift/proxy-server.conf >{config}; swift-proxy-server {config} >/dev/null 2>&1 & echo $!"
        number = _docker("exec", self.container, "sh", "-c", start)
        url = f"http://{self.address}:{_OTHER_PORT}"
        try:
            _wait_for_an_answer(url, self)
            yield url
        finally:
            _docker("exec", self.container, "sh", "-c", f"kill {number}")

    def stop(self) -> None:
        """End all servers; what is stored stays."""
        _docker("stop", self.container)

    def start(self) -> None:
        """Start the servers again; the proxy answers."""
        _docker("start", self.container)
        _wait_for_an_answer(self.url, self)


@contextmanager
def running_openstack(folder: Path) -> Iterator[Swift]:
    """A Keystone with the policy of docs/portal.md, and a Swift on it; both go at the end.

    Folders below `folder` take their files.
    """
    name = f"rgwkit-test-swift-{secrets.token_hex(4)}"
    with running_keystone(folder, policy=portal_policy()) as keystone:
        try:
            yield start_swift(folder / name, name, keystone)
        finally:
            stop_swift(name)


def portal_policy() -> str:
    """The rules that docs/portal.md asks of Keystone for the portal's account."""
    (policy,) = _POLICY.findall((PROJECT / "docs" / "portal.md").read_text())
    return str(policy)


def start_swift(folder: Path, name: str, keystone: Keystone, port: int = 0) -> Swift:
    """Start a Swift that Keystone's catalogue names; the proxy answers. `folder` is new and takes its files.

    port: of this machine, leads to the proxy, whose own address may be another one after a restart.
    """
    recipe = [str(BIN / "ansible-playbook"), str(_FILES / "image.yml")]
    subprocess.run(recipe, cwd=PROJECT, stdin=subprocess.DEVNULL, capture_output=True, check=True)
    folder.mkdir(mode=0o700)
    identity = keystone.identity
    password = secrets.token_urlsafe(24)
    user = identity.create("user", name="swift", password=password, domain_id="default")
    identity.grant("service", user["id"], identity.project(PROJECT_OF_SERVICES))
    write_secret(folder / "password", password)
    options = [
        "--tmpfs=/etc/swift:mode=0700",
        "--volume=/srv/node",
        f"--volume={_FILES}/container:/container:ro",
        f"--volume={folder}:/etc/swift-test:ro",
        f"--env=KEYSTONE_URL={keystone.url}",
        f"--name={name}",
        *([f"--publish=127.0.0.1:{port}:8080"] if port else []),
    ]
    _docker("run", "--detach", *options, IMAGE, "/container/start")
    form = "--format={{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}"
    swift = Swift(name, _docker("inspect", form, name), keystone, port)
    _wait_for_an_answer(swift.url, swift)
    identity.service(f"{swift.url}/v1/AUTH_%(project_id)s")
    # By this, Swift finds where tokens are validated.
    identity.service(f"{keystone.url}/v3", "identity", ("internal",))
    return swift


def stop_swift(name: str) -> None:
    """Remove the container with this name, if there is one, and what is stored in it."""
    _docker("rm", "--force", "--volumes", name)


def portal_account(swift: Swift, folder: Path, *roles: str) -> dict[str, Any]:
    """The settings of a portal's back-end, with an account and a domain of its own.

    roles: those in the domain, in place of those that docs/portal.md asks for.
    """
    identity, name, password = swift.keystone.identity, f"portal{secrets.token_hex(4)}", secrets.token_urlsafe(24)
    domain = identity.create("domain", name=name)
    user = identity.create("user", name=name, password=password, domain_id="default")
    identity.grant("ResellerAdmin", user["id"], identity.project(PROJECT_OF_SERVICES))
    for role in roles or ("manager", "reader"):
        identity.grant_in_domain(role, user["id"], domain["id"])
    return {
        "kind": "swift",
        "endpoint": swift.url,
        "keystone_url": swift.keystone.tls_url,
        "ca_file": str(swift.keystone.ca_file),
        "allow_cleartext_secrets": True,
        "user": name,
        "password_file": write_secret(folder / f"{name}.password", password),
        "project": PROJECT_OF_SERVICES,
        "domain": name,
    }


def write_secret(path: Path, secret: str) -> str:
    """Write a file of mode 0600; its path."""
    path.touch(mode=0o600)
    path.write_text(secret)
    return str(path)


def _wait_for_an_answer(url: str, swift: Swift) -> None:
    until = time.monotonic() + START_SECONDS
    while True:
        with suppress(requests.RequestException):
            if requests.get(f"{url}/healthcheck", timeout=5).status_code == 200:
                return
        assert time.monotonic() < until, f"{url} does not answer: {swift.logs()[-3000:]}"
        time.sleep(0.3)


def _docker(*arguments: str) -> str:
    done = subprocess.run(["docker", *arguments], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()
