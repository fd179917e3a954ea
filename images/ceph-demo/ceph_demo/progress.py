# SPDX-License-Identifier: Apache-2.0
"""Lines for people in the container's log: one line per step, with the seconds since the start."""

import sys
import time


class Progress:
    """Prints steps."""

    def __init__(self) -> None:
        self._start = time.monotonic()

    def step(self, text: str) -> None:
        """Print "[1.21 s] text"."""
        say(f"[{time.monotonic() - self._start:.2f} s] {text}")


def say(lines: str) -> None:
    """Print whole lines at once, so that lines of daemons and of steps never mix."""
    sys.stdout.write(lines + "\n")
    sys.stdout.flush()
