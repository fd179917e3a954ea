# SPDX-License-Identifier: Apache-2.0
"""The portal as a process of its own, in an environment with what its lock names."""

from __future__ import annotations

import hashlib
import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import requests

from tests.playbooks import PROJECT

LOCK = PROJECT / "requirements" / "portal.txt"
FOLDER = PROJECT / ".build" / "portal"
STAMP = FOLDER / "lock.sha256"


def portal_python() -> str:
    """The interpreter of that environment, which is made if it is missing or of another lock; skips if it cannot be."""
    wanted = hashlib.sha256(LOCK.read_bytes()).hexdigest()
    python = str(FOLDER / "bin" / "python")
    if STAMP.is_file() and STAMP.read_text() == wanted:
        return python
    FOLDER.parent.mkdir(exist_ok=True)
    for command in (
        [sys.executable, "-m", "venv", "--clear", str(FOLDER)],
        [python, "-m", "pip", "install", "--quiet", "--require-hashes", "--requirement", str(LOCK)],
    ):
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode:
            pytest.skip(f"the environment of the portal cannot be made: {done.stderr[-300:]}")
    STAMP.write_text(wanted)
    return python


@dataclass(frozen=True)
class RunningPortal:
    """A portal that answers."""

    url: str
    log: Path
    process: subprocess.Popen[bytes]

    def ask(self, method: str, path: str, token: str = "", **options: Any) -> requests.Response:
        """A request; token: the bearer token."""
        headers = {**({"Authorization": f"Bearer {token}"} if token else {}), **options.pop("headers", {})}
        return requests.request(method, self.url + path, headers=headers, timeout=30, **options)


@contextmanager
def running_portal(folder: Path, module: str = "services.portal", **settings: Any) -> Iterator[RunningPortal]:
    """Start a portal with these settings in a folder; its database stays there. module: what python -m runs."""
    python = portal_python()
    port = _free_port()
    config = folder / "portal.json"
    defaults = {"port": port, "database_url": f"sqlite:///{folder}/portal.db", "sweep_s": 0.2}
    config.write_text(json.dumps({**defaults, **settings}))
    log = folder / "portal.log"
    with log.open("ab") as out:
        process = subprocess.Popen(
            [python, "-m", module, str(config)],
            cwd=PROJECT,
            env={**os.environ, "PYTHONPATH": "", "PYTHONDONTWRITEBYTECODE": "1"},
            stdout=out,
            stderr=out,
        )
    try:
        portal = RunningPortal(f"http://127.0.0.1:{port}", log, process)
        _wait(portal)
        yield portal
    finally:
        process.terminate()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _wait(portal: RunningPortal) -> None:
    until = time.monotonic() + 60
    while True:
        assert portal.process.poll() is None, portal.log.read_text()
        try:
            assert requests.get(f"{portal.url}/health/live", timeout=5).json() == {"status": "ok"}
            return
        except requests.ConnectionError:
            assert time.monotonic() < until, portal.log.read_text()
            time.sleep(0.1)


def _free_port() -> int:
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        return int(sock.getsockname()[1])
