# SPDX-License-Identifier: Apache-2.0
"""How far mmdebstrap is with an image: a file on this host that tells what runs long, by mmdebstrap's own messages."""

from __future__ import annotations

import os
import re
import threading
from contextlib import suppress
from typing import Optional, Set

from ..base.errors import ToolError
from .play_lock import lock_folder, lock_folder_path

__all__ = ["Progress", "progress_of"]

_FILE = "image.progress"
_SECONDS = 1.0
_READ_BYTES = 1 << 20
# What mmdebstrap (0.7 to 1.5) says at the begin of a step; what the step does; whether dpkg installs packages in it.
_STEPS = (
    ("I: running apt-get update", "reading the package lists", False),
    ("I: downloading packages", "downloading the first packages", False),
    ("I: extracting archives", "unpacking the first packages", False),
    ("I: installing essential packages", "installing what every Debian system has", True),
    ("I: installing remaining packages", "downloading and installing the other packages", True),
    ("I: cleaning package lists", "removing what only the installation needs", False),
    ("I: creating tarball", "handing the file system over as an image", False),
)
# Without installed packages, two of them never come.
_STEPS_UNPACKED = tuple(step for step in _STEPS if not step[2])
_TEMPDIR = re.compile(r"^I: using (/\S+) as tempdir", re.MULTILINE)
_INSTALLED = re.compile(r"^\S+ \S+ status installed (\S+)", re.MULTILINE)


class Progress:
    """Keeps the file up to date from a thread, while it is entered. Nothing fails because the file cannot be written.

    name: the image. messages: descriptor of the file that mmdebstrap's messages go to. configure: see Recipe.
    """

    def __init__(self, name: str, messages: int, configure: bool) -> None:
        self._name, self._messages = name, messages
        self._steps = _STEPS if configure else _STEPS_UNPACKED
        self._packages: Set[str] = set()
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._path: Optional[str] = None

    def __enter__(self) -> Progress:
        with suppress(ToolError):
            self._path = os.path.join(lock_folder(), _FILE)
            self._thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._ended.set()
        if self._path:
            self._thread.join()
            with suppress(OSError):
                os.unlink(self._path)

    def text(self) -> str:
        """The step that runs, and for a step that installs packages their number; empty before the first step."""
        said = os.pread(self._messages, _READ_BYTES, 0).decode(errors="replace")
        begun = [number for number, step in enumerate(self._steps, 1) if step[0] in said]
        if not begun:
            return ""
        _message, what, installs = self._steps[begun[-1] - 1]
        root = _TEMPDIR.search(said)
        # From the first step on, since what is installed leaves no file.
        known = self._known_packages(root[1]) if root else 0
        counted = f", {_installed(root[1])} of {known} so far" if root and installs and known else ""
        return f"step {begun[-1]} of {len(self._steps)}: {what}{counted}"

    def _known_packages(self, root: str) -> int:
        with suppress(OSError):
            names = os.listdir(os.path.join(root, "var/cache/apt/archives"))
            self._packages.update(name for name in names if name.endswith(".deb"))
        return len(self._packages)

    def _run(self) -> None:
        while not self._ended.wait(_SECONDS):
            with suppress(OSError):
                _write(str(self._path), f"{self._name}\n{self.text()}\n")


def progress_of(task: str) -> str:
    """How far the image is that a task of this name makes on this host as this user, empty where nothing is known."""
    folder = lock_folder_path()
    try:
        if os.lstat(folder).st_uid != os.geteuid():  # below the temporary folder, somebody else may have been first
            return ""
        with open(os.path.join(folder, _FILE), encoding="utf-8") as file:
            name, _newline, text = file.read().partition("\n")
    except (OSError, ValueError):
        return ""
    return text.strip() if name and name in task else ""


def _installed(root: str) -> int:
    try:
        with open(os.path.join(root, "var/log/dpkg.log"), encoding="utf-8", errors="replace") as file:
            return len(set(_INSTALLED.findall(file.read())))
    except OSError:
        return 0


def _write(path: str, text: str) -> None:
    with open(f"{path}.new", "w", encoding="utf-8") as file:
        file.write(text)
    os.replace(f"{path}.new", path)
