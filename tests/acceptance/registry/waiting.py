# SPDX-License-Identifier: Apache-2.0
"""Waiting for what becomes of registries meanwhile."""

from __future__ import annotations

import subprocess
import time
from typing import Any, Callable

import requests


def push_status(url: str) -> int:
    """The status that the beginning of a push gets, 0 while nobody listens."""
    try:
        return requests.post(f"{url}/v2/canary/blobs/uploads/", timeout=30).status_code
    except requests.ConnectionError:
        return 0


def wait_until(
    condition: Callable[[], object], seconds: float = 300, process: subprocess.Popen[Any] | None = None
) -> None:
    """Wait for the condition; a process has to go on meanwhile."""
    until = time.monotonic() + seconds
    while not condition():
        assert process is None or process.poll() is None, "it has ended too soon"
        assert time.monotonic() < until, f"waited {seconds:g} s"
        time.sleep(0.1)
