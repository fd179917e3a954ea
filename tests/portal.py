# SPDX-License-Identifier: Apache-2.0
"""The portal as a process of its own, in an environment with what its lock names."""

from __future__ import annotations

import json
import os
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import requests

from tests.environments import python_of
from tests.playbooks import PROJECT, free_port


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


def begin_portal(folder: Path, module: str = "services.portal", **settings: Any) -> RunningPortal:
    """Start a portal with these settings in a folder, without waiting for it; module: what python -m runs."""
    python = python_of("portal")
    port = settings.get("port") or free_port()
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
    return RunningPortal(f"http://127.0.0.1:{port}", log, process)


@contextmanager
def running_portal(folder: Path, module: str = "services.portal", **settings: Any) -> Iterator[RunningPortal]:
    """Start a portal with these settings in a folder; its database stays there. module: what python -m runs."""
    portal = begin_portal(folder, module, **settings)
    process = portal.process
    try:
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
