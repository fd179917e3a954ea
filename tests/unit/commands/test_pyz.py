# SPDX-License-Identifier: Apache-2.0
"""The commands as single files: what they hold is enough, and nothing of Ansible or of this clone is asked for."""

from __future__ import annotations

import shutil
import subprocess
import sys

import pytest

from tests.playbooks import PROJECT


def works(python):
    """Whether this machine has that Python; a shim may be there without one behind it."""
    found = shutil.which(python)
    return found and subprocess.run([found, "-c", ""], capture_output=True, check=False).returncode == 0


# The oldest Python that the commands promise, where this machine has one.
PYTHONS = [name for name in ("python3.8", "python3") if works(name)]


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A folder with nothing but the files."""
    folder = tmp_path_factory.mktemp("pyz")
    subprocess.run([sys.executable, PROJECT / "scripts/pyz", folder], check=True, capture_output=True)
    return folder


def run(folder, python, *command):
    """Run a file with a Python that looks for modules nowhere but in the file and its own library."""
    argv = [python, "-I", "-S", *map(str, command)]
    return subprocess.run(argv, cwd=folder, capture_output=True, text=True, timeout=60, check=False)


@pytest.mark.parametrize("python", PYTHONS)
def test_the_doctor_runs(folder, python):
    listed = run(folder, python, folder / "rgwkit-doctor.pyz", "--list")
    assert listed.returncode == 0 and "head-empty-manifest" in listed.stdout, listed.stderr
    (folder / "key").write_text("secret-of-nobody")
    (folder / "key").chmod(0o600)
    asked = ["--endpoint", "http://127.0.0.1:1", "--user", "a:b", "--secret-file", "key", "--probe", "auth"]
    refused = run(folder, python, folder / "rgwkit-doctor.pyz", *asked)
    assert refused.returncode == 2 and "refused" in refused.stdout, refused.stderr


@pytest.mark.parametrize("python", PYTHONS)
def test_the_lint_runs(folder, python):
    (folder / "config.yml").write_text("version: 0.1\nstorage: {filesystem: {}}\nhttp: {addr: 5000}\n")
    linted = run(folder, python, folder / "registry-lint.pyz", "config.yml")
    assert linted.returncode == 1 and "http.addr" in linted.stdout, linted.stderr


@pytest.mark.parametrize("python", PYTHONS)
def test_the_lint_of_sregistry_s_settings_runs(folder, python):
    (folder / "sregistry.env").write_text("SREGSITRY_SWIFT_URL=http://gateway\n")
    linted = run(folder, python, folder / "client-lint.pyz", "sregistry.env")
    assert linted.returncode == 1 and "SREGSITRY_SWIFT_URL" in linted.stdout, linted.stderr
