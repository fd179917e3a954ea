# SPDX-License-Identifier: Apache-2.0
"""Files that are changed as a whole, and put back if a later step fails."""

from __future__ import annotations

import contextlib
import os
import stat
from dataclasses import dataclass, field
from typing import Optional

from ...base.errors import ToolError
from ...base.managed_file import read_text, write_text

__all__ = ["Change", "read_plain"]

_MODE = 0o644


@dataclass(frozen=True)
class Change:
    """A file's text before and after; None for no file. word: what a report says. folder: one that goes with it."""

    path: str
    before: Optional[str] = field(repr=False)
    after: Optional[str] = field(repr=False)
    word: str
    folder: str = ""

    def apply(self) -> None:
        """Make the change. Raises OSError."""
        self._write(self.after)

    def undo(self) -> None:
        """Put the file back. Raises OSError."""
        self._write(self.before)

    def _write(self, text: Optional[str]) -> None:
        if text is None:
            with contextlib.suppress(FileNotFoundError):
                os.unlink(self.path)
            if self.folder:
                with contextlib.suppress(OSError):  # somebody has put more there
                    os.rmdir(self.folder)
            return
        os.makedirs(os.path.dirname(self.path), mode=0o755, exist_ok=True)
        try:
            seen = os.stat(self.path)
        except FileNotFoundError:
            write_text(self.path, text, os.geteuid(), _MODE)
            return
        write_text(self.path, text, seen.st_uid, stat.S_IMODE(seen.st_mode), seen.st_gid)


def read_plain(path: str) -> Optional[str]:
    """The text of a regular file; None without one. Raises ToolError for a link or anything else of that name."""
    try:
        seen = os.lstat(path)
    except FileNotFoundError:
        return None
    if not stat.S_ISREG(seen.st_mode):
        what = f"a link to {os.readlink(path)}" if stat.S_ISLNK(seen.st_mode) else "no regular file"
        raise ToolError("use", path, f"the path is {what}", "Name the file itself, or remove what has the name.")
    return read_text(path)
