# SPDX-License-Identifier: Apache-2.0
"""The two exceptions of the engine that reach a person. Neither ever carries a secret."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from .text import presentable

Checked = TypeVar("Checked")


class InputError(ValueError):
    """What the caller asked for cannot be meant. Raised before anything is changed."""

    def __init__(self, text: str) -> None:
        super().__init__(presentable(text))

    def as_dict(self) -> dict[str, Any]:
        """The fields of a ToolError, for a module's result."""
        return {"operation": "use", "target": "the given parameters", "status": None, "code": str(self), "hint": ""}


class ToolError(Exception):
    """An operation that was attempted and failed.

    operation: what was attempted, as a verb ("read"); target: on what ("user 'x' at http://host:8080"); code: what came
    back, as RGW's error code, the transport's own word or a tool's message; hint: what to do next; status: the HTTP
    status, None where no HTTP answer came.
    """

    def __init__(self, operation: str, target: str, code: str, hint: str, status: int | None = None) -> None:
        # What a gateway or a tool has said may hold bytes of any encoding.
        operation, target, code, hint = presentable([operation, target, code, hint])
        super().__init__(operation, target, code, hint, status)
        self.operation: str = operation
        self.target: str = target
        self.status = status
        self.code: str = code
        self.hint: str = hint

    def __str__(self) -> str:
        came_back = self.code if self.status is None else f"HTTP {self.status} {self.code}".rstrip()
        return f"Could not {self.operation} {self.target}: {came_back.rstrip('.')}. {self.hint}".rstrip()

    def as_dict(self) -> dict[str, Any]:
        """The fields, for a module's result."""
        return {
            "operation": self.operation,
            "target": self.target,
            "status": self.status,
            "code": self.code,
            "hint": self.hint,
        }


def checked(option: str, check: Callable[[Any], Checked], value: Any) -> Checked:
    """What a check makes of an option's value. Raises InputError, whose text begins with the option."""
    try:
        return check(value)
    except InputError as error:
        raise InputError(f"{option}: {error}") from error
