# SPDX-License-Identifier: Apache-2.0
"""The wheel of the plain commands, built and installed as a user does, and the hooks that pre-commit installs from it.

Needs a package index: pip builds the wheel in an environment of its own.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import zipfile
from email import message_from_string
from pathlib import Path

import pytest

from commands.version import VERSION
from tests.playbooks import BIN, PROJECT

BAD = """\
version: 0.1
storage: {inmemory: , redirect: {disable: true}}
http: {addr: ":5000", secret: s}
log: {level: x}
"""
COMMANDS = ["rgwkit-doctor", "registry-lint", "client-lint"]


def run(*command: str | Path, cwd: Path, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run a command that sees nothing of this project's Python."""
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    return subprocess.run(
        [str(word) for word in command],
        cwd=cwd,
        env={**environment, **variables},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    built = run(
        sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--wheel-dir", folder, PROJECT, cwd=folder
    )
    assert built.returncode == 0, built.stderr
    [path] = folder.iterdir()
    return path


@pytest.fixture(scope="module")
def installed(wheel: Path) -> Path:
    """The programs' folder of a new virtual environment with the wheel."""
    folder = wheel.parent.parent / "installed"
    for command in (
        [sys.executable, "-m", "venv", folder],
        [folder / "bin/pip", "install", "--quiet", "--disable-pip-version-check", wheel],
    ):
        done = run(*command, cwd=wheel.parent)
        assert done.returncode == 0, done.stderr
    return folder / "bin"


def test_the_wheel_says_what_it_is(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        folder = f"rgwkit_doctor-{VERSION}.dist-info"
        metadata = message_from_string(archive.read(f"{folder}/METADATA").decode())
        names = archive.namelist()
    assert (metadata["Name"], metadata["Version"], metadata["Requires-Python"]) == ("rgwkit-doctor", VERSION, ">=3.8")
    assert metadata.get_all("Requires-Dist") == ["pyyaml>=5.1"]
    assert metadata["License-Expression"] == "Apache-2.0" and f"{folder}/licenses/LICENSE" in names
    assert "registry-lint" in metadata.get_payload()
    # Nothing beside its own package, and of the engine no room that the commands do not know.
    assert {name.partition("/")[0] for name in names} == {"rgwkit_doctor", folder}
    rooms = {match[1] for match in (re.match("rgwkit_doctor/module_utils/(\\w+)/", name) for name in names) if match}
    assert rooms == {"base", "http", "s3", "keystone", "doctor", "registry", "clients"}


def test_it_holds_what_the_single_files_hold(wheel: Path, tmp_path: Path) -> None:
    subprocess.run([sys.executable, PROJECT / "scripts/pyz", tmp_path], check=True, capture_output=True)
    single = {
        name
        for path in tmp_path.glob("*.pyz")
        for name in zipfile.ZipFile(path).namelist()
        if name.startswith(("commands/", "module_utils/")) and name.endswith(".py")
    }
    packed = {name for name in zipfile.ZipFile(wheel).namelist() if name.endswith(".py")}
    assert packed == {f"rgwkit_doctor/{name}" for name in single} | {"rgwkit_doctor/__init__.py"}


@pytest.mark.parametrize("command", COMMANDS)
def test_the_commands_run(installed: Path, tmp_path: Path, command: str) -> None:
    version = run(installed / command, "--version", cwd=tmp_path)
    assert (version.returncode, version.stdout) == (0, f"{command} {VERSION}\n"), version.stderr
    told = run(installed / command, "--help", cwd=tmp_path)
    assert told.returncode == 0 and told.stdout.startswith(f"usage: {command} "), told.stderr


def test_the_doctor_looks_at_a_gateway(installed: Path, tmp_path: Path) -> None:
    asked = [
        "--endpoint",
        "http://127.0.0.1:1",
        "--user",
        "a:b",
        "--secret-env",
        "KEY",
        "--html",
        "page.html",
        "--quiet",
    ]
    refused = run(installed / "rgwkit-doctor", *asked, cwd=tmp_path, KEY="secret-of-nobody")
    assert refused.returncode == 2 and "refused" in refused.stdout, refused.stderr
    assert "refused" in (tmp_path / "page.html").read_text()


def test_the_lint_reads_a_file(installed: Path, tmp_path: Path) -> None:
    (tmp_path / "config.yml").write_text(BAD)
    linted = run(installed / "registry-lint", "config.yml", "--format", "github", cwd=tmp_path)
    assert linted.returncode == 1 and "::error file=config.yml,line=4,col=7," in linted.stdout, linted.stderr
    schema = run(installed / "registry-lint", "--schema", "3.1", cwd=tmp_path)
    assert schema.returncode == 0 and '"title": "config.yml of a Docker registry 3.1"' in schema.stdout, schema.stderr


@pytest.fixture(scope="module")
def repository(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Somebody's git repository, with a registry's configuration in it."""
    folder = tmp_path_factory.mktemp("repository")
    (folder / "registry").mkdir()
    (folder / "registry/config.yml").write_text(BAD)
    (folder / "other.yml").write_text("a: b\n")
    for command in (["init", "--quiet"], ["add", "."]):
        assert run("git", *command, cwd=folder).returncode == 0
    return folder


def hook(repository: Path, *words: str) -> subprocess.CompletedProcess[str]:
    home = str(repository.parent / "pre-commit")
    return run(BIN / "pre-commit", "try-repo", PROJECT, *words, cwd=repository, PRE_COMMIT_HOME=home)


@pytest.mark.long
def test_pre_commit_lints_the_configurations_of_registries(repository: Path) -> None:
    done = hook(repository, "registry-lint", "--all-files", "--verbose")
    assert done.returncode == 1, done.stdout + done.stderr
    assert "registry/config.yml:4:7" in done.stdout and "other.yml" not in done.stdout


@pytest.mark.long
def test_pre_commit_runs_the_doctor_where_it_is_asked_for(repository: Path) -> None:
    at_a_commit = hook(repository, "rgwkit-doctor", "--all-files")
    assert "No hook with id `rgwkit-doctor` in stage `pre-commit`" in at_a_commit.stdout
    asked = hook(repository, "rgwkit-doctor", "--all-files", "--hook-stage", "manual")
    # try-repo gives no arguments, so the doctor says which one is missing.
    assert asked.returncode == 1 and "--endpoint is required" in asked.stdout, asked.stdout + asked.stderr
