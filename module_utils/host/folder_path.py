# SPDX-License-Identifier: Apache-2.0
"""Ways to a folder that nobody but root (or who runs this) can have bent, and folders that are nobody's to take."""

from __future__ import annotations

import os
import pwd
import re
import stat
from collections import deque
from typing import List, Optional, Set

from ..base.errors import InputError, ToolError

__all__ = ["Way", "mount_points", "objection_to_place"]

_THROUGH = os.O_PATH | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
_MAX_LINKS = 40  # as the kernel: path_resolution(7)
# What the distribution and the kernel fill. Below /usr/local an administrator may.
_SYSTEM = ("/bin", "/boot", "/dev", "/lib", "/lib32", "/lib64", "/libx32", "/proc", "/sbin", "/sys", "/usr")
# Folders of which none directly below is to be had: hier(7), and homes.
_PARENTS = ("/", "/home", "/run/user", "/usr/local")
# hier(7) and FHS 3.0.
_PLACES = (
    *(
        f"/etc/{name}"
        for name in (
            "apt",
            "ceph",
            "containers",
            "cron.d",
            "default",
            "docker",
            "opt",
            "pam.d",
            "ssh",
            "ssl",
            "systemd",
        )
    ),
    *(f"/run/{name}" for name in ("dbus", "docker", "lock", "log", "systemd", "udev", "user")),
    *(
        f"/var/{name}"
        for name in ("backups", "cache", "crash", "lib", "local", "lock", "log", "mail", "opt", "run", "spool", "tmp")
    ),
    *(
        f"/var/lib/{name}"
        for name in ("apt", "ceph", "ceph/radosgw", "containerd", "containers", "docker", "dpkg", "systemd")
    ),
)


class Way:
    """The way to a folder, opened step by step from the root; a context manager.

    fd: a descriptor of the last folder that is there.
    missing: the parts of the path below that, which are not there yet.
    """

    def __init__(self, path: str) -> None:
        if not os.path.isabs(path):
            raise InputError(f"{path} is not an absolute path. Next: write the path from / on")
        self._given = path
        self._names: List[str] = []
        self.missing: List[str] = []
        self._links = 0
        self.fd = os.open("/", _THROUGH)
        try:
            self._go(path)
        except BaseException:
            self.close()
            raise

    def __enter__(self) -> Way:
        return self

    def __exit__(self, *_error: object) -> None:
        self.close()

    @property
    def path(self) -> str:
        """The folder's real path."""
        return "/" + "/".join(self._names + self.missing)

    def close(self) -> None:
        """Let go of the folder."""
        os.close(self.fd)

    def make(self, mode: int) -> None:
        """Make what is missing: the parents with mode 0755, the folder itself with the given one."""
        while self.missing:
            last = len(self.missing) == 1
            before = os.umask(0)
            try:
                os.mkdir(self.missing[0], mode if last else 0o755, dir_fd=self.fd)
            except FileExistsError:
                pass
            finally:
                os.umask(before)
            self._enter(self.missing[0])
            del self.missing[0]

    def _go(self, path: str) -> None:
        parts = deque(path.split("/"))
        while parts:
            name = parts.popleft()
            if name in ("", "."):
                continue
            if name == "..":
                self._leave()
            elif self.missing or not self._there(name):
                self.missing.append(name)
            elif stat.S_ISLNK(self._look(name).st_mode):
                parts.extendleft(reversed(self._follow(name)))
            else:
                self._enter(name)

    def _look(self, name: str) -> os.stat_result:
        return os.stat(name, dir_fd=self.fd, follow_symlinks=False)

    def _there(self, name: str) -> bool:
        try:
            self._look(name)
        except FileNotFoundError:
            return False
        return True

    def _leave(self) -> None:
        if self.missing:
            self.missing.pop()
        elif self._names:
            self._names.pop()
            self._step("..")

    def _enter(self, name: str) -> None:
        try:
            self._step(name)
        except NotADirectoryError as error:
            place = "/" + "/".join([*self._names, name])
            raise ToolError("open", self._given, f"{place} is not a folder", "Choose another folder.") from error
        self._names.append(name)

    def _step(self, name: str) -> None:
        further = os.open(name, _THROUGH, dir_fd=self.fd)
        os.close(self.fd)
        self.fd = further

    def _follow(self, name: str) -> List[str]:
        """The parts of a link's target; the way goes back to the root for an absolute one."""
        place, target = "/" + "/".join([*self._names, name]), os.readlink(name, dir_fd=self.fd)
        self._links += 1
        if self._links > _MAX_LINKS:
            raise ToolError("open", self._given, "its links form a circle", "Name the folder by its real path.")
        if not self._only_we_could_place(name):
            raise ToolError(
                "open",
                self._given,
                f"{place} is a link to {target} that another user than root can have placed",
                "Name the folder by its real path, or remove the link.",
            )
        if os.path.isabs(target):
            os.close(self.fd)
            self.fd = os.open("/", _THROUGH)
            self._names = []
        return target.split("/")

    def _only_we_could_place(self, name: str) -> bool:
        folder = os.fstat(self.fd)
        shut = not folder.st_mode & (stat.S_IWGRP | stat.S_IWOTH) or folder.st_mode & stat.S_ISVTX
        return bool(shut) and folder.st_uid in trusted() and self._look(name).st_uid in trusted()


def trusted() -> Set[int]:
    """The users whose links and marks count: root, and who runs this."""
    return {0, os.geteuid()}


def mount_points(table: str = "/proc/self/mountinfo") -> Set[str]:
    """Where something is mounted. proc(5): the fifth field, with blanks and the like as three octal digits."""
    with open(table, encoding="utf-8", errors="surrogateescape") as lines:
        fields = [line.split(" ")[4] for line in lines]
    return {re.sub(r"\\([0-7]{3})", lambda found: chr(int(found.group(1), 8)), field) for field in fields}


def objection_to_place(path: str) -> Optional[str]:
    """Why no role may have this folder (a real path) for its own; None when nothing speaks against it."""
    if os.path.dirname(path) in _PARENTS or path in _PARENTS + _PLACES:
        return "is the system's"
    if not path.startswith("/usr/local/") and any(f"{path}/".startswith(f"{own}/") for own in _SYSTEM):
        return "is the system's"
    if path in mount_points():
        return "is a mount point"
    owners = [entry.pw_name for entry in pwd.getpwall() if os.path.realpath(entry.pw_dir) == path]
    return f"is the home of the user {owners[0]}" if owners else None
