# SPDX-License-Identifier: Apache-2.0
"""The Pythons of this machine, and those of a container."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

from tests.playbooks import PROJECT, run_playbook
from tests.pypi import CERTIFICATES, PIP_ENVIRONMENT

IMAGES = Path(__file__).parent / "acceptance" / "cores" / "python.yml"
# Those of Debian testing.
IN_CONTAINERS = ("3.14", "3.15")
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


def in_container(python: str) -> list[str]:
    """The words that run a command in a container with this Python; empty if Debian testing does not have it.

    The container sees this project under the same path, and reaches PyPI as this machine does.
    """
    if python not in IN_CONTAINERS:
        return []
    made = run_playbook(IMAGES, python=python)
    assert made.code == 0, made.output[-4000:]
    # Some tests mount file systems.
    rights = ["--cap-add=SYS_ADMIN", "--security-opt=apparmor=unconfined"]
    options = [*PIP_ENVIRONMENT, CERTIFICATES, *rights, f"--volume={PROJECT}:{PROJECT}", f"--workdir={PROJECT}"]
    return ["docker", "run", "--rm", "--network=host", *options, f"rgwkit-test/python:{python}"]
