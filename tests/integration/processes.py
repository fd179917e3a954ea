# SPDX-License-Identifier: Apache-2.0
"""Running programs: what anybody on this host may see of them, and how they take signals."""

from __future__ import annotations

import os
import signal
import threading
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Iterator

from tests.background import in_background

SAMPLE_SECONDS = 0.05


@contextmanager
def command_lines() -> Iterator[set[bytes]]:
    """The command lines of all processes, looked at 20 times a second until the block ends."""
    seen: set[bytes] = set()

    def watch(_number: int, stop: threading.Event) -> None:
        while not stop.wait(SAMPLE_SECONDS):
            for process in filter(str.isdigit, os.listdir("/proc")):
                with suppress(OSError):  # it may have ended
                    seen.add(Path("/proc", process, "cmdline").read_bytes())

    with in_background(watch):
        yield seen


def heed_interrupts() -> None:
    """For a child process, before it becomes another program: a shell's background job has SIGINT ignored."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)
