# SPDX-License-Identifier: Apache-2.0
"""A registry's config.yml for people's eyes: a mark in place of each secret."""

from __future__ import annotations

import re
from typing import Iterable, Iterator

# Keys that hold secrets in some section or driver, and the header that carries one to a notified endpoint.
_SECRET_KEYS = frozenset(
    ("password", "sentinelpassword", "secret", "secretkey", "accountkey", "accesskeysecret", "connectionstring")
    + ("credentials", "apikey", "licensekey", "authorization")
)
_NOT_OURS = "# a file that this module did not write; it may hold secrets anywhere\n"
_SCALAR = r'("(?:[^"\\]|\\.)*"|null|true|false|-?\d+|\{\}|\[\])'
_OUR_LINE = re.compile(rf'( *(?:- )*)(?:([A-Za-z][\w-]*|"(?:[^"\\]|\\.)*"):)?(?: ?{_SCALAR})?')
_LOGIN_IN_URL = re.compile(r'(?<=://)[^/@"\s]+@')


def shown(text: str, places: Iterable[str], mark: str) -> str:
    """The text with `mark` for each secret: those at the dotted places and those of keys that always are.

    Only text in the form of registry_config.dump can be judged line by line; of any other nothing is shown.
    """
    keys = _SECRET_KEYS | {place.rsplit(".", 1)[-1].lower() for place in places}
    lines = list(_lines(text, keys, mark)) if all(map(_OUR_LINE.fullmatch, text.splitlines())) else [_NOT_OURS]
    return "".join(lines)


def _lines(text: str, keys: Iterable[str], mark: str) -> Iterator[str]:
    hidden_below = -1
    for line in text.splitlines():
        match = _OUR_LINE.fullmatch(line)
        if match is None:
            continue
        depth, key, value = len(match[1]), match[2], match[3]
        if hidden_below >= 0 and depth > hidden_below:
            continue
        hidden_below = -1
        if key and key.strip('"').lower() in keys:
            hidden_below = depth
            line = f'{match[1]}{key}: "{mark}"'
        elif value:
            line = _LOGIN_IN_URL.sub(f"{mark}@", line)
        yield f"{line}\n"
