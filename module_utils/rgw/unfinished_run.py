# SPDX-License-Identifier: Apache-2.0
"""A run over many users or buckets that broke after its first write: which are done, and which are not."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ..base.errors import ToolError
from ..base.text import presentable


class UnfinishedRun(ToolError):
    """A run over many things that broke after it had begun to write.

    done: the names of those that are what they should be. not_done: the others; of those that were under way when it
    broke, a part may have been written. nouns: what they are called together.
    """

    def __init__(self, cause: ToolError, done: Sequence[str], not_done: Sequence[str], nouns: str) -> None:
        super().__init__(cause.operation, cause.target, cause.code, cause.hint, cause.status)
        self.done: list[str] = presentable(done)
        self.not_done: list[str] = presentable(not_done)
        self._nouns = nouns
        self._cause = cause

    def __str__(self) -> str:
        total = len(self.done) + len(self.not_done)
        if total == 1:
            return super().__str__()
        counts = (
            f"Of {total} {self._nouns} {len(self.done)} are done, {len(self.not_done)} are not; the next run goes on."
        )
        return f"{super().__str__()} {counts}"

    def as_dict(self) -> dict[str, Any]:
        """The fields, for a module's result."""
        return {**self._cause.as_dict(), "hint": self.hint, "done": self.done, "not_done": self.not_done}
