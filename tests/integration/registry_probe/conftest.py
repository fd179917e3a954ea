# SPDX-License-Identifier: Apache-2.0
"""Real registries in containers of their own, on a real gateway or on a folder."""

from __future__ import annotations

import socket
import subprocess
import time
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Callable, Iterator

import bcrypt
import pytest
import yaml
from ansible_collections.rgwkit.ceph.plugins.module_utils.base.login import Login
from ansible_collections.rgwkit.ceph.plugins.module_utils.doctor.runner import wait_ready
from ansible_collections.rgwkit.ceph.plugins.module_utils.http.endpoint import Endpoint

from tests.certificates import write_self_signed
from tests.integration.gateway import Gateway, running_gateway

IMAGE = "rgwkit/registry:2.8"
ETC = "/etc/docker/registry"
USER, PASSWORD = "ci", "password-of-ci"
# The least that the swift driver of registry 2.8 takes.
CHUNK_BYTES = 1024 * 1024


@dataclass(frozen=True)
class Registry:
    """A running registry and its container; `data` is the folder that the filesystem driver writes to."""

    url: str
    data: Path
    container: str


Start = Callable[..., Registry]


@pytest.fixture(scope="session")
def gateway(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Gateway]:
    with running_gateway(tmp_path_factory.mktemp("gateway")) as running:
        ready = wait_ready(Endpoint.parse(running.url), Login(running.user, running.secret), 60)
        if not ready.ok:
            pytest.fail(f"the gateway is not ready: {ready}\n{running.logs()[-4000:]}")
        yield running


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_self_signed(tmp_path_factory.mktemp("tls") / "registry.pem")


@pytest.fixture
def start(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Start]:
    """Start a registry with these sections of its configuration, and these files beside it; by default on a folder.

    hosts: addresses of names that the registry alone resolves.
    """
    with ExitStack() as stack:

        def start(
            files: dict[str, bytes] | None = None, hosts: dict[str, str] | None = None, **sections: Any
        ) -> Registry:
            folder = tmp_path_factory.mktemp("registry")
            return stack.enter_context(running_registry(folder, files or {}, hosts or {}, **sections))

        yield start


def swift(gateway: Gateway, url: str = "", **more: Any) -> dict[str, Any]:
    """The section `storage` for a registry on the gateway, or on one of its cluster at `url`."""
    driver = {
        "authurl": f"{url or gateway.url}/auth/v1",
        "authversion": 1,
        "username": gateway.user,
        "password": gateway.secret,
        "container": "registry-probe",
        "chunksize": CHUNK_BYTES,
    }
    return {"swift": driver, "delete": {"enabled": True}, "redirect": {"disable": True}, **more}


def htpasswd() -> dict[str, Any]:
    """What `start` needs for a registry with one user."""
    line = f"{USER}:{bcrypt.hashpw(PASSWORD.encode(), bcrypt.gensalt(4)).decode()}\n"
    return {
        "files": {"htpasswd": line.encode()},
        "auth": {"htpasswd": {"realm": "test", "path": f"{ETC}/htpasswd"}},
    }


@contextmanager
def running_registry(
    folder: Path, files: dict[str, bytes], hosts: dict[str, str], **sections: Any
) -> Iterator[Registry]:
    etc, data = folder / "etc", folder / "data"
    etc.mkdir()
    data.mkdir()
    http = {"addr": f"127.0.0.1:{_free_port()}", "secret": "shared", **sections.get("http", {})}
    port = int(http["addr"].rpartition(":")[2])
    storage = {"filesystem": {"rootdirectory": "/var/lib/registry"}, "delete": {"enabled": True}}
    config = {"version": "0.1", "storage": storage, **sections, "http": http}
    for name, content in {**files, "config.yml": yaml.safe_dump(config).encode()}.items():
        (etc / name).write_bytes(content)
    mounts = [f"--volume={etc}:{ETC}:ro", f"--volume={data}:/var/lib/registry"]
    names = [f"--add-host={name}:{address}" for name, address in hosts.items()]
    container = _docker("run", "--detach", "--network=host", *names, *mounts, IMAGE)
    try:
        _wait_until_it_listens(port, container)
        yield Registry(f"{'https' if 'tls' in http else 'http'}://127.0.0.1:{port}", data, container)
    finally:
        _docker("rm", "--force", "--volumes", container)


def _free_port() -> int:
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        return int(sock.getsockname()[1])


def _wait_until_it_listens(port: int, container: str) -> None:
    until = time.monotonic() + 20
    while True:
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
        if time.monotonic() > until:
            logs = subprocess.run(["docker", "logs", container], capture_output=True, text=True, check=False)
            pytest.fail(f"the registry does not listen: {(logs.stdout + logs.stderr)[-2000:]}")
        time.sleep(0.1)


def _docker(*arguments: str) -> str:
    return subprocess.run(["docker", *arguments], capture_output=True, text=True, check=True).stdout.strip()
