# SPDX-License-Identifier: Apache-2.0
"""The record of what a service has loaded: its runtime, and digests of its configuration, files and definition.

A role compares the record before it starts or reloads a service, and writes it afterwards. A run that is killed between
a change and the restart therefore leaves a record that differs, and the next run restarts the service.
"""

from __future__ import annotations

import hashlib
import json
from typing import Any, Dict, List, Mapping, NamedTuple, Optional, Sequence

from ..base.managed_file import read_text

__all__ = ["Record", "differences", "read", "wanted"]

FORMAT = 1


class Record(NamedTuple):
    """parts: what the service has loaded, each by a name for people, with its SHA-256 in hex digits."""

    runtime: str
    parts: Mapping[str, str]

    def text(self) -> str:
        """The content of the file."""
        return json.dumps({"format": FORMAT, **self._asdict()}, indent=2, sort_keys=True) + "\n"


def wanted(runtime: str, definition: Mapping[str, Any], files: Sequence[str]) -> Record:
    """The record of a service that loads this definition and these files now. Raises OSError.

    A file that does not exist differs from one that is empty.
    """
    parts = {name: _digest(json.dumps(value, sort_keys=True).encode()) for name, value in definition.items()}
    for path in files:
        try:
            with open(path, "rb") as file:
                parts[path] = _digest(file.read())
        except FileNotFoundError:
            parts[path] = "absent"
    return Record(runtime, parts)


def read(path: str) -> Optional[Record]:
    """The record in a file; None without one, or with one that this release does not know. Raises OSError."""
    text = read_text(path)
    try:
        facts: Dict[str, Any] = json.loads(text or "")
        return Record(str(facts["runtime"]), dict(facts["parts"])) if facts["format"] == FORMAT else None
    except (ValueError, TypeError, KeyError):
        return None


def differences(before: Optional[Record], now: Record) -> List[str]:
    """The names of what the service has not loaded yet, and of what it should not have loaded any more."""
    if before is None:
        return sorted(now.parts)
    names = {name for name in {*before.parts, *now.parts} if before.parts.get(name) != now.parts.get(name)}
    return (["runtime"] if before.runtime != now.runtime else []) + sorted(names)


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
