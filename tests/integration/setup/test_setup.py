# SPDX-License-Identifier: Apache-2.0
"""scripts/setup on this machine, and what it says when something is missing."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from importlib.metadata import version
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parents[3]
TOOLS = "awk bash cat cmp cp df dirname env grep head id mktemp nohup rm seq setsid sleep sort tail tr"


@pytest.fixture
def setup(tmp_path):
    """Runs scripts/setup with a PATH of its own: the shell's tools, python3, and what a test adds."""
    programs = tmp_path / "bin"
    programs.mkdir()
    for tool in TOOLS.split():
        (programs / tool).symlink_to(shutil.which(tool))
    (programs / "python3").symlink_to(sys.executable)

    def run(*real, **fakes):
        for tool in real:
            (programs / tool).symlink_to(shutil.which(tool))
        for tool, script in fakes.items():
            program = programs / tool.replace("_", "-")
            program.unlink(missing_ok=True)
            program.write_text(f"#!/bin/sh\n{script}\n")
            program.chmod(0o755)
        environment = {**os.environ, "PATH": str(programs), "DOCKERD_LOG": str(tmp_path / "dockerd.log")}
        begin = time.monotonic()
        done = subprocess.run(
            [str(PROJECT / "scripts" / "setup")], env=environment, capture_output=True, text=True, timeout=60
        )
        return done.returncode, done.stdout + done.stderr, time.monotonic() - begin

    return run


def test_a_second_run_does_nothing_and_is_quick(setup):
    code, output, seconds = setup("apt-get", "docker", "dockerd", "mmdebstrap")
    assert code == 0, output
    lines = output.splitlines()
    assert lines[0] == "setup (run)" and len(lines) == 2, output
    assert lines[1].startswith(f"  ready: ansible-core {version('ansible-core')}, docker"), output
    assert seconds < 5


def test_a_dead_mirror_is_named(setup):
    code, output, _seconds = setup(apt_get="echo 'E: Could not resolve the mirror'; exit 100")
    assert code == 1
    assert "E: Could not resolve the mirror" in output
    assert "the Debian package mirror did not answer" in output


def test_packages_are_named_before_they_are_installed(setup):
    code, output, _seconds = setup(apt_get='[ "$1" = update ]', apt_cache="echo docker-cli")
    assert code == 1
    assert output.index("Debian packages to install: docker-cli docker.io iptables mmdebstrap") < output.index("failed")
    assert "apt-get could not install" in output


def test_a_docker_daemon_that_ends_has_its_last_words_shown(setup):
    code, output, seconds = setup(
        apt_get="exit 1",
        docker="exit 1",
        mmdebstrap="exit 1",
        dockerd="echo 'failed to start daemon: no cgroups'; exit 1",
    )
    assert code == 1
    assert seconds < 30
    assert "failed to start daemon: no cgroups" in output
    assert "the docker daemon does not answer" in output


def test_a_machine_without_apt_is_told_what_to_do(setup):
    code, output, _seconds = setup()
    assert code == 1
    assert "pip install -r requirements/run.txt" in output


def test_another_python_is_refused_by_its_version(setup):
    code, output, _seconds = setup(apt_get="exit 1", python3="echo Python 3.9.2; exit 1")
    assert code == 1
    assert "Python 3.9.2, and a clone's environment needs Python 3.11 to 3.13" in output


def test_who_is_not_root_is_told(setup):
    code, output, _seconds = setup(id="echo 1000")
    assert code == 1
    assert "needs root" in output
