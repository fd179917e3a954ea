# SPDX-License-Identifier: Apache-2.0
"""Changes of one project come one after another. Few requests wait for their turn, and none of them for long.

A request that waits holds one of the process's threads: whoever changes one project again and again must not take the
threads that the others need.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from .problems import Busy

# Less than a quarter and less than a half of the threads that answer requests (anyio has 40).
_MOST_WAITING_FOR_ONE = 8
_MOST_WAITING = 16
_PATIENCE_S = 1.0


@dataclass
class _Turn:
    """users: the request whose turn it is, and those that wait."""

    lock: threading.Lock = field(default_factory=threading.Lock)
    users: int = 0


class Turns:
    """Whose turn it is, for each project. For the threads of one process."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._turns: dict[str, _Turn] = {}
        self._users = 0

    @contextmanager
    def of(self, project: str) -> Iterator[None]:
        """Take one's turn. Raises Busy if others are before it for too long, or too many wait."""
        turn = self._join(project)
        try:
            if not turn.lock.acquire(timeout=_PATIENCE_S):
                raise Busy
            try:
                yield
            finally:
                turn.lock.release()
        finally:
            self._leave(project, turn)

    def _join(self, project: str) -> _Turn:
        with self._guard:
            turn = self._turns.setdefault(project, _Turn())
            # All but one of each project wait.
            if turn.users and (turn.users > _MOST_WAITING_FOR_ONE or self._users - len(self._turns) >= _MOST_WAITING):
                raise Busy
            turn.users += 1
            self._users += 1
            return turn

    def _leave(self, project: str, turn: _Turn) -> None:
        with self._guard:
            turn.users -= 1
            self._users -= 1
            if not turn.users:
                del self._turns[project]
