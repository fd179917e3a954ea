# SPDX-License-Identifier: Apache-2.0
"""The folder of rendered files: compared, then written whole or not at all, file by file."""

from __future__ import annotations

import os
import stat
from dataclasses import dataclass
from typing import Any, Dict, List, Optional, Sequence

from ..base.errors import InputError
from ..base.managed_file import access_differences, read_text, write_text
from .rendered import HEADER, Rendered

_SECRET_MODE, _PUBLIC_MODE = 0o600, 0o644
_HIDDEN = "# a file that this module did not write\n"


@dataclass(frozen=True)
class Change:
    """One file that differs. wanted: None for one that has to go. before: its text now, None where there is none."""

    path: str
    wanted: Optional[Rendered]
    before: Optional[str]
    access: Sequence[str] = ()

    def diff(self) -> Dict[str, Any]:
        """Ansible's diff; of a file with secrets only that it changes."""
        secret = self.wanted.secret if self.wanted else "secret" in os.path.basename(self.path)
        prepared = "".join(f"{self.path}: {change}\n" for change in self.access)
        if secret and self.wanted and self.before == self.wanted.text:
            return {"prepared": prepared}
        if secret:
            done = "removed" if self.wanted is None else "changed" if self.before is not None else "created"
            return {"prepared": f"{prepared}{self.path}: secrets {done}\n"}
        before, after = self.before or "", self.wanted.text if self.wanted else ""
        shown = before if before.startswith(HEADER) or not before else _HIDDEN
        headers = {"before_header": self.path, "after_header": self.path}
        return {"before": shown, "after": after, "prepared": prepared, **headers}


def changes(folder: str, files: Sequence[Rendered], others: Sequence[str], owner: int) -> List[Change]:
    """What differs between the folder and the files.

    others: names that another set of options writes; such a file goes if the toolkit wrote it. owner: of the files.
    Raises InputError for a link, and OSError.
    """
    found = []
    for file in files:
        path = os.path.join(folder, file.name)
        before = _read(path)
        mode = _SECRET_MODE if file.secret else _PUBLIC_MODE
        access = access_differences(path, owner, mode) if before is not None else []
        if before != file.text or access:
            found.append(Change(path, file, before, access))
    names = {file.name for file in files}
    for name in sorted(set(others) - names):
        path = os.path.join(folder, name)
        before = _read(path)
        if before is not None and before.startswith(HEADER):
            found.append(Change(path, None, before))
    return found


def apply(found: Sequence[Change], owner: int) -> None:
    """Write what differs, the secrets first, since what uses them comes later. Raises OSError."""
    for change in sorted(found, key=lambda one: not (one.wanted and one.wanted.secret)):
        if change.wanted is None:
            os.unlink(change.path)
        else:
            write_text(change.path, change.wanted.text, owner, _SECRET_MODE if change.wanted.secret else _PUBLIC_MODE)


def _read(path: str) -> Optional[str]:
    try:
        seen = os.lstat(path)
    except FileNotFoundError:
        return None
    if not stat.S_ISREG(seen.st_mode):
        raise InputError(
            f"{path} is a link or no regular file, and is not written. Next: remove it, or name another folder"
        )
    return read_text(path)
