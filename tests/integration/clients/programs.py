# SPDX-License-Identifier: Apache-2.0
"""Real programs for the tests of this folder, none of which is installed on the machine by them."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path


def debian_program(name: str, folder: Path) -> Path:
    """A program of the Debian package with its name: the installed one, or one unpacked below the folder.

    A program that is linked statically needs nothing else of its package.
    """
    installed = shutil.which(name)
    if installed:
        return Path(installed)
    subprocess.run(["apt-get", "-q", "download", name], cwd=folder, check=True, capture_output=True)
    (package,) = folder.glob(f"{name}_*.deb")
    subprocess.run(["dpkg-deb", "-x", package, folder / name], check=True)
    return folder / name / "usr" / "bin" / name


def python_programs(folder: Path, *requirements: str, alone: str = "") -> Path:
    """The folder with the commands of packages from PyPI, in a virtual environment of their own.

    alone: a package whose own requirements are not installed, but for those that are named.
    """
    # Debian's own interpreter, as other accounts may not enter the folder of one that root has built.
    subprocess.run(["/usr/bin/python3", "-m", "venv", "--without-pip", folder], check=True)
    pip = [sys.executable, "-m", "pip", "--python", folder / "bin" / "python", "install", "--quiet"]
    subprocess.run([*pip, *requirements], check=True, capture_output=True)
    if alone:
        subprocess.run([*pip, "--no-deps", alone], check=True, capture_output=True)
    return folder / "bin"


def shell(*lines: str, path: Path | None = None, stdin: str = "", code: int = 0, **environment: str) -> str:
    """Run lines as a person types them in a new login, with a folder of programs before the machine's; what they print.

    environment: besides PATH and HOME, there is nothing in it.
    """
    before = f"{path}:" if path else ""
    variables = {"PATH": f"{before}/usr/sbin:/usr/bin:/sbin:/bin", "HOME": "/nonexistent", **environment}
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", "\n".join(lines)],
        env=variables,
        input=stdin,
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert done.returncode == code, f"{done.stdout}\n{done.stderr}"
    return done.stdout + done.stderr
