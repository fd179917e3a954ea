# SPDX-License-Identifier: Apache-2.0
"""Questions to a gateway, each asked once in a run."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Any, TypeVar

Answer = TypeVar("Answer")


class Asked:
    """Remembers answers. Two threads may ask the same at once, which does no harm."""

    def __init__(self) -> None:
        self._answers: dict[tuple[Hashable, ...], Any] = {}

    def __call__(self, question: Callable[..., Answer], *arguments: Hashable) -> Answer:
        """The answer of a client's method, by its name and the arguments."""
        key = (question.__name__, *arguments)
        if key not in self._answers:
            self._answers[key] = question(*arguments)
        answer: Answer = self._answers[key]
        return answer
