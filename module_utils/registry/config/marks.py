# SPDX-License-Identifier: Apache-2.0
"""Where the keys of a YAML file stand: line and column of the places that findings name."""

from __future__ import annotations

import re
from typing import Any, Callable, Dict, Iterator, NamedTuple, Optional, Tuple

from ...base.findings import Finding

_ITEM = re.compile(r"\[(\d+)\]\.?")


class Mark(NamedTuple):
    """A line and a column of a text, counted from 1."""

    line: int
    column: int

    @classmethod
    def of(cls, mark: Any) -> Mark:
        """The same as a mark of PyYAML's, which counts from 0."""
        return cls(mark.line + 1, mark.column + 1)

    def on(self, finding: Finding) -> Finding:
        """The finding with this mark; one that has a mark keeps it."""
        return finding if finding.line else finding._replace(line=self.line, column=self.column)


BEGINNING = Mark(1, 1)


class Marks:
    """The marks of all places in a document.

    A place is looked for only when it is asked for: with aliases, few nodes may stand for billions of places.
    """

    def __init__(self, root: Any, key_of: Callable[[Any], Any]) -> None:
        """root: PyYAML's node of the document, None for an empty one. key_of: what a node of a key stands for."""
        self._root = root
        self._key_of = key_of
        self._entries: Dict[int, Dict[str, Tuple[Any, Any]]] = {}

    def at(self, place: str) -> Mark:
        """Where a dotted place stands; of one that is not there, the innermost part of it that is.

        Letters of a key that is not there as it is written may be small or capital.
        """
        if self._root is None:
            return BEGINNING
        return Mark.of(self._nearest(self._root, place, self._root.start_mark)[1])

    def _nearest(self, node: Any, rest: str, mark: Any) -> Tuple[int, Any]:
        """How many characters of the place were not found below a node, and the mark of what was found last."""
        best = len(rest), mark
        if node.id == "mapping":
            for name, after in _ways(rest):
                entry = self._entry(node, name)
                if entry:
                    best = min(best, self._nearest(entry[1], after, entry[0].start_mark), key=lambda way: way[0])
        item = _ITEM.match(rest)
        if node.id == "sequence" and item and int(item[1]) < len(node.value):
            below = node.value[int(item[1])]
            best = self._nearest(below, rest[item.end() :], below.start_mark)
        return best

    def _entry(self, node: Any, name: str) -> Optional[Tuple[Any, Any]]:
        """The nodes of a key and its value."""
        if id(node) not in self._entries:
            entries = [(str(self._key_of(key)), (key, value)) for key, value in node.value]
            lowered = {key.lower(): pair for key, pair in entries}
            self._entries[id(node)] = {**lowered, **dict(entries)}
        known = self._entries[id(node)]
        return known.get(name) or known.get(name.lower())


def _ways(rest: str) -> Iterator[Tuple[str, str]]:
    """Every way to take the name of a key off a place: a key may have dots and brackets in it."""
    for end, character in enumerate(rest):
        if character == ".":
            yield rest[:end], rest[end + 1 :]
        elif character == "[":
            yield rest[:end], rest[end:]
    if rest:
        yield rest, ""
