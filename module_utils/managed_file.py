# SPDX-License-Identifier: Apache-2.0
"""Files written whole or not at all, which only their owner may read unless another mode is asked for."""

from __future__ import annotations

import os
import stat
import tempfile
from typing import List, Optional

MODE = 0o600


def read_text(path: str) -> Optional[str]:
    """The file's text, None when there is no such file. Raises OSError otherwise."""
    try:
        with open(path, encoding="utf-8") as file:
            return file.read()
    except FileNotFoundError:
        return None


def access_differences(path: str, owner: int, mode: int = MODE) -> List[str]:
    """What about the existing file's owner (user id) and mode has to change, in words."""
    seen = os.stat(path)
    differences = []
    if seen.st_uid != owner:
        differences.append(f"owner {seen.st_uid} -> {owner}")
    if stat.S_IMODE(seen.st_mode) != mode:
        differences.append(f"mode {stat.S_IMODE(seen.st_mode):04o} -> {mode:04o}")
    return differences


def write_text(path: str, text: str, owner: int, mode: int = MODE) -> None:
    """Replace the file in one step; it has its mode and its owner (user id) from the first byte on. Raises OSError.

    The new file takes the old one's name, so a container that has the file itself (not its folder) bind-mounted goes on
    seeing the old one: mount the folder.
    """
    handle, temporary = tempfile.mkstemp(prefix=".rgwkit-", dir=os.path.dirname(path))
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            os.fchown(file.fileno(), owner, -1)
            os.fchmod(file.fileno(), mode)
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        os.replace(temporary, path)
    except BaseException:
        os.unlink(temporary)
        raise
