# SPDX-License-Identifier: Apache-2.0
"""How two canonical forms differ, in lines that a person reads: "lifecycle['logs'].expiration_days: 30 -> 7"."""

from __future__ import annotations

from typing import Any, Dict, Iterator, List, Mapping

from ...base.text import json_text

_NOTHING = object()
_LONGEST = 300
# What names an item of a list, whichever of them it has.
_NAMES = ("id", "Sid", "user", "group", "storage_class")


def differences(wanted: Any, stored: Any, path: str) -> List[str]:
    """A line for each value that differs, "what is stored -> what is wanted"; none for equal forms.

    path: what the lines begin with, as "lifecycle".
    """
    return list(_lines(wanted, stored, path))


def _lines(wanted: Any, stored: Any, path: str) -> Iterator[str]:
    if wanted == stored:
        return
    if isinstance(wanted, dict) and isinstance(stored, dict):
        for key in sorted({*wanted, *stored}):
            yield from _lines(wanted.get(key, _NOTHING), stored.get(key, _NOTHING), f"{path}.{key}")
    elif _are_items(wanted) and _are_items(stored):
        named = _are_named(wanted) and _are_named(stored)
        ours, theirs = _by_name(wanted, named), _by_name(stored, named)
        for name in sorted({*ours, *theirs}):
            yield from _lines(ours.get(name, _NOTHING), theirs.get(name, _NOTHING), f"{path}[{name!r}]")
    else:
        yield f"{path}: {_shown(stored)} -> {_shown(wanted)}"


def _are_items(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(item, dict) for item in value)


def _are_named(items: List[Any]) -> bool:
    names = [_name(item) for item in items]
    return None not in names and len(set(names)) == len(names)


def _by_name(items: List[Any], named: bool) -> Dict[Any, Any]:
    """The items by their names, or by their places where some have no name of their own."""
    return {_name(item) if named else place: item for place, item in enumerate(items)}


def _name(item: Mapping[str, Any]) -> Any:
    return next((item[name] for name in _NAMES if name in item), None)


def _shown(value: Any) -> str:
    if value is _NOTHING:
        return "(none)"
    text = json_text(value)
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}..."
