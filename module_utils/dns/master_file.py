# SPDX-License-Identifier: Apache-2.0
"""Values of records as master files have them (RFC 1035, 5.1): absolute names, and texts in quotes."""

from __future__ import annotations

import re
from collections.abc import Iterable

from .records import CNAME

TXT = "TXT"
_STRING = re.compile(r'"((?:[^"\\]|\\.)*)"', re.DOTALL)
_ESCAPE = re.compile(r"\\([0-9]{3}|.)", re.DOTALL)


def absolute(name: str) -> str:
    """A name with the dot at its end."""
    return f"{name}."


def written(kind: str, values: Iterable[str]) -> list[str]:
    """Values of records of a type."""
    if kind == CNAME:
        return [absolute(value) for value in values]
    return [_quoted(value) for value in values] if kind == TXT else list(values)


def text_of(record: str) -> str:
    """What clients make of a TXT record: its strings without quotes, one after the other."""
    strings = _STRING.findall(record) if record.startswith('"') else [record]
    return "".join(_ESCAPE.sub(_unescaped, string) for string in strings)


def _unescaped(found: re.Match[str]) -> str:
    return chr(int(found[1])) if len(found[1]) == 3 else found[1]


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
