# SPDX-License-Identifier: Apache-2.0
"""Secret files that are the same on several hosts: read or created on one of them, and written on the others."""

from __future__ import annotations

import os
import secrets
import string
from dataclasses import dataclass, replace
from typing import Any, Dict, List, Mapping, Optional

from ..base.errors import ToolError
from ..base.managed_file import MODE, NewFile, access_differences, write_text
from .owned_folder import Owned, ensure

_LETTERS = string.ascii_letters + string.digits
_LENGTH = 40


@dataclass(frozen=True)
class SharedFile:
    """A file on this host. With a content, the file is to hold that; without one, the content is to be read, and
    `generate` says whether a missing file is created.
    """

    path: str
    generate: bool = False
    content: Optional[str] = None


@dataclass(frozen=True)
class Outcome:
    """What was changed, or in check mode would be, and the content of each file that could be read, by its path."""

    changes: List[str]
    contents: Dict[str, str]


def files_of(given: List[Mapping[str, Any]]) -> List[SharedFile]:
    """The files that a module's option describes."""
    return [SharedFile(one["path"], one["generate"], one["content"]) for one in given]


def bring(files: List[SharedFile], home: str, takeover: bool, check_mode: bool) -> Outcome:
    """Mark the folders as the inventory's, and read, create or write the files. Raises ToolError, OSError."""
    changes: List[str] = []
    contents: Dict[str, str] = {}
    for folder in dict.fromkeys(os.path.dirname(file.path) for file in files):
        # Other roles and operators keep secrets in these folders, too.
        want = Owned(folder, home, takeover, exclusive=False, owner=os.geteuid(), group=os.getegid(), mode=0o700)
        changes += [f"{folder}: {change}" for change in ensure(want, check_mode).changes]
    for file in files:
        try:
            found = _read(file, check_mode) if file.content is None else _write(file.path, file.content, check_mode)
        except UnicodeDecodeError:
            code, hint = "the file holds bytes that are not text in UTF-8", "Write the secret as text."
            raise ToolError("read", f"secret file '{file.path}'", code, hint) from None
        changes += [f"{file.path}: {change}" for change in found.changes]
        contents.update(found.contents)
    return Outcome(changes, contents)


def _text(path: str) -> Optional[str]:
    """The file's text to the byte; None if there is no such file. Raises OSError, UnicodeDecodeError."""
    try:
        with open(path, "rb") as file:
            return file.read().decode("utf-8")
    except FileNotFoundError:
        return None


def _read(file: SharedFile, check_mode: bool) -> Outcome:
    text = _text(file.path)
    if text is not None:
        return Outcome([], {file.path: text})
    if not file.generate and not check_mode:
        hint = "Create the file, or name the host that has it in shared_secrets_source."
        raise ToolError("read", f"secret file '{file.path}'", "there is no such file", hint)
    if not file.generate:
        return Outcome([], {})  # an earlier task of a real run would have created it
    if check_mode:
        return Outcome(["create"], {})
    return _create(file)


def _create(file: SharedFile) -> Outcome:
    text = "".join(secrets.choice(_LETTERS) for _letter in range(_LENGTH))
    with NewFile(os.path.dirname(file.path)) as new:
        new.write(text)
        new.sync()
        try:
            new.link(file.path)
        except FileExistsError:  # another host of this play was faster; its secret counts
            return _read(replace(file, generate=False), check_mode=False)
    return Outcome(["create"], {file.path: text})


def _write(path: str, content: str, check_mode: bool) -> Outcome:
    current = _text(path)
    if current is None:
        owner, group, changes = os.geteuid(), -1, ["create"]
    else:
        seen = os.stat(path)
        owner, group = seen.st_uid, seen.st_gid
        changes = ["content"] if current != content else []
        changes += access_differences(path, owner, MODE, group)
    if changes and not check_mode:
        write_text(path, content, owner, MODE, group)
    return Outcome(changes, {})
