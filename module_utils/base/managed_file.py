# SPDX-License-Identifier: Apache-2.0
"""Files written whole or not at all, which only their owner may read unless another mode is asked for."""

from __future__ import annotations

import contextlib
import errno
import os
import secrets
import stat
import tempfile
from typing import Any, List, Optional

MODE = 0o600
_PREFIX = ".rgwkit-"
# What a file system answers that has no files without a name; kernels before 3.11 take the folder for the file.
_NAMELESS_UNKNOWN = (errno.EOPNOTSUPP, errno.EISDIR, errno.EINVAL)


def read_text(path: str) -> Optional[str]:
    """The file's text, None when there is no such file. Raises OSError otherwise."""
    try:
        with open(path, encoding="utf-8") as file:
            return file.read()
    except FileNotFoundError:
        return None


def access_differences(path: str, owner: int, mode: int = MODE, group: int = -1) -> List[str]:
    """What about the existing file's owner, group (ids; -1: any) and mode has to change, in words."""
    seen = os.stat(path)
    differences = []
    if seen.st_uid != owner:
        differences.append(f"owner {seen.st_uid} -> {owner}")
    if group not in (-1, seen.st_gid):
        differences.append(f"group {seen.st_gid} -> {group}")
    if stat.S_IMODE(seen.st_mode) != mode:
        differences.append(f"mode {stat.S_IMODE(seen.st_mode):04o} -> {mode:04o}")
    return differences


class NewFile:
    """A file of mode 0600 that has no name until it is whole, so that a run which is killed leaves nothing of it.

    Where the file system has no nameless files, it has a temporary name in its folder. All methods raise OSError.
    """

    def __init__(self, folder: str) -> None:
        self._folder = folder
        self._temporary: Optional[str] = None
        try:
            self.descriptor = os.open(folder, os.O_TMPFILE | os.O_RDWR | os.O_CLOEXEC, MODE)
        except OSError as error:
            if error.errno not in _NAMELESS_UNKNOWN:
                raise
            self.descriptor, self._temporary = tempfile.mkstemp(prefix=_PREFIX, dir=folder)
        os.fchmod(self.descriptor, MODE)  # whatever the umask

    def __enter__(self) -> NewFile:
        return self

    def __exit__(self, *_raised: Any) -> None:
        os.close(self.descriptor)
        if self._temporary is not None:
            with contextlib.suppress(FileNotFoundError):
                os.unlink(self._temporary)

    def write(self, text: str) -> None:
        """Write the whole text, in UTF-8."""
        with os.fdopen(os.dup(self.descriptor), "wb") as file:
            file.write(text.encode("utf-8"))

    def sync(self) -> None:
        """Have it on disk."""
        os.fsync(self.descriptor)

    def link(self, path: str) -> None:
        """Give it its name, in its folder. Raises FileExistsError where there is something of that name."""
        if self._temporary is not None:
            os.link(self._temporary, path)
            return
        # As open(2) does it without a privilege; Python follows the link only where a folder is given by descriptor.
        own = os.open("/proc/self/fd", os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.link(str(self.descriptor), path, src_dir_fd=own, follow_symlinks=True)
        finally:
            os.close(own)

    def replace(self, path: str) -> None:
        """Give it its name, in its folder, in place of what may have that name."""
        if self._temporary is None:
            try:
                self.link(path)
                return
            except FileExistsError:
                # A name can only be taken over by another name, which stands for the moment between two calls.
                temporary = os.path.join(self._folder, _PREFIX + secrets.token_hex(4))
                self.link(temporary)
                self._temporary = temporary
        os.replace(self._temporary, path)
        self._temporary = None


def write_text(path: str, text: str, owner: int, mode: int = MODE, group: int = -1) -> None:
    """Replace the file in one step; it has its mode, owner and group (ids) from the first byte on. Raises OSError.

    The new file takes the old one's name, so a container that has the file itself (not its folder) bind-mounted goes on
    seeing the old one: mount the folder.
    """
    with NewFile(os.path.dirname(path)) as file:
        os.fchown(file.descriptor, owner, group)
        os.fchmod(file.descriptor, mode)
        file.write(text)
        file.sync()
        file.replace(path)
