# SPDX-License-Identifier: Apache-2.0
"""What a program that verifies does when it is ended from outside."""

from __future__ import annotations

import signal


def end_by_exception() -> None:
    """Let a TERM or a lost session end the run as an error does, so that the container is removed before."""

    def end(number: int, frame: object) -> None:
        signal.signal(number, signal.SIG_IGN)
        raise SystemExit(128 + number)

    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, end)
