# SPDX-License-Identifier: Apache-2.0
"""Environments of Python with what a lock names, for programs that tests start."""

from __future__ import annotations

import hashlib
import subprocess
import sys

import pytest

from tests.playbooks import PROJECT


def python_of(lock: str) -> str:
    """The interpreter of the environment of requirements/LOCK.txt, made if it is missing or of another lock.

    Skips the test if the environment cannot be made.
    """
    file, folder = PROJECT / "requirements" / f"{lock}.txt", PROJECT / ".build" / lock
    stamp, python = folder / "lock.sha256", str(folder / "bin" / "python")
    wanted = hashlib.sha256(file.read_bytes()).hexdigest()
    if stamp.is_file() and stamp.read_text() == wanted:
        return python
    folder.parent.mkdir(exist_ok=True)
    for command in (
        [sys.executable, "-m", "venv", "--clear", str(folder)],
        [python, "-m", "pip", "install", "--quiet", "--require-hashes", "--requirement", str(file)],
    ):
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode:
            pytest.skip(f"the environment of {lock} cannot be made: {done.stderr[-300:]}")
    stamp.write_text(wanted)
    return python
