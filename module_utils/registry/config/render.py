# SPDX-License-Identifier: Apache-2.0
"""A registry's config.yml from typed data: secrets in their places, every string quoted, nothing pasted."""

from __future__ import annotations

import copy
import json
import re
from typing import Any, Dict, List, Mapping

from ...base.errors import InputError

# A key that needs no quotes whatever YAML's version: registry keys and HTTP header names are all of this kind.
_PLAIN_KEY = re.compile(r"[A-Za-z][A-Za-z0-9_-]*")
# What a literal block keeps to the byte: lines of ASCII, none of blanks alone and the first not indented, and one
# newline at the end.
_LINES = re.compile(r"[!-~][ -~]*(?:\n+ *[!-~][ -~]*)*\n")
_WORDS_OF_OTHER_TYPES = frozenset(("y", "n", "yes", "no", "on", "off", "true", "false", "null"))
_INDENT = "  "


class Literal(str):
    """A text of lines, written as it is below its key (YAML 1.2, section 8.1.2), or quoted where it cannot be."""


def with_values(config: Mapping[str, Any], values: Mapping[str, str]) -> Dict[str, Any]:
    """A copy of config with each value at its dotted path ("storage.swift.password"); missing mappings are made.

    An item of a list is named by its number, from 0 on: "notifications.endpoints.0.headers.Authorization"; a header
    becomes a list of one value, as the registry wants it. Raises InputError when a path leads through something that
    can hold nothing, or past the end of a list.
    """
    result = copy.deepcopy(dict(config))
    for path, value in values.items():
        place: Any = result
        *parents, last = path.split(".")
        for name in parents:
            place = _inside(place, name, path)
        _put(place, last, [value] if parents[-1:] == ["headers"] else value, path)
    return result


def _inside(place: Any, name: str, path: str) -> Any:
    """What has the name in a mapping or a list, there or made. Raises InputError where it can hold nothing."""
    inner = place[_number(place, name, path)] if isinstance(place, list) else place.setdefault(name, {})
    if not isinstance(inner, (dict, list)):
        raise InputError(f"{path}: {name} is {type(inner).__name__}, not a mapping, so nothing can be put into it")
    return inner


def _put(place: Any, name: str, value: Any, path: str) -> None:
    if isinstance(place, list):
        place[_number(place, name, path)] = value
    else:
        place[name] = value


def _number(items: List[Any], name: str, path: str) -> int:
    if not name.isdecimal() or int(name) >= len(items):
        raise InputError(f"{path}: '{name}' is no item of a list of {len(items)}; items are numbered from 0 on")
    return int(name)


def dump(config: Mapping[str, Any]) -> str:
    """YAML text of the configuration.

    Strings are always quoted, in JSON's way, which YAML 1.2 includes (section 10.2): "0.1" or an all-digit password
    stays a string for the registry, which panics on a number where it wants one. Raises InputError for a value of no
    YAML type.
    """
    return "\n".join(_lines(config, "")) + "\n"


def _lines(value: Any, path: str) -> List[str]:
    if isinstance(value, Mapping) and value:
        return [line for key, item in value.items() for line in _pair(_key(key), item, f"{path}.{key}".lstrip("."))]
    if isinstance(value, (list, tuple)) and value:
        return [line for number, item in enumerate(value) for line in _item(_lines(item, f"{path}[{number}]"))]
    return [_scalar(value, path)]


def _pair(key: str, value: Any, path: str) -> List[str]:
    if isinstance(value, Literal) and _LINES.fullmatch(value):
        return [f"{key}: |"] + _indented(value.splitlines())
    lines = _lines(value, path)
    if isinstance(value, (Mapping, list, tuple)) and value:
        return [f"{key}:"] + _indented(lines)
    return [f"{key}: {lines[0]}"]


def _item(lines: List[str]) -> List[str]:
    return [f"- {lines[0]}"] + _indented(lines[1:])


def _indented(lines: List[str]) -> List[str]:
    return [_INDENT + line if line else "" for line in lines]


def _key(key: Any) -> str:
    text = str(key)
    return text if _PLAIN_KEY.fullmatch(text) and text.lower() not in _WORDS_OF_OTHER_TYPES else quoted(text)


def _scalar(value: Any, path: str) -> str:
    if isinstance(value, str):
        return quoted(value)
    if value is None or isinstance(value, (bool, int)):
        return json.dumps(value)
    if isinstance(value, (Mapping, list, tuple)):
        return "{}" if isinstance(value, Mapping) else "[]"
    raise InputError(f"{path}: a {type(value).__name__} has no place in a registry's configuration")


def quoted(text: str) -> str:
    """The text as a YAML scalar that is a string whatever it looks like."""
    # YAML reads some characters that JSON leaves as they are (U+2028, U+0085, ...) as line breaks.
    in_json = json.dumps(text, ensure_ascii=False)
    return "".join(c if c.isprintable() else f"\\U{ord(c):08X}" for c in in_json)
