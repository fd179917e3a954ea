# SPDX-License-Identifier: Apache-2.0
"""The folders themselves, below a folder of the toolkit's own, whose mark no container can reach."""

from __future__ import annotations

import os
import stat
from contextlib import contextmanager, suppress
from typing import Iterable, Iterator, List, Optional

from ...base.errors import ToolError
from ..folder_path import Way
from ..owned_folder import Outcome, Owned, ensure, mark_of, remove
from .plan import Access

__all__ = ["Folders"]

_READ = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC


class Folders:
    """own: the folder that has the others, with the mark. check_mode: nothing is changed."""

    def __init__(self, own: Owned, check_mode: bool) -> None:
        self._own, self._check_mode = own, check_mode

    def present(self, wanted: Iterable[tuple[str, Optional[Access], bool]]) -> List[str]:
        """What was changed, in words. wanted: name, access (None where it is not known yet), hand over.

        Raises ToolError, before anything is changed, for a folder that is somebody else's; OSError.
        """
        ensure(self._own, True)
        planned = [(*one, self._changes(*one)) for one in wanted]
        changes = ensure(self._own, self._check_mode).changes
        for name, access, hand_over, differs in planned:
            if differs and access and not self._check_mode:
                self._settle(name, access, hand_over)
            changes += [f"{name}: {change}" for change in differs]
        return changes

    def absent(self, names: Iterable[str], with_data: bool) -> Outcome:
        """Remove the folders, those with content only with_data, and then the one that has them.

        Raises ToolError for a folder of another inventory; OSError.
        """
        names = list(names)
        if with_data:
            return remove(self._own, [f"{name}/" for name in names], self._check_mode)
        empty = [name for name in names if self._is_empty(name)] if self._is_ours() else []
        if self._check_mode:
            return remove(self._own, [f"{name}/" for name in empty], True)
        gone = [name for name in empty if self._removed(name)]
        done = remove(self._own, [], False)
        return Outcome([f"removed {name}/" for name in gone] + done.changes, done.left)

    def _changes(self, name: str, access: Optional[Access], hand_over: bool) -> List[str]:
        with self._opened(name) as fd:
            if fd is None:
                return [f"created for {access.uid}:{access.gid}, mode {access.mode:04o}" if access else "created"]
            if access is None:
                return []
            seen = os.fstat(fd)
            if seen.st_uid != access.uid and not hand_over and os.listdir(fd):
                raise ToolError(
                    "give",
                    f"{self._own.path}/{name} to user {access.uid}",
                    f"the folder has content, and is user {seen.st_uid}'s",
                    "Set hand_over to give that user's files to the new one, or set user of the container.",
                )
            pairs = (
                ("owner", str(seen.st_uid), str(access.uid)),
                ("group", str(seen.st_gid), str(access.gid)),
                ("mode", f"{stat.S_IMODE(seen.st_mode):04o}", f"{access.mode:04o}"),
            )
            return [f"{word} {before} -> {after}" for word, before, after in pairs if before != after]

    def _settle(self, name: str, access: Access, hand_over: bool) -> None:
        with Way(self._own.path) as way, suppress(FileExistsError):
            os.mkdir(name, 0o700, dir_fd=way.fd)
        with self._opened(name) as fd:
            if fd is None:
                raise ToolError("create", f"{self._own.path}/{name}", "the folder has gone again", "Run this again.")
            seen = os.fstat(fd)
            # The folder comes last, so that a run after an interrupted one goes on.
            if hand_over and (seen.st_uid, seen.st_gid) != (access.uid, access.gid):
                _hand_over(fd, seen.st_uid, access)
            os.fchown(fd, access.uid, access.gid)  # clears bits of the mode, so the mode comes next
            os.fchmod(fd, access.mode)
        left = self._changes(name, access, True)
        if left:
            hint = "The file system may not keep owners or modes (vfat, or NFS with root_squash): use another one."
            raise ToolError("set the access of", f"{self._own.path}/{name}", f"{', '.join(left)} remains", hint)

    @contextmanager
    def _opened(self, name: str) -> Iterator[Optional[int]]:
        """The folder, None where it is missing. Raises ToolError for a link and for what is no folder."""
        with Way(self._own.path) as way:
            fd = None if way.missing else self._open(name, way.fd)
        try:
            yield fd
        finally:
            if fd is not None:
                os.close(fd)

    def _open(self, name: str, above: int) -> Optional[int]:
        try:
            return os.open(name, _READ, dir_fd=above)
        except FileNotFoundError:
            return None
        except OSError as error:
            seen = os.stat(name, dir_fd=above, follow_symlinks=False)
            if stat.S_ISDIR(seen.st_mode):
                raise
            kind = "a link" if stat.S_ISLNK(seen.st_mode) else "no folder"
            hint = "Remove it, or choose another name."
            raise ToolError("use", f"{self._own.path}/{name}", f"it is {kind}", hint) from error

    def _is_ours(self) -> bool:
        mark = mark_of(self._own.path)[1]
        return mark is not None and (mark in ("", self._own.home) or self._own.takeover)

    def _is_empty(self, name: str) -> bool:
        with self._opened(name) as fd:
            return fd is not None and not os.listdir(fd)

    def _removed(self, name: str) -> bool:
        """Whether the folder was still empty."""
        with Way(self._own.path) as way:
            try:
                os.rmdir(name, dir_fd=way.fd)
            except OSError:
                return False
        return True


def _hand_over(fd: int, before: int, access: Access) -> None:
    """Give what the owner before has below an open folder to the new one. Other file systems, and links, stay."""
    device = os.fstat(fd).st_dev
    for name in os.listdir(fd):
        seen = os.stat(name, dir_fd=fd, follow_symlinks=False)
        if seen.st_dev != device:
            continue
        if stat.S_ISDIR(seen.st_mode):
            further = os.open(name, _READ, dir_fd=fd)
            try:
                _hand_over(further, before, access)
            finally:
                os.close(further)
        if seen.st_uid == before:
            os.chown(name, access.uid, access.gid, dir_fd=fd, follow_symlinks=False)
