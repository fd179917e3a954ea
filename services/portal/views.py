# SPDX-License-Identifier: Apache-2.0
"""What lists and pages show of back-ends, kept for a few seconds.

Decisions and conditions (If-Match) never come from here. What the portal itself changes of a project is forgotten, so
that own changes are seen at once; what clients store on a gateway, and what others change there, is seen within
`KEPT_S` seconds. Who may see a project has been settled before each look.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Any, NamedTuple, TypeVar

from .backends.backend import Backend, Bucket, Summary

KEPT_S = 10.0
# Names and buckets of all answers together: some tens of MiB.
_MOST_ITEMS = 100_000
_CHANGES = 64

Value = TypeVar("Value")


class _Question(NamedTuple):
    project: str
    backend: str
    what: str
    names: tuple[str, ...] = ()


class _Answer(NamedTuple):
    ends: float
    items: int
    value: Any


class Views:
    """Looks at back-ends, for several threads at once.

    backend: gives a back-end by its name, raises NotFound. count: is told of each look whether the answer was there.
    """

    def __init__(self, backend: Callable[[str], Backend], count: Callable[[bool], None]) -> None:
        self._backend, self._count = backend, count
        self._lock = threading.Lock()
        # All are kept for the same time, so that those that end first are in front.
        self._kept: dict[_Question, _Answer] = {}
        self._items = 0
        self._changes = [0] * _CHANGES

    def names(self, backend: str, project: str) -> list[str]:
        """The names of a project's buckets, sorted. Raises NotFound and what the back-end raises."""
        question = _Question(project, backend, "names")
        return self._look(question, lambda own: own.bucket_names(project), len)

    def buckets(self, backend: str, project: str, names: list[str]) -> list[Bucket]:
        """Buckets of a project by their names, those that have gone left out. Raises the same."""
        question = _Question(project, backend, "buckets", tuple(names))
        return self._look(question, lambda own: own.buckets(project, names), len)

    def summary(self, backend: str, project: str) -> Summary | None:
        """Limits and usage of a project; None for a project without an account. Raises the same."""
        return self._look(_Question(project, backend, "summary"), lambda own: own.summary(project), lambda _one: 1)

    def forget(self, project: str) -> None:
        """Let the next look see what the portal has changed. An answer to a look that is under way is not kept."""
        with self._lock:
            self._changes[hash(project) % _CHANGES] += 1
            for question in [one for one in self._kept if one.project == project]:
                self._drop(question)

    def _look(self, question: _Question, ask: Callable[[Backend], Value], size: Callable[[Value], int]) -> Value:
        backend, place = self._backend(question.backend), hash(question.project) % _CHANGES
        with self._lock:
            kept, changes = self._kept.get(question), self._changes[place]
        is_kept = kept is not None and kept.ends > time.monotonic()
        self._count(is_kept)
        if kept is not None and is_kept:
            known: Value = kept.value
            return known
        found = ask(backend)
        with self._lock:
            if changes == self._changes[place]:
                self._keep(question, found, 1 + len(question.names) + size(found))
        return found

    def _keep(self, question: _Question, value: Any, items: int) -> None:
        now = time.monotonic()
        self._drop(question)
        if items > _MOST_ITEMS:
            return
        self._kept[question] = _Answer(now + KEPT_S, items, value)
        self._items += items
        while self._items > _MOST_ITEMS or next(iter(self._kept.values())).ends <= now:
            self._drop(next(iter(self._kept)))

    def _drop(self, question: _Question) -> None:
        gone = self._kept.pop(question, None)
        self._items -= gone.items if gone else 0
