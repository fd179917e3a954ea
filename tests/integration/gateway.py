# SPDX-License-Identifier: Apache-2.0
"""A demo gateway in a container of its own, for tests that need the real thing."""

from __future__ import annotations

import secrets
import shlex
import subprocess
import time
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Iterator

import requests

from tests.ceph import IMAGE

TLS_FILE = "/etc/tls.pem"
# The published port speaks TLS. Plain HTTP is at the container's own address.
TLS_FRONTEND = f"beast ssl_port=8080 ssl_certificate={TLS_FILE} port=8081"


@dataclass(frozen=True)
class Gateway:
    """A running gateway; `user` is the demo user's swift subuser, `secret` its swift key and the S3 secret key."""

    container: str
    host: str
    port: int
    secret_file: Path
    secret: str = field(repr=False)
    access_key: str = "DEMOACCESSKEY"
    user: str = "demo:swift"
    scheme: str = "http"

    @property
    def url(self) -> str:
        return f"{self.scheme}://{self.host}:{self.port}"

    def run(self, *command: str) -> str:
        """Run a command in the container; what it prints."""
        return _docker("exec", self.container, *command)

    def logs(self) -> str:
        """What its daemons have said so far."""
        done = subprocess.run(["docker", "logs", self.container], capture_output=True, text=True, check=False)
        return done.stdout + done.stderr


@contextmanager
def running_gateway(
    directory: Path, certificate: Path | None = None, ipv6: bool = False, **environment: str
) -> Iterator[Gateway]:
    """Start a gateway that keeps its objects in memory, and remove it at the end. It may not be ready yet.

    `directory` takes the file with the secret; `environment` adds to the variables of the container. A certificate with
    its key makes the port speak TLS; ipv6 gives the container the address ::1.
    """
    secret = secrets.token_urlsafe(24)
    secret_file = directory / "demo.key"
    secret_file.touch(mode=0o600)
    secret_file.write_text(secret)
    variables = {
        "CEPH_DEMO_UID": "demo",
        "CEPH_DEMO_ACCESS_KEY": Gateway.access_key,
        "CEPH_DEMO_SECRET_KEY_FILE": "/run/demo.key",
        "OSD_OBJECTSTORE": "memstore",
        **({"RGW_FRONTEND": f"{TLS_FRONTEND} tcp_nodelay=1"} if certificate else {}),
        **environment,
    }
    options = [f"--env={name}={value}" for name, value in variables.items()]
    options += [f"--volume={secret_file}:/run/demo.key:ro"]
    options += [f"--volume={certificate}:{TLS_FILE}:ro"] if certificate else []
    options += ["--sysctl=net.ipv6.conf.all.disable_ipv6=0", "--sysctl=net.ipv6.conf.lo.disable_ipv6=0"] if ipv6 else []
    container = _docker("run", "--detach", *options, "--publish=127.0.0.1::8080", IMAGE)
    try:
        host, _, port = _docker("port", container, "8080").splitlines()[0].rpartition(":")
        yield Gateway(container, host, int(port), secret_file, secret, scheme="https" if certificate else "http")
    finally:
        _docker("rm", "--force", "--volumes", container)


@contextmanager
def second_gateway(
    gateway: Gateway, frontend: str = "beast tcp_nodelay=1", port: int = 8090, **options: str
) -> Iterator[str]:
    """Another gateway of the same cluster, in the same container, with other options; its URL."""
    host = gateway.run("hostname", "-i").split()[0]
    chosen = [f"--{name.replace('_', '-')}={value}" for name, value in options.items()]
    command = [
        "radosgw",
        "-f",
        f"--name=client.rgw.{gateway.run('hostname')}",
        f"--rgw-frontends={frontend} port={port}",
    ]
    quoted = shlex.join([*command, *chosen])
    number = gateway.run("sh", "-c", f"{quoted} >/dev/null 2>&1 & echo $!")
    try:
        url = f"http://{host}:{port}"
        _wait_for_an_answer(url)
        yield url
    finally:
        gateway.run("sh", "-c", f"kill {number}; while kill -0 {number}; do sleep 0.1; done 2>/dev/null")


def _wait_for_an_answer(url: str) -> None:
    """A port that is open is not enough: a request in the instant in which RGW begins to listen can hang."""
    until = time.monotonic() + 60
    while True:
        with suppress(requests.RequestException):
            requests.get(url, timeout=2)
            return
        assert time.monotonic() < until, f"{url} does not answer"
        time.sleep(0.1)


def _docker(*arguments: str) -> str:
    return subprocess.run(["docker", *arguments], capture_output=True, text=True, check=True).stdout.strip()
