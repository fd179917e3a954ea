# SPDX-License-Identifier: Apache-2.0
"""What people write into forms, as values of the REST interface."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from ..problems import Unusable

_POWERS = {"KiB": 1, "MiB": 2, "GiB": 3, "TiB": 4, "PiB": 5}
_KIB = 1024
_LONGEST = 20

Model = TypeVar("Model", bound=BaseModel)


def model(kind: type[Model], **values: Any) -> Model:
    """The values as a request's body. Raises Unusable, which names the field."""
    try:
        return kind(**values)
    except ValidationError as error:
        problems = (f"{'.'.join(map(str, one['loc']))}: {one['msg']}" for one in error.errors())
        raise Unusable("; ".join(problems)) from None


def bytes_of(number: str, unit: str) -> int | None:
    """A size in whole KiB; None for an empty field: no limit. Raises Unusable."""
    if not number.strip():
        return None
    value: float = _number(number, float, "Size")
    if unit not in _POWERS or not 0 < value < 2**40:
        raise Unusable("Size: give a positive number and one of the units, or leave the field empty for no limit.")
    return max(1, round(value * float(_KIB) ** (_POWERS[unit] - 1))) * _KIB


def count_of(number: str, what: str) -> int | None:
    """A count; None for an empty field. Raises Unusable."""
    value: int | None = _number(number, int, what) if number.strip() else None
    return value


def lines_of(text: str) -> list[str]:
    """The lines that are not empty."""
    return [line.strip() for line in text.splitlines() if line.strip()]


def _number(text: str, kind: Callable[[str], Any], what: str) -> Any:
    try:
        if len(text) > _LONGEST:
            raise ValueError(text)
        return kind(text.strip())
    except ValueError:
        raise Unusable(f"{what}: that is no number.") from None
