# SPDX-License-Identifier: Apache-2.0
"""JSON that somebody else wrote: a server, a tool, a client of a registry. Reading raises ValueError, nothing else."""

from __future__ import annotations

import json
import re
from typing import Any

# What Ceph and registries say is nested less than ten deep. Python's own limit (RecursionError) is met by what works
# on a document later on, such as a copy of it.
MAX_DEPTH = 64

# A string that does not end goes to the end of the text, so that no place is looked at twice.
_STRING_OR_BRACKET = re.compile(r'"(?:[^"\\]|\\.)*"?|[\[\]{}]', re.DOTALL)


def loads(text: str | bytes) -> Any:
    """The document that `text` holds. Raises ValueError for no JSON, and for JSON nested more than MAX_DEPTH deep."""
    decoded = text if isinstance(text, str) else text.decode("utf-8")
    # Counting is cheap, and most documents have fewer brackets in all than may stand within each other.
    if decoded.count("[") + decoded.count("{") > MAX_DEPTH and depth(decoded) > MAX_DEPTH:
        raise ValueError(f"JSON nested more than {MAX_DEPTH} deep")
    return json.loads(decoded)


def depth(text: str) -> int:
    """How deep the brackets of a JSON text stand within each other."""
    deepest = level = 0
    for found in _STRING_OR_BRACKET.finditer(text):
        if found[0] in "[{":
            level += 1
            deepest = max(deepest, level)
        elif found[0] in "]}":
            level -= 1
    return deepest


def without_depths(text: str) -> str:
    """A JSON text with null in place of each array and object that stands more than MAX_DEPTH deep.

    Raises ValueError for a text whose brackets are not closed.
    """
    kept = []
    level = start = 0
    for found in _STRING_OR_BRACKET.finditer(text):
        if found[0] in "[{":
            level += 1
            if level == MAX_DEPTH + 1:
                kept.append(text[start : found.start()] + "null")
        elif found[0] in "]}":
            level -= 1
            if level == MAX_DEPTH:
                start = found.end()
    if level > MAX_DEPTH:
        raise ValueError("JSON whose brackets are not closed")
    return "".join([*kept, text[start:]])
