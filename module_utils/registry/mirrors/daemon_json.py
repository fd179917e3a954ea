# SPDX-License-Identifier: Apache-2.0
"""The key registry-mirrors of docker's daemon.json, and nothing else of that file (dockerd(8))."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any, Dict, List, Optional, Sequence, Tuple

from ...base.errors import ToolError

__all__ = ["DaemonJson", "Entries", "same"]

_KEY = "registry-mirrors"
_REPAIR = "Correct the file first: the docker daemon does not start with it either."


@dataclass(frozen=True)
class Entries:
    """What the toolkit has in a daemon.json: its mirrors, and whether it has created the key and the file."""

    mirrors: Sequence[str] = ()
    made_key: bool = False
    made_file: bool = False


class DaemonJson:
    """A daemon.json, and the mirrors that it lists.

    text: its content, None without a file. Raises ToolError for what docker would refuse.
    """

    def __init__(self, path: str, text: Optional[str]) -> None:
        self._path, self._text = path, text
        self._document = self._parsed(text)
        self.mirrors = self._listed()

    @property
    def pid_file(self) -> str:
        """Path of the file with the daemon's process id; empty where the file does not say."""
        return str(self._document.get("pidfile") or "")

    @property
    def cleared(self) -> Optional[str]:
        """The text with an empty list where the key is missing.

        A daemon that reads its file again and finds no such key keeps the mirrors that it has (measured on 20.10).
        """
        return self._text if _KEY in self._document else self._formatted({**self._document, _KEY: []})

    def with_mirrors(self, wanted: Sequence[str], own: Entries) -> Tuple[Optional[str], Entries]:
        """The text with these mirrors in place of the toolkit's own, and what the toolkit has there then.

        Mirrors of others stay where they are, and before the toolkit's. None stands for no file.
        """
        others = [url for url in self.mirrors if not _among(url, own.mirrors)]
        added = [url for url in wanted if not _among(url, others)]
        made_key = own.made_key or _KEY not in self._document
        made_file = own.made_file or self._text is None
        document = dict(self._document)
        if others or added or not made_key:
            document[_KEY] = [*others, *added]
        else:
            document.pop(_KEY, None)
        entries = Entries(added, made_key, made_file) if added else Entries()
        if document == self._document:
            return self._text, entries
        if not document and made_file:
            return None, entries
        return self._formatted(document), entries

    def _parsed(self, text: Optional[str]) -> Dict[str, Any]:
        if text is None or not text.strip():
            return {}
        try:
            document = json.loads(text, object_pairs_hook=_unique)
        except ValueError as error:
            raise ToolError("read", self._path, f"the file is no JSON: {error}", _REPAIR) from error
        if not isinstance(document, dict):
            raise ToolError("read", self._path, "the file has no JSON object", _REPAIR)
        return document

    def _listed(self) -> List[str]:
        found = self._document.get(_KEY, [])
        if not isinstance(found, list) or not all(isinstance(one, str) for one in found):
            raise ToolError("read", self._path, f"{_KEY} is no list of URLs", _REPAIR)
        return found

    def _formatted(self, document: Dict[str, Any]) -> str:
        """The document, indented as the file was."""
        text = self._text or ""
        indented = re.search(r'\n([ \t]+)"', text)
        indent = indented[1] if indented else None if text.strip() and "\n" not in text.strip() else "    "
        end = "" if text.strip() and not text.endswith("\n") else "\n"
        return json.dumps(document, indent=indent, ensure_ascii=False) + end


def same(one: str, other: str) -> bool:
    """Whether two URLs are of one mirror: docker itself adds a slash."""
    return one.rstrip("/") == other.rstrip("/")


def _among(url: str, urls: Sequence[str]) -> bool:
    return any(same(url, other) for other in urls)


def _unique(pairs: List[Tuple[str, Any]]) -> Dict[str, Any]:
    names = [name for name, _value in pairs]
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice is not None:
        raise ValueError(f"the key {twice} stands twice")
    return dict(pairs)
