# SPDX-License-Identifier: Apache-2.0
"""The telling pair's other half: what a real registry says of the fault that `head-empty-manifest` catches."""

from __future__ import annotations

import hashlib
import socket
import subprocess
import time
from contextlib import contextmanager
from pathlib import Path
from typing import Iterator

import pytest
import requests

from tests.faulty_gateway import FaultyGateway
from tests.integration.gateway import Gateway
from tests.integration.rgw_verify.conftest import token_of

IMAGE = "rgwkit/registry:2.8"
CONTAINER = "rgwkit-test-registry"
CONFIG = """\
version: 0.1
http:
  addr: 127.0.0.1:{port}
storage:
  swift:
    authurl: {gateway}/auth/v1
    authversion: 1
    username: {user}
    password: "{secret}"
    container: {container}
  redirect:
    disable: true
"""


@contextmanager
def registry(gateway: Gateway, url: str, directory: Path) -> Iterator[tuple[str, str]]:
    """A registry that stores in the gateway behind `url`; its own URL and the name of its docker container."""
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        port = sock.getsockname()[1]
    config = directory / "config.yml"
    config.touch(mode=0o600)
    config.write_text(
        CONFIG.format(port=port, gateway=url, user=gateway.user, secret=gateway.secret, container=CONTAINER)
    )
    mount = f"--volume={config}:/etc/docker/registry/config.yml:ro"
    # On the host's network, where the proxy listens on loopback.
    started = subprocess.run(
        ["docker", "run", "--detach", "--network=host", mount, IMAGE], capture_output=True, text=True, check=True
    )
    name = started.stdout.strip()
    try:
        wait_for(f"http://127.0.0.1:{port}/v2/", name)
        yield f"http://127.0.0.1:{port}", name
    finally:
        subprocess.run(["docker", "rm", "--force", "--volumes", name], capture_output=True, check=True)


def wait_for(url: str, name: str) -> None:
    until = time.monotonic() + 30
    while True:
        try:
            requests.get(url, timeout=5).raise_for_status()
            return
        except requests.ConnectionError:
            assert time.monotonic() < until, log_of(name)
            time.sleep(0.1)


def log_of(name: str) -> str:
    done = subprocess.run(["docker", "logs", name], capture_output=True, text=True, check=True)
    return done.stdout + done.stderr


def push_blob(url: str, content: bytes) -> requests.Response:
    """What docker does for each layer (OCI distribution specification, "Pushing a blob in chunks")."""
    began = requests.post(f"{url}/v2/hello/blobs/uploads/", timeout=60)
    if not began.ok:
        return began
    sent = requests.patch(began.headers["Location"], data=content, timeout=60)
    if not sent.ok:
        return sent
    digest = f"sha256:{hashlib.sha256(content).hexdigest()}"
    return requests.put(sent.headers["Location"], params={"digest": digest}, timeout=60)


@pytest.fixture(autouse=True)
def no_registry_container(gateway: Gateway, nothing_is_left: None) -> Iterator[None]:
    yield
    token = {"X-Auth-Token": token_of(gateway)}
    container = f"{gateway.url}/swift/v1/{CONTAINER}"
    for name in requests.get(container, headers=token, timeout=10).text.splitlines():
        requests.delete(f"{container}/{name}", headers=token, timeout=10).raise_for_status()
    requests.delete(container, headers=token, timeout=10).raise_for_status()


@contextmanager
def registry_behind(gateway: Gateway, directory: Path, *faults: str) -> Iterator[tuple[FaultyGateway, str, str]]:
    """A proxy with these faults, and a registry behind which it stands: its URL and its docker container."""
    with FaultyGateway(gateway.host, gateway.port, *faults) as proxy, registry(gateway, proxy.url, directory) as place:
        yield (proxy, *place)


def test_a_registry_fails_its_push_on_the_old_answer(gateway: Gateway, tmp_path: Path) -> None:
    with registry_behind(gateway, tmp_path, "head-no-status-line") as (proxy, url, name):
        answer = push_blob(url, b"layer")
        log = log_of(name)
    assert answer.status_code == 500
    assert 'malformed HTTP status code \\"0\\"' in log
    assert {fault for fault, _ in proxy.injected} == {"head-no-status-line"}
    assert all(line.startswith("HEAD /swift/v1/") and "/_uploads/" in line for _, line in proxy.injected)


def test_the_same_registry_pushes_when_the_fault_is_off(gateway: Gateway, tmp_path: Path) -> None:
    with registry_behind(gateway, tmp_path) as (_, url, name):
        answer = push_blob(url, b"layer")
        assert answer.status_code == 201, log_of(name)
        digest = answer.headers["Docker-Content-Digest"]
        assert requests.get(f"{url}/v2/hello/blobs/{digest}", timeout=60).content == b"layer"
