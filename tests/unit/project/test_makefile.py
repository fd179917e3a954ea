# SPDX-License-Identifier: Apache-2.0
"""What make makes of V=1 and of a terminal, before a play runs."""

from __future__ import annotations

import os
import stat
import subprocess
from pathlib import Path

import pytest

from tests.playbooks import PROJECT

# A target that shows the callback and the log that a play would get.
SHOW = "show: ; @$(subst $(BIN)/ansible-playbook,env | grep ^ANSIBLE_ || :,$(PLAY))"


def make(folder: Path, *words: str, **environment: str) -> dict[str, str]:
    """The variables of Ansible in the environment of a play of make, in this folder."""
    given = {name: value for name, value in os.environ.items() if not name.startswith(("ANSIBLE_", "MAKE"))}
    command = ["make", "-f", PROJECT / "Makefile", "--eval", SHOW, "show", *words]
    done = subprocess.run(
        command, cwd=folder, env={**given, **environment}, check=True, capture_output=True, text=True, timeout=60
    )
    return dict(line.split("=", 1) for line in done.stdout.splitlines())


def test_stages_are_the_clone_s_default(tmp_path):
    assert make(tmp_path) == {}
    assert "\nstdout_callback = rgwkit.ceph.stages\n" in (PROJECT / "ansible.cfg").read_text()


@pytest.mark.parametrize(("word", "callback"), [("V=1", "default"), ("V=0", None), ("V=", None)])
def test_v_shows_each_task(tmp_path, word, callback):
    assert make(tmp_path, word).get("ANSIBLE_STDOUT_CALLBACK") == callback


def test_a_terminal_gets_a_log_of_the_last_run_that_others_cannot_read(tmp_path):
    log = tmp_path / ".build/log/show.log"
    log.parent.mkdir(parents=True)
    log.write_text("an earlier run")
    assert make(tmp_path, MAKE_TERMOUT="/dev/tty") == {"ANSIBLE_LOG_PATH": ".build/log/show.log"}
    assert (log.read_text(), stat.S_IMODE(log.stat().st_mode)) == ("", 0o600)


def test_a_portal_is_a_choice_of_the_demo_and_none_without_it():
    def said(*words: str) -> str:
        return subprocess.run(["make", "-n", *words], cwd=PROJECT, check=True, capture_output=True, text=True).stdout

    assert "-e demo_with_portal=yes -e rgw_portal_port=9000" in said("demo", "PORTAL=yes", "PORTAL_PORT=9000")
    assert "portal" not in said("demo") + said("teardown")


def test_setup_learns_what_runs_the_demo():
    command = ["make", "-n", "teardown", "RUNTIME=podman", "NAME=two", "INVENTORY=inventories/mine"]
    said = subprocess.run(command, cwd=PROJECT, check=True, capture_output=True, text=True).stdout
    assert "scripts/setup run 'podman' 'inventories/mine' 'two'" in said and "-e ceph_demo_runtime=podman" in said
    plain = subprocess.run(
        ["make", "-n", "demo", "SCOPE="], cwd=PROJECT, check=True, capture_output=True, text=True
    ).stdout
    assert "scripts/setup run '' 'inventories/demo' ''" in plain and "ceph_demo_runtime" not in plain


@pytest.mark.parametrize(
    ("user", "words", "said"),
    [
        ("1000", [], ["setup run 'podman'", "-e ceph_demo_scope=user", "-e ceph_demo_runtime=podman"]),
        ("1000", ["RUNTIME=docker"], ["setup run 'docker'", "-e ceph_demo_scope=user", "-e ceph_demo_runtime=docker"]),
        ("0", [], ["setup run ''"]),
    ],
)
def test_an_ordinary_user_gets_a_demo_of_their_own(tmp_path, user, words, said):
    (tmp_path / "id").write_text(f"#!/bin/sh\necho {user}\n")
    (tmp_path / "id").chmod(0o755)
    path = {**os.environ, "PATH": f"{tmp_path}:{os.environ['PATH']}"}
    done = subprocess.run(
        ["make", "-n", "demo", *words], cwd=PROJECT, env=path, check=True, capture_output=True, text=True
    )
    assert all(word in done.stdout for word in said), done.stdout
    assert ("ceph_demo_scope" in done.stdout) is (len(said) > 1)
