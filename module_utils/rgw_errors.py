# SPDX-License-Identifier: Apache-2.0
"""The two exceptions of the RGW engine. Neither ever carries a secret."""

from __future__ import annotations


class InputError(Exception):
    """What the caller asked for cannot be meant; raised before the gateway is told anything."""


class RgwError(Exception):
    """An operation that was attempted and failed.

    operation: what was attempted, as a verb ("read"); target: on what ("user 'x' at http://host:8080"); status: the
    HTTP status, None where no answer came; code: RGW's error code or the transport's own word; hint: what to do next.
    """

    def __init__(self, operation: str, target: str, status: int | None, code: str, hint: str) -> None:
        super().__init__(operation, target, status, code, hint)
        self.operation = operation
        self.target = target
        self.status = status
        self.code = code
        self.hint = hint

    def __str__(self) -> str:
        came_back = self.code if self.status is None else f"HTTP {self.status} {self.code}".rstrip()
        return f"Could not {self.operation} {self.target}: {came_back}. {self.hint}"

    def as_dict(self) -> dict[str, str | int | None]:
        """The fields, for a module's structured result."""
        return {
            "operation": self.operation,
            "target": self.target,
            "status": self.status,
            "code": self.code,
            "hint": self.hint,
        }
