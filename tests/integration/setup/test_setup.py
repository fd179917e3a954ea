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

    def run(*real, arguments=(), **fakes):
        for tool in real:
            (programs / tool).symlink_to(shutil.which(tool))
        for tool, script in fakes.items():
            program = programs / tool.replace("_", "-")
            program.unlink(missing_ok=True)
            program.write_text(f"#!/bin/sh\n{script}\n")
            program.chmod(0o755)
        environment = {**os.environ, "PATH": str(programs), "DOCKERD_LOG": str(tmp_path / "dockerd.log")}
        # A host with systemd, as far as the script sees, and without what podman's networks need.
        environment.update(SYSTEMD=str(tmp_path), PODMAN_NAMES=str(programs / "aardvark-dns"))
        environment.update(USER_BUS=str(programs / "dbus.socket"), SBIN=str(programs))
        begin = time.monotonic()
        done = subprocess.run(
            [str(run.script), *arguments],
            env={**environment, **run.environment},
            capture_output=True,
            text=True,
            timeout=60,
        )
        return done.returncode, done.stdout + done.stderr, time.monotonic() - begin

    run.environment, run.script = {}, PROJECT / "scripts" / "setup"
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
    setup.environment = {"SYSTEMD": "/nonexistent"}
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


def test_a_docker_unit_that_does_not_start_ends_setup_at_once_with_its_log(setup):
    code, output, seconds = setup(
        apt_get="exit 1",
        docker="exit 1",
        mmdebstrap="exit 1",
        dockerd="exit 1",
        systemctl="echo 'Job for docker.service failed.'; exit 1",
        journalctl="echo 'failed to start daemon: no cgroups'",
    )
    assert code == 1
    assert seconds < 20
    assert "Job for docker.service failed." in output and "failed to start daemon: no cgroups" in output


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
    assert "docker needs root" in output and "make demo RUNTIME=podman" in output
    code, output, _seconds = setup(id="echo 1000", arguments=("dev", "docker"))
    assert code == 1 and "needs root to install the packages for development" in output


PYTHON = """case "$*" in
  *venv\\ --clear*) mkdir -p .venv/bin && cp "$0" .venv/bin/python && cp "$PIP" .venv/bin/pip;;
  *importlib*) echo 2.19;;
esac"""
DAEMON = {"docker": "echo 29.0", "dockerd": "", "apt_cache": "echo docker-cli"}


@pytest.fixture
def clone(setup, tmp_path):
    """Runs setup in a clone without a virtual environment, whose pip and apt-get install run these scripts."""
    (tmp_path / "clone" / "scripts").mkdir(parents=True)
    (tmp_path / "clone" / "requirements").mkdir()
    (tmp_path / "clone" / "requirements" / "run.txt").write_text("ansible-core==2.19\n")
    shutil.copy(PROJECT / "scripts" / "setup", tmp_path / "clone" / "scripts")

    def run(pip, install):
        (tmp_path / "pip").write_text(f"#!/bin/sh\n{pip}\n")
        (tmp_path / "pip").chmod(0o755)
        for tool in ("mkdir", "touch"):
            (tmp_path / "bin" / tool).symlink_to(shutil.which(tool))
        setup.environment = {"PIP": str(tmp_path / "pip"), "TMP_PATH": str(tmp_path)}
        setup.script = tmp_path / "clone" / "scripts" / "setup"
        return setup(python3=PYTHON, apt_get=f'[ "$1" = update ] || {{ {install}; }}', **DAEMON)

    return run


WAIT_FOR = 'for i in $(seq 100); do [ -e "$TMP_PATH/{0}" ] && break; sleep 0.1; done; [ -e "$TMP_PATH/{0}" ]'


def test_the_python_environment_is_made_beside_the_packages_and_told_after_them(clone):
    code, output, _seconds = clone(
        pip=f'touch "$TMP_PATH/pip-runs"; {WAIT_FOR.format("apt-ran")}; sleep 0.5',
        install=f'{WAIT_FOR.format("pip-runs")} && touch "$TMP_PATH/apt-ran"',
    )
    assert code == 0, output
    titles = [line[:48].split("  ")[1].strip() for line in output.splitlines()[1:]]
    wanted = ["package lists", "Debian packages to install: mmdebstrap", "install Debian packages"]
    wanted += ["virtual environment .venv", "Python packages (requirements/run.txt)"]
    assert titles[:-1] == wanted and titles[-1].startswith("ready: ansible-core 2.19"), output


def test_a_failed_environment_ends_setup_with_the_reason(clone):
    code, output, _seconds = clone(pip="echo no such wheel; exit 1", install="true")
    assert code == 1 and "ready" not in output
    assert output.index("install Debian packages") < output.index("no such wheel")
    assert "pip could not install requirements/run.txt" in output


def test_failed_packages_stop_the_environment_which_the_next_run_makes(clone, tmp_path):
    pip = 'touch "$TMP_PATH/pip-runs"; trap "touch $TMP_PATH/stopped; exit 1" TERM; sleep 30 & wait'
    code, output, seconds = clone(pip=pip, install=f"{WAIT_FOR.format('pip-runs')}; exit 100")
    assert code == 1 and "apt-get could not install" in output and "pip could not" not in output
    assert seconds < 20
    for _attempt in range(50):
        if (tmp_path / "stopped").exists():
            break
        time.sleep(0.1)
    assert (tmp_path / "stopped").exists()


PODMAN = {"podman": "echo podman version 4.3.1", "aardvark_dns": "", "iptables": "", "nft": "", "mmdebstrap": ""}


@pytest.fixture
def inventory(tmp_path):
    """An inventory, whose demos remember what runs them."""

    def remember(**runtimes):
        for name, runtime in runtimes.items():
            folder = tmp_path / ("inventory/.credentials" if name == "rgwkit" else f"inventory/.credentials-{name}")
            folder.mkdir(parents=True)
            (folder / ".rgwkit").touch()
            if runtime:
                (folder / "choices.yml").write_text(f"ceph_demo_name: x\nceph_demo_runtime: {runtime}\n")
        return str(tmp_path / "inventory")

    return remember


def test_a_host_with_podman_gets_no_docker(setup):
    code, output, _seconds = setup("apt-get", arguments=("run", "podman"), **PODMAN)
    assert code == 0, output
    assert output.endswith(f"ansible-core {version('ansible-core')}, podman version 4.3.1\n")


ROOTLESS = {**PODMAN, "newuidmap": "", "slirp4netns": "", "dbus.socket": "", "id": "echo 1000"}


def test_an_ordinary_user_needs_no_root_where_everything_is_there(setup):
    code, output, _seconds = setup("apt-get", arguments=("run", "podman"), **ROOTLESS)
    assert code == 0, output
    assert output.endswith(f"ansible-core {version('ansible-core')}, podman version 4.3.1\n")


def test_an_ordinary_user_is_told_the_administrator_s_command(setup):
    has = {name: script for name, script in ROOTLESS.items() if name not in ("newuidmap", "slirp4netns", "mmdebstrap")}
    code, output, _seconds = setup(arguments=("run", "podman"), apt_get="echo installed", **has)
    assert code == 1 and "installed" not in output
    assert "which an ordinary user cannot install: uidmap slirp4netns mmdebstrap" in output
    assert "an administrator run: apt-get install --no-install-recommends uidmap slirp4netns mmdebstrap" in output


def test_the_packages_of_podman_are_named_and_none_of_docker(setup):
    code, output, _seconds = setup(
        arguments=("run", "podman"), apt_get='[ "$1" = update ]', apt_cache="echo docker-cli"
    )
    assert code == 1
    assert "packages to install: aardvark-dns iptables mmdebstrap netavark nftables podman" in output, output


@pytest.mark.parametrize(
    ("demos", "name", "ready"),
    [
        ({"rgwkit": "podman"}, "", "podman version 4.3.1"),
        ({"rgwkit": "podman"}, "rgwkit", "podman version 4.3.1"),
        ({"rgwkit": "", "two": "podman"}, "two", "podman version 4.3.1"),
        ({"rgwkit": "podman", "two": ""}, "", "docker 29.0, podman version 4.3.1"),
        ({"rgwkit": "podman"}, "new", "docker 29.0"),
    ],
)
def test_later_commands_prepare_what_the_demos_remember(setup, inventory, demos, name, ready):
    docker = {"docker": "echo 29.0", "dockerd": ""}
    code, output, _seconds = setup("apt-get", arguments=("run", "", inventory(**demos), name), **PODMAN, **docker)
    assert code == 0, output
    assert output.endswith(f"ansible-core {version('ansible-core')}, {ready}\n"), output


def test_podman_needs_systemd_and_another_runtime_is_refused(setup):
    setup.environment = {"SYSTEMD": "/nonexistent"}
    code, output, _seconds = setup("apt-get", arguments=("run", "podman"), **PODMAN)
    assert code == 1 and "units of systemd, which does not run here" in output
    code, output, _seconds = setup(arguments=("run", "lxc"))
    assert code == 1 and "the runtime is lxc, and a demo runs by docker or podman" in output
