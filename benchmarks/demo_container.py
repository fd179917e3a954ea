# SPDX-License-Identifier: Apache-2.0
"""Demo containers for benchmarks: started, waited for until the gateway passes, and removed at the end."""

from __future__ import annotations

import http.client
import os
import secrets
import subprocess
import time
from pathlib import Path
from typing import NamedTuple

LABEL = f"rgwkit.benchmark={os.getpid()}"
ACCESS_KEY = "DEMOACCESSKEY"
DEADLINE_SECONDS = 120
# What a gateway does not answer in its first instant it answers when asked again.
REQUEST_SECONDS = 1
PAUSE_SECONDS = 0.01


class Way(NamedTuple):
    """A way to start: its name in the results, and what `docker run` is told."""

    name: str
    options: list[str]
    command: list[str]


class StartError(Exception):
    """A container that did not become ready."""


def docker(*arguments: str) -> str:
    """Run a docker command; what it prints."""
    done = subprocess.run(["docker", *arguments], capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise StartError(f"docker {arguments[0]} failed: {done.stderr.strip()}")
    return done.stdout.strip()


def persistent_demo(secret_file: Path) -> Way:
    """The demo with its data on disk (bluestore); its user and administrator is "demo"."""
    return Way("persistent", [*_demo(secret_file), "--volume=/var/lib/ceph"], [])


def ephemeral_demo(secret_file: Path) -> Way:
    """The demo with its data in memory (memstore)."""
    return Way("ephemeral", [*_demo(secret_file), "--tmpfs=/var/lib/ceph", "--env=OSD_OBJECTSTORE=memstore"], [])


def _demo(secret_file: Path) -> list[str]:
    return [
        "--env=CEPH_DEMO_UID=demo",
        f"--env=CEPH_DEMO_ACCESS_KEY={ACCESS_KEY}",
        "--env=CEPH_DEMO_SECRET_KEY_FILE=/run/secret",
        f"--volume={secret_file}:/run/secret:ro",
    ]


def start(image: str, way: Way, secret: str) -> tuple[str, float]:
    """Run a container; its name, and the seconds until the gateway passes."""
    began = time.monotonic()
    container = f"rgwkit-benchmark-{secrets.token_hex(4)}"
    options = ["--detach", f"--name={container}", f"--label={LABEL}", "--publish=127.0.0.1::8080", *way.options]
    docker("run", *options, image, *way.command)
    host, port = docker("port", container, "8080").splitlines()[0].split(":")
    while not _passes(host, int(port), secret):
        if time.monotonic() - began > DEADLINE_SECONDS:
            raise StartError(f"{image}, {way.name}: not ready within {DEADLINE_SECONDS} s\n{_last_words(container)}")
        if docker("inspect", "--format={{.State.Running}}", container) != "true":
            raise StartError(f"{image}, {way.name}: the container ended\n{_last_words(container)}")
        time.sleep(PAUSE_SECONDS)
    return container, time.monotonic() - began


def remove(container: str) -> None:
    """Remove a container with its volumes."""
    docker("rm", "--force", "--volumes", container)


def remove_all() -> None:
    """Remove all containers of this run."""
    for container in docker("ps", "--all", "--quiet", f"--filter=label={LABEL}").split():
        remove(container)


def _passes(host: str, port: int, secret: str) -> bool:
    """Whether auth, a container, and PUT, HEAD and DELETE of an object pass now."""
    connection = http.client.HTTPConnection(host, port, timeout=REQUEST_SECONDS)

    def request(method: str, path: str, headers: dict[str, str], body: bytes | None = None) -> http.client.HTTPResponse:
        connection.request(method, path, body, headers)
        response = connection.getresponse()
        response.read()
        return response

    try:
        login = request("GET", "/auth/v1.0", {"X-Auth-User": "demo:swift", "X-Auth-Key": secret})
        if login.status != 204:
            return False
        token = {"X-Auth-Token": login.headers["X-Auth-Token"]}
        return (
            request("PUT", "/swift/v1/box", token, b"").status in (201, 202)
            and request("PUT", "/swift/v1/box/object", token, b"content").status == 201
            and request("HEAD", "/swift/v1/box/object", token).status == 200
            and request("DELETE", "/swift/v1/box/object", token).status == 204
        )
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def _last_words(container: str) -> str:
    """The end of the container's log."""
    done = subprocess.run(["docker", "logs", "--tail=20", container], capture_output=True, text=True, check=False)
    return done.stdout + done.stderr
