# SPDX-License-Identifier: Apache-2.0
"""Folders of the toolkit's own: made and marked, and removed with what the toolkit wrote, never with anything else.

The mark is a file that says whose the folder is: the inventory's home. Who may read the mark may read the folder. One
without a home is of a release that wrote none.
"""

from __future__ import annotations

import json
import os
import stat
from contextlib import suppress
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import Dict, List, Optional, Tuple

from ..base.errors import ToolError
from .folder_path import Way, mount_points, objection_to_place, trusted

__all__ = ["MARK", "Outcome", "Owned", "ensure", "mark_of", "remove"]

MARK = ".rgwkit"
_READ = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC


@dataclass(frozen=True)
class Owned:
    """What is wanted of a folder.

    home: whose it is to be. takeover: whether another home's mark is replaced.
    owner, group: their ids. exclusive: whether nothing of anybody else may be in there, and access is kept as wanted.
    legacy: a file of this name, of a trusted user, is as good as a mark; releases that marked nothing have written it.
    """

    path: str
    home: str
    takeover: bool = False
    owner: int = 0
    group: int = 0
    mode: int = 0o700
    exclusive: bool = True
    legacy: str = ""


@dataclass
class Outcome:
    """changes: what differed, in words. left: what stays, since the toolkit did not write it."""

    changes: List[str] = field(default_factory=list)
    left: List[str] = field(default_factory=list)


def ensure(want: Owned, check_mode: bool) -> Outcome:
    """Make the folder, its mark and its access as wanted. Raises ToolError, OSError."""
    with Way(want.path) as way:
        _refuse_place(way.path)
        if way.missing:
            missing = list(way.missing)
            if not check_mode:
                way.make(want.mode)
                _settle(way, want)
            return Outcome(["made " + "/".join(missing)])
        with _Folder(way) as folder:
            changes = _mark_changes(folder, want) + (folder.access_changes(want) if want.exclusive else [])
        if changes and not check_mode:
            _settle(way, want)
        return Outcome(changes)


def remove(want: Owned, contents: List[str], check_mode: bool) -> Outcome:
    """Remove what the patterns in contents name, and the folder when nothing else is in it.

    contents: names below the folder, with * and ?; one that ends in / means a folder with all that is in it.
    Raises ToolError for a folder of another home, OSError.
    """
    with Way(want.path) as way:
        if way.missing:
            return Outcome()
        _refuse_place(way.path)
        with _Folder(way) as folder:
            mark = folder.mark(want.legacy)
            if mark is None and want.exclusive:
                return Outcome(left=sorted(folder.names()))
            _refuse_other(way.path, mark or "", want)
            gone, left = _Removal(folder.fd, way.path, contents, check_mode).run()
            if not left and not check_mode:
                with suppress(FileNotFoundError):
                    os.unlink(MARK, dir_fd=folder.fd)
        if not left:
            gone.append(way.path)
            if not check_mode:
                _remove_empty(way.path)
        return Outcome([f"removed {name}" for name in gone], left)


def mark_of(path: str, legacy: str = "") -> Tuple[bool, Optional[str]]:
    """Whether the folder has content, and the home that its mark names. Raises ToolError, OSError."""
    with Way(path) as way:
        if way.missing:
            return False, None
        with _Folder(way) as folder:
            return bool(folder.names()), folder.mark(legacy)


class _Folder:
    """An open folder that is there; a context manager."""

    def __init__(self, way: Way) -> None:
        self.path = way.path
        self.fd = os.open(".", _READ, dir_fd=way.fd)

    def __enter__(self) -> _Folder:
        return self

    def __exit__(self, *_error: object) -> None:
        os.close(self.fd)

    def names(self) -> List[str]:
        return os.listdir(self.fd)

    def mark(self, legacy: str) -> Optional[str]:
        """The home that the mark names, empty for one that names none; None without a mark that counts."""
        text = _trusted_text(MARK, self.fd)
        if text is not None:
            return _home_of(text)
        return "" if legacy and self._is_trusted(legacy) else None

    def _is_trusted(self, name: str) -> bool:
        try:
            seen = os.stat(name, dir_fd=self.fd, follow_symlinks=False)
        except FileNotFoundError:
            return False
        return seen.st_uid in trusted() and not stat.S_ISLNK(seen.st_mode)

    def access_changes(self, want: Owned) -> List[str]:
        seen = os.fstat(self.fd)
        pairs: Dict[str, Tuple[str, str]] = {
            "owner": (str(seen.st_uid), str(want.owner)),
            "group": (str(seen.st_gid), str(want.group)),
            "mode": (f"{stat.S_IMODE(seen.st_mode):04o}", f"{want.mode:04o}"),
        }
        return [f"{name} {before} -> {after}" for name, (before, after) in pairs.items() if before != after]


class _Removal:
    """Removes what patterns name below a folder; what others mounted or placed there is left."""

    def __init__(self, fd: int, path: str, patterns: List[str], check_mode: bool) -> None:
        self._fd, self._path, self._check_mode = fd, path, check_mode
        self._trees = [pattern.rstrip("/") for pattern in patterns if pattern.endswith("/")]
        self._files = [pattern for pattern in patterns if not pattern.endswith("/")]
        self._mounts = mount_points()
        self._gone: List[str] = []
        self._left: List[str] = []

    def run(self) -> Tuple[List[str], List[str]]:
        """The names that are gone, and those that are left."""
        self._empty(self._fd, "", False)
        return self._gone, self._left

    def _empty(self, fd: int, below: str, all_of_it: bool) -> bool:
        """Whether nothing is left in the folder that fd is."""
        left = 0
        for name in sorted(os.listdir(fd)):
            place = below + name
            if place != MARK:
                left += not self._one(fd, name, place, all_of_it or _fits(place, self._trees))
        return left == 0

    def _one(self, fd: int, name: str, place: str, all_of_it: bool) -> bool:
        """Whether this entry is gone."""
        seen = os.stat(name, dir_fd=fd, follow_symlinks=False)
        if stat.S_ISDIR(seen.st_mode):
            return self._folder(fd, name, place, all_of_it)
        if all_of_it or _fits(place, self._files):
            if not self._check_mode:
                os.unlink(name, dir_fd=fd)
            self._gone.append(place)
            return True
        self._left.append(place)
        return False

    def _folder(self, fd: int, name: str, place: str, all_of_it: bool) -> bool:
        # One that no pattern leads into is somebody's, whatever is in it.
        if f"{self._path}/{place}" in self._mounts or not (all_of_it or self._leads_into(place)):
            self._left.append(f"{place}/")
            return False
        further = os.open(name, _READ, dir_fd=fd)
        try:
            empty = self._empty(further, f"{place}/", all_of_it)
        finally:
            os.close(further)
        if empty:
            if not self._check_mode:
                os.rmdir(name, dir_fd=fd)
            self._gone.append(f"{place}/")
        return empty

    def _leads_into(self, place: str) -> bool:
        depth = place.count("/") + 1
        return any(
            _fits(place, ["/".join(pattern.split("/")[:depth])])
            for pattern in self._trees + self._files
            if pattern.count("/") >= depth
        )


def _fits(place: str, patterns: List[str]) -> bool:
    """Whether a name fits a pattern, part by part: * stands for no /."""
    parts = place.split("/")
    return any(
        len(parts) == pattern.count("/") + 1 and all(map(fnmatchcase, parts, pattern.split("/")))
        for pattern in patterns
    )


def _refuse_place(path: str) -> None:
    objection = objection_to_place(path)
    if objection:
        raise ToolError(
            "use", path, f"the folder {objection}, and the toolkit needs one of its own", "Name a folder below it."
        )


def _refuse_other(path: str, mark: str, want: Owned) -> None:
    if mark and mark != want.home and not want.takeover:
        raise ToolError(
            "use",
            path,
            f"the folder is not this inventory's ({want.home}): its mark {MARK} says that it is of {mark}",
            "Run this from there, choose another folder, or take this one over with -e rgwkit_takeover=true.",
        )


def _mark_changes(folder: _Folder, want: Owned) -> List[str]:
    """What has to change about the mark of a folder that is there. Raises ToolError where it may not."""
    mark = folder.mark(want.legacy)
    if mark is not None:
        _refuse_other(folder.path, mark, want)
        return [] if mark == want.home else [f"mark {mark or 'without a home'} -> {want.home}"]
    inside = sorted(folder.names())
    if inside and want.exclusive:
        some = ", ".join(inside[:5]) + (", ..." if len(inside) > 5 else "")
        raise ToolError(
            "use",
            folder.path,
            f"the folder has content ({some}) and no mark {MARK} of this toolkit",
            "Choose another folder or an empty one; if an earlier release of the toolkit created the folder, put an "
            f"empty file {MARK} there.",
        )
    return [f"mark -> {want.home}"]


def _settle(way: Way, want: Owned) -> None:
    """Mark and access, on the open folder itself."""
    with _Folder(way) as folder:
        if folder.mark("") != want.home:
            _write_mark(folder.fd, want.home)
        if want.exclusive and folder.access_changes(want):
            # chown clears bits of the mode, so it goes first.
            os.fchown(folder.fd, want.owner, want.group)
            os.fchmod(folder.fd, want.mode)


def _write_mark(fd: int, home: str) -> None:
    temporary = f"{MARK}-{os.getpid()}"
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
    with os.fdopen(os.open(temporary, flags, 0o600, dir_fd=fd), "w", encoding="utf-8") as file:
        file.write(json.dumps({"home": home}) + "\n")
    os.rename(temporary, MARK, src_dir_fd=fd, dst_dir_fd=fd)


def _trusted_text(name: str, fd: int) -> Optional[str]:
    """The text of a regular file that a trusted user owns."""
    try:
        handle = os.open(name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC, dir_fd=fd)
    except OSError:
        return None
    with os.fdopen(handle, encoding="utf-8", errors="replace") as file:
        seen = os.fstat(file.fileno())
        return file.read(65536) if stat.S_ISREG(seen.st_mode) and seen.st_uid in trusted() else None


def _home_of(text: str) -> str:
    try:
        return str(json.loads(text)["home"])
    except (ValueError, KeyError, TypeError):
        return ""


def _remove_empty(path: str) -> None:
    """The folder, and the toolkit's common one above it if that was the last."""
    above, name = os.path.split(path)
    with Way(above) as way:
        os.rmdir(name, dir_fd=way.fd)
    if os.path.basename(above) == "rgwkit":
        with suppress(OSError):
            _remove_empty(above)
