# SPDX-License-Identifier: Apache-2.0
"""What the portal reaches, for anybody who asks: looked up once for all who ask at a time, and kept for a moment."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from .problems import Problem

KEPT_S = 2.0
# A back-end that needs longer counts as down.
_PATIENCE_S = 5.0


@dataclass(frozen=True)
class Reached:
    """What answers: the database, and back-ends by name."""

    database: bool
    backends: Mapping[str, bool]


class Readiness:
    """One look at a time, in a thread of its own. Whoever waits for its end holds none.

    database: raises Problem without the database. up: which back-ends answer within so many seconds.
    """

    def __init__(self, database: Callable[[], None], up: Callable[[float], Mapping[str, bool]]) -> None:
        self._database, self._up = database, up
        self._look: asyncio.Task[Reached] | None = None
        self._kept_until = float("-inf")

    async def now(self) -> Reached:
        """What is reached, or was a moment ago."""
        if self._look is None or (self._look.done() and time.monotonic() > self._kept_until):
            self._look = asyncio.create_task(self._ask())
        return await asyncio.shield(self._look)  # others wait for it, too, when one goes away

    async def _ask(self) -> Reached:
        found = await asyncio.to_thread(self._reached)
        self._kept_until = time.monotonic() + KEPT_S
        return found

    def _reached(self) -> Reached:
        try:
            self._database()
            database = True
        except Problem:
            database = False
        return Reached(database, self._up(_PATIENCE_S))
