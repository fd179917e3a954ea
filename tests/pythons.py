# SPDX-License-Identifier: Apache-2.0
"""The Pythons of this machine."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

VERSION = "import sys, venv; print('%d.%d' % sys.version_info[:2])"


def interpreter_of(python: str) -> str:
    """The path of a Python such as "3.12" on the PATH or among pyenv's; empty if this machine has none."""
    own = Path.home().glob(f".pyenv/versions/{python}.*/bin/python{python}")
    for candidate in [shutil.which(f"python{python}") or "", *map(str, own)]:
        if not candidate:
            continue
        done = subprocess.run([candidate, "-c", VERSION], capture_output=True, text=True)
        if done.stdout.strip() == python:
            return candidate
    return ""
