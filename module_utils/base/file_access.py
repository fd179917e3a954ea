# SPDX-License-Identifier: Apache-2.0
"""Owner, group and mode of a file that a module writes (options documented in doc_fragments/file_access.py)."""

from __future__ import annotations

from typing import Any, Mapping, NamedTuple

from .errors import InputError

FILE_ACCESS_OPTIONS: dict[str, dict[str, Any]] = {
    "owner": {"type": "int", "default": 0},
    "group": {"type": "int", "default": -1},
    "mode": {"type": "str", "default": "0600"},
}
_LARGEST_MODE = 0o7777


class FileAccess(NamedTuple):
    """Ids of owner and group (-1: as the group is), and the mode."""

    owner: int
    group: int
    mode: int


def file_access(params: Mapping[str, Any]) -> FileAccess:
    """What a module's parameters ask for. Raises InputError."""
    return FileAccess(params["owner"], params["group"], octal_mode(params["mode"]))


def octal_mode(text: str) -> int:
    """The mode that a text such as "0640" names. Raises InputError."""
    try:
        mode = int(text, 8)
    except ValueError:
        mode = -1
    if not 0 <= mode <= _LARGEST_MODE:
        raise InputError(f"mode: {text} is no mode in octal digits. Next: write one, such as 0640")
    return mode
