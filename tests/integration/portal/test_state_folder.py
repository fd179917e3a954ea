# SPDX-License-Identifier: Apache-2.0
"""Root gives the database to the user of the portal's process, and nothing else that this user names in the folder."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from tests.playbooks import Run, run_playbook

BEFORE, USER = 65530, 65531
NAMES = ["portal.db", "portal.db-wal", "portal.db-shm"]


@pytest.fixture
def play(tmp_path: Path) -> Callable[..., Run]:
    """Runs the part of the role that creates the folder, on this host, for a container whose user is USER."""
    role = {"name": "rgwkit.ceph.rgw_portal", "tasks_from": "state_folder"}
    include = {"name": "Create the folder", "ansible.builtin.include_role": role}
    (tmp_path / "play.yml").write_text(
        yaml.safe_dump([{"hosts": "localhost", "connection": "local", "gather_facts": False, "tasks": [include]}])
    )
    values = {"rgw_portal_data_dir": str(tmp_path), "rgw_portal_runtime": "docker", "rgw_portal_uid": USER}

    def run(*options: str) -> Run:
        done = run_playbook(tmp_path / "play.yml", *options, **values)
        assert done.code == 0, done.output[-4000:]
        return done

    return run


@pytest.fixture
def state(tmp_path: Path) -> Path:
    return tmp_path / "state"


def filled(state: Path, owner: int) -> Path:
    """The folder as a portal of this user has left it."""
    state.mkdir()
    for name in NAMES:
        (state / name).write_text(name)
        os.chown(state / name, owner, owner)
    os.chown(state, owner, owner)
    return state


def owners(*paths: Path) -> set[tuple[int, int]]:
    return {(seen.st_uid, seen.st_gid) for seen in map(os.lstat, paths)}


def test_the_folder_is_created_for_the_user_once(play, state):
    assert play().count("changed") == 1
    assert owners(state) == {(USER, USER)} and state.stat().st_mode & 0o7777 == 0o700
    assert play().count("changed") == 0


@pytest.mark.parametrize("owner", [USER, BEFORE])
def test_nothing_outside_of_the_folder_changes_its_owner(play, state, tmp_path, owner):
    outside, file = tmp_path / "etc", tmp_path / "etc" / "passwd"
    outside.mkdir()
    file.write_text("root's")
    (outside / "folder").mkdir()
    filled(state, owner)
    (state / "folder").mkdir()
    links = [state / "evil", state / "folder" / "evil", state / "evil.db", state / "dangling"]
    for link, target in zip(links, [outside, outside, file, tmp_path / "none"]):
        link.symlink_to(target)
    (state / "hard.db").hardlink_to(file)
    # The user of the process can do this at any time; the next run puts the mode right.
    state.chmod(0o755)
    play()
    assert owners(outside, file, outside / "folder") == {(0, 0)}
    assert owners(state, *(state / name for name in NAMES)) == {(USER, USER)}
    assert state.stat().st_mode & 0o7777 == 0o700


def test_a_change_of_the_runtime_gives_the_database_to_the_other_user(play, state):
    filled(state, BEFORE)
    assert play("--check").code == 0
    assert owners(state, *(state / name for name in NAMES)) == {(BEFORE, BEFORE)}
    play()
    assert owners(state, *(state / name for name in NAMES)) == {(USER, USER)}
    assert [(state / name).read_text() for name in NAMES] == NAMES
    assert play().count("changed") == 0


def test_a_run_after_an_interrupted_one_goes_on(play, state):
    filled(state, BEFORE)
    os.chown(state, USER, USER)
    state.chmod(0o700)
    os.chown(state / NAMES[0], USER, USER)
    play()
    assert owners(state, *(state / name for name in NAMES)) == {(USER, USER)}
