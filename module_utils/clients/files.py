# SPDX-License-Identifier: Apache-2.0
"""Settings files: those that only the toolkit writes, and those that a program writes, too."""

from __future__ import annotations

import json
import shlex
from dataclasses import dataclass, field
from typing import Any, Iterable, List, Mapping, Optional, Union

__all__ = ["JsonFile", "SettingsFile", "TextFile", "exports", "ini"]

_NOTE = "# Settings of {program}. The next run of the toolkit overwrites changes of this file."


@dataclass(frozen=True)
class SettingsFile:
    """A file below the folder of settings. name: relative to the folder."""

    name: str

    def content(self, existing: Optional[str]) -> str:
        """What the file is to contain. existing: what the file contains now, None without a file."""
        raise NotImplementedError


@dataclass(frozen=True)
class TextFile(SettingsFile):
    """A file that only the toolkit writes."""

    text: str = field(repr=False)

    def content(self, existing: Optional[str]) -> str:
        """The text, whatever is there."""
        return self.text


@dataclass(frozen=True)
class JsonFile(SettingsFile):
    """A JSON document that the program writes again with its own formatting, which stays."""

    document: Mapping[str, Any] = field(repr=False)

    def content(self, existing: Optional[str]) -> str:
        """The document."""
        if existing is not None and _same(existing, self.document):
            return existing
        return json.dumps(self.document, indent=4, sort_keys=True) + "\n"


def exports(program: str, variables: Mapping[str, str], unset: Iterable[str] = ()) -> str:
    """A file that a POSIX shell sources. unset: variables that would lead the program elsewhere."""
    lines = [_NOTE.format(program=program)]
    lines += [f"unset {' '.join(unset)}"] if unset else []
    lines += [f"export {name}={shlex.quote(value)}" for name, value in variables.items()]
    return "\n".join(lines) + "\n"


def ini(program: str, sections: Mapping[str, Mapping[str, Union[str, Mapping[str, str]]]]) -> str:
    """A file of sections with one `name = value` on each line; a mapping stands indented below its name."""
    blocks = [
        "\n".join([f"[{section}]", *(line for name, value in values.items() for line in _lines(name, value))])
        for section, values in sections.items()
    ]
    return _NOTE.format(program=program) + "\n" + "\n\n".join(blocks) + "\n"


def _lines(name: str, value: Union[str, Mapping[str, str]]) -> List[str]:
    if isinstance(value, str):
        return [f"{name} = {value}"]
    return [f"{name} =", *(f"  {inner} = {text}" for inner, text in value.items())]


def _same(text: str, document: Mapping[str, Any]) -> bool:
    try:
        return bool(json.loads(text) == document)
    except ValueError:
        return False
