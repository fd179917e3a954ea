# SPDX-License-Identifier: Apache-2.0
"""The exceptions of the RGW engine. None ever carries a secret."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from .text import presentable


class InputError(ValueError):
    """What the caller asked for cannot be meant; raised before the gateway is told anything."""

    def __init__(self, text: str) -> None:
        super().__init__(presentable(text))


class RgwError(Exception):
    """An operation that was attempted and failed.

    operation: what was attempted, as a verb ("read"); target: on what ("user 'x' at http://host:8080"); status: the
    HTTP status, None where no answer came; code: RGW's error code or the transport's own word; hint: what to do next.
    """

    def __init__(self, operation: str, target: str, status: int | None, code: str, hint: str) -> None:
        # What a gateway or a tool has said may hold bytes of any encoding.
        operation, target, code, hint = presentable([operation, target, code, hint])
        super().__init__(operation, target, status, code, hint)
        self.operation: str = operation
        self.target: str = target
        self.status = status
        self.code: str = code
        self.hint: str = hint

    def __str__(self) -> str:
        came_back = self.code if self.status is None else f"HTTP {self.status} {self.code}".rstrip()
        return f"Could not {self.operation} {self.target}: {came_back}. {self.hint}"

    def as_dict(self) -> dict[str, Any]:
        """The fields, for a module's structured result."""
        return {
            "operation": self.operation,
            "target": self.target,
            "status": self.status,
            "code": self.code,
            "hint": self.hint,
        }


class UnfinishedRun(RgwError):
    """A run over many users that broke after it had begun to write.

    done: the uids that are what they should be. not_done: the others; of those that were under way when it broke, a
    part may have been written.
    """

    def __init__(self, cause: RgwError, done: Sequence[str], not_done: Sequence[str]) -> None:
        super().__init__(cause.operation, cause.target, cause.status, cause.code, cause.hint)
        self.done: list[str] = presentable(done)
        self.not_done: list[str] = presentable(not_done)

    def __str__(self) -> str:
        total = len(self.done) + len(self.not_done)
        if total == 1:
            return super().__str__()
        counts = f"Of {total} users {len(self.done)} are done, {len(self.not_done)} are not; the next run goes on."
        return f"{super().__str__()} {counts}"

    def as_dict(self) -> dict[str, Any]:
        """The fields, for a module's structured result."""
        return {**super().as_dict(), "done": self.done, "not_done": self.not_done}
