# SPDX-License-Identifier: Apache-2.0
"""A deadline that holds over many socket calls, where a socket's own timeout would begin anew with each."""

from __future__ import annotations

import socket
import time


class Deadline:
    """A moment on the monotonic clock, `seconds` from now."""

    def __init__(self, seconds: float) -> None:
        self._end = time.monotonic() + seconds

    def left(self) -> float:
        """Seconds left, never negative."""
        return max(0.0, self._end - time.monotonic())

    def at_most(self, seconds: float) -> Deadline:
        """The sooner one of this deadline and `seconds` from now."""
        return Deadline(min(self.left(), seconds))

    def arm(self, sock: socket.socket) -> socket.socket:
        """Give the next call on `sock` the time that is left. Raises socket.timeout when none is."""
        left = self.left()
        if not left:
            raise socket.timeout  # A socket's timeout of 0 would mean "do not block", which is another thing.
        sock.settimeout(left)
        return sock
