# SPDX-License-Identifier: Apache-2.0
"""A redis with a password, from Debian's package, in a container."""

from __future__ import annotations

import secrets
import subprocess
import sys
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Iterator

import redis

from tests.playbooks import BIN, PROJECT, free_port

IMAGE = "rgwkit/redis:7"
START_SECONDS = 20


@dataclass(frozen=True)
class RedisServer:
    """Where it listens, and the file with its password."""

    port: int
    password_file: Path
    password: str = field(repr=False)

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self.port}"

    def client(self, database: int = 0) -> redis.Redis:
        return redis.Redis(port=self.port, db=database, password=self.password, decode_responses=True)

    def wait_ready(self) -> None:
        until = time.monotonic() + START_SECONDS
        while True:
            try:
                self.client().ping()
            except redis.ConnectionError:
                assert time.monotonic() < until, f"redis does not listen at {self.address}"
                time.sleep(0.1)
            else:
                return


@contextmanager
def redis_server(folder: Path) -> Iterator[RedisServer]:
    """A redis that goes at the end; `folder` takes its files."""
    image = f"name={IMAGE} suite=bookworm packages=redis-server allow_expired_release=true"
    command = [str(BIN / "ansible"), "localhost", "-m", "rgwkit.ceph.debian_image", "-a", image]
    command += ["-e", f"ansible_python_interpreter={sys.executable}"]
    subprocess.run(command, cwd=PROJECT, stdin=subprocess.DEVNULL, capture_output=True, check=True)
    server = RedisServer(free_port(), folder / "redis.secret", secrets.token_hex(16))
    server.password_file.touch(mode=0o600)
    server.password_file.write_text(server.password)
    config = folder / "redis" / "redis.conf"
    config.parent.mkdir()
    config.write_text(f"bind 127.0.0.1\nport {server.port}\nrequirepass {server.password}\n")
    mount = f"--volume={config.parent}:/etc/redis:ro"
    run = ["docker", "run", "--detach", "--network=host", mount, IMAGE, "redis-server", "/etc/redis/redis.conf"]
    container = subprocess.run(run, capture_output=True, text=True, check=True).stdout.strip()
    try:
        server.wait_ready()
        yield server
    finally:
        subprocess.run(["docker", "rm", "--force", "--volumes", container], capture_output=True, check=True)
