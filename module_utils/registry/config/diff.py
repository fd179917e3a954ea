# SPDX-License-Identifier: Apache-2.0
"""A registry's config.yml for people's eyes: a mark in place of each secret."""

from __future__ import annotations

import json
import re
from typing import Iterator, List, Mapping, Tuple

from ...base.censor import SECTIONS, are_sent_headers, is_secret_name
from .strangers import is_known

_NOT_OURS = "# a file that this module did not write; it may hold secrets anywhere\n"
_SCALAR = r'("(?:[^"\\]|\\.)*"|null|true|false|-?\d+|\{\}|\[\])'
_OUR_LINE = re.compile(rf'( *(?:- )*)(?:([A-Za-z][\w-]*|"(?:[^"\\]|\\.)*"):)?(?: ?{_SCALAR})?')
_LOGIN_IN_URL = re.compile(r'(?<=://)[^/@"\s]+@')
_INDENT = 2


def shown(text: str, marks: Mapping[str, str], mark: str) -> str:
    """The text with marks for secrets: `marks` has those of dotted places, all others get `mark`.

    Secret is what stands below a secret's name, as a header of the registry's own requests, as a login in a URL, and
    below keys that no registry knows. Only text in the form of registry_config.dump can be judged line by line; of any
    other nothing is shown.
    """
    ours = all(map(_OUR_LINE.fullmatch, text.splitlines()))
    return "".join(_lines(text, marks, mark)) if ours else _NOT_OURS


class _Places:
    """Where in the document each line stands."""

    def __init__(self) -> None:
        self._open: List[Tuple[int, str]] = []

    def of(self, prefix: str, key: str) -> Tuple[str, ...]:
        """The path of the next line. prefix: its blanks and dashes; key: its key, if any."""
        for column in range(0, len(prefix), _INDENT):
            if prefix[column] == "-":
                number = next((int(name) + 1 for at, name in self._open if at == column and name.isdigit()), 0)
                self._enter(column, str(number))
        if key:
            self._enter(len(prefix), key)
        return tuple(name for _column, name in self._open)

    def _enter(self, column: int, name: str) -> None:
        self._open = [place for place in self._open if place[0] < column] + [(column, name)]


def _lines(text: str, marks: Mapping[str, str], mark: str) -> Iterator[str]:
    places, hidden_below = _Places(), -1
    for line in text.splitlines():
        match = _OUR_LINE.fullmatch(line)
        if match is None:
            continue
        prefix, key, value = match[1], match[2] or "", match[3]
        path = places.of(prefix, str(json.loads(key)) if key.startswith('"') else key)
        if hidden_below >= 0 and len(prefix) > hidden_below:
            continue
        hidden_below = -1
        if key and _is_secret(path, marks, bool(value)):
            hidden_below = len(prefix)
            line = f"{prefix}{key}: {_mark(path, marks, mark)}"
        elif value:
            line = _LOGIN_IN_URL.sub(f"{mark}@", line)
        yield f"{line}\n"


def _is_secret(path: Tuple[str, ...], marks: Mapping[str, str], scalar: bool) -> bool:
    if path[-1] in SECTIONS and not scalar:
        return not is_known(path)
    in_headers = len(path) > 1 and are_sent_headers(path[:-1])
    return in_headers or is_secret_name(path[-1]) or ".".join(path) in marks or not is_known(path)


def _mark(path: Tuple[str, ...], marks: Mapping[str, str], mark: str) -> str:
    place = ".".join(path)
    return next((marks[one] for one in marks if one == place or one.startswith(f"{place}.")), mark)
