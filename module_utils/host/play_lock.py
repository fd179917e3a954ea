# SPDX-License-Identifier: Apache-2.0
"""A lock on a host that outlives the module which takes it: a file that says which play has it, and since when.

Reading and changing the file happen under flock(2) on a second file, so that of two plays only one can have the lock,
also where both see the lock of a play that is over.
"""

from __future__ import annotations

import fcntl
import json
import os
import stat
import tempfile
import time
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from typing import Iterator, Optional

from ..base.errors import ToolError

ROOT_FOLDER = "/run/rgwkit"
# pam_systemd(8) makes a folder for each user with a login, the value of XDG_RUNTIME_DIR; a play by cron sees it, too.
USER_FOLDERS = "/run/user"


@dataclass
class Holder:
    """play: the name of the play's process. about: for people. since: seconds since 1970. depth: how often taken."""

    play: str
    about: str
    since: float
    depth: int = 1


def lock_folder_path() -> str:
    """Where locks of this user are: below /run, which does not outlive a boot.

    A user without a folder there has one below the temporary folder.
    """
    user = os.geteuid()
    if user == 0:
        return ROOT_FOLDER
    own = os.path.join(USER_FOLDERS, str(user))
    if os.access(own, os.W_OK):
        return os.path.join(own, "rgwkit")
    return os.path.join(tempfile.gettempdir(), f"rgwkit-{user}")


def lock_folder() -> str:
    """The same folder, made where it is missing. Raises ToolError where somebody else could put something there."""
    user, folder = os.geteuid(), lock_folder_path()
    try:
        os.makedirs(folder, 0o700, exist_ok=True)
        seen = os.lstat(folder)
    except OSError as error:
        raise ToolError(
            "create", f"the folder {folder}", error.strerror or str(error), "Check the parent folder's permissions."
        ) from error
    if not stat.S_ISDIR(seen.st_mode) or seen.st_uid != user or seen.st_mode & 0o022:
        raise ToolError("use", folder, "it is not a folder that only this user may write to", f"Remove {folder}.")
    return folder


class PlayLock:
    """The lock called `name` on this host."""

    def __init__(self, name: str) -> None:
        self.path = os.path.join(lock_folder(), f"{name}.lock")

    def take(self, play: str, about: str, instead_of: str = "") -> Holder:
        """Take the lock for `play` if it is free, its own or held by `instead_of`; who has it now. Raises ToolError."""
        with self._alone():
            seen = self._read()
            if seen is not None and seen.play not in (play, instead_of):
                return seen
            depth = seen.depth + 1 if seen is not None and seen.play == play else 1
            taken = Holder(play, about, time.time(), depth)
            self._write(taken)
            return taken

    def release(self, play: str, whole: bool = False) -> Optional[Holder]:
        """Undo one take, or with `whole` all; who has the lock then. A lock of another play stays. Raises ToolError."""
        with self._alone():
            seen = self._read()
            if seen is None or seen.play != play:
                return seen
            seen.depth = 0 if whole else seen.depth - 1
            if seen.depth > 0:
                self._write(seen)
                return seen
            os.unlink(self.path)
            return None

    def holder(self) -> Optional[Holder]:
        """Who has the lock. Raises ToolError."""
        with self._alone():
            return self._read()

    @contextmanager
    def _alone(self) -> Iterator[None]:
        try:
            handle = os.open(f"{self.path}.guard", os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
        except OSError as error:
            raise ToolError(
                "open", f"{self.path}.guard", error.strerror or str(error), "Check the file's permissions."
            ) from error
        try:
            fcntl.flock(handle, fcntl.LOCK_EX)
            yield
        except OSError as error:
            raise ToolError(
                "read or write", self.path, error.strerror or str(error), "Check the file and the disk's free space."
            ) from error
        finally:
            os.close(handle)

    def _read(self) -> Optional[Holder]:
        try:
            with open(self.path, encoding="utf-8") as file:
                return Holder(**json.load(file))
        except FileNotFoundError:
            return None
        except (ValueError, TypeError) as error:
            raise ToolError(
                "read", self.path, "the file holds something else than a lock", "Remove the file."
            ) from error

    def _write(self, holder: Holder) -> None:
        aside = f"{self.path}.new"
        with open(aside, "w", encoding="utf-8") as file:
            json.dump(asdict(holder), file)
        os.replace(aside, self.path)
