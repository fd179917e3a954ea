# SPDX-License-Identifier: Apache-2.0
"""Of two plays one has the lock, whatever they see of a third that is over."""

from __future__ import annotations

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest
from ansible_collections.rgwkit.ceph.plugins.module_utils.base.errors import ToolError
from ansible_collections.rgwkit.ceph.plugins.module_utils.host import play_lock, play_process
from ansible_collections.rgwkit.ceph.plugins.module_utils.host.play_lock import PlayLock


@pytest.fixture
def lock(tmp_path, monkeypatch):
    monkeypatch.setattr(play_lock, "ROOT_FOLDER", str(tmp_path / "locks"))
    monkeypatch.setattr(play_lock.tempfile, "gettempdir", lambda: str(tmp_path))
    return PlayLock("here")


def test_the_second_play_is_told_of_the_first(lock):
    assert lock.take("a", "inventory a").play == "a"
    seen = lock.take("b", "inventory b")
    assert (seen.play, seen.about) == ("a", "inventory a")
    assert lock.release("b").play == "a"
    assert lock.holder().play == "a"
    assert lock.release("a") is None
    assert lock.take("b", "").play == "b"


def test_a_play_that_takes_twice_gives_back_twice(lock):
    lock.take("a", "")
    assert lock.take("a", "").depth == 2
    assert lock.release("a").depth == 1
    assert lock.take("b", "").play == "a"
    assert lock.release("a") is None


def test_a_run_that_ends_gives_all_back_that_is_its_own(lock):
    lock.take("a", "")
    lock.take("a", "")
    assert lock.release("b", whole=True).play == "a"
    assert lock.release("a", whole=True) is None


def test_only_the_holder_that_was_seen_is_replaced(lock):
    lock.take("over", "")
    assert lock.take("b", "", instead_of="another").play == "over"
    assert lock.take("b", "", instead_of="over").play == "b"
    # Who saw the same dead play, only later, does not take the lock of the one that has it now.
    assert lock.take("c", "", instead_of="over").play == "b"


def test_of_many_that_take_over_one_has_the_lock(lock):
    for _round in range(20):
        lock.take("over", "")
        with ThreadPoolExecutor(8) as pool:
            seen = list(pool.map(lambda name: lock.take(name, "", instead_of="over").play, "abcdefgh"))
        (holder,) = set(seen)
        assert lock.release(holder) is None


def test_a_folder_of_somebody_else_is_refused(lock, tmp_path):
    os.chmod(os.path.dirname(lock.path), 0o777)
    with pytest.raises(ToolError, match="only this user may write"):
        PlayLock("here")


def test_an_ordinary_user_s_lock_is_in_their_own_folder_of_run(tmp_path, monkeypatch):
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    monkeypatch.setattr(play_lock, "USER_FOLDERS", str(tmp_path / "run"))
    monkeypatch.setattr(play_lock.tempfile, "gettempdir", lambda: str(tmp_path))
    monkeypatch.setattr(play_lock.os, "lstat", lambda path: os.stat_result((0o40700, 0, 0, 1, 1000, 1000, 0, 0, 0, 0)))
    assert play_lock.lock_folder() == str(tmp_path / "rgwkit-1000")
    (tmp_path / "run" / "1000").mkdir(parents=True)
    # Whatever the login is: a play of cron has no XDG_RUNTIME_DIR.
    monkeypatch.delenv("XDG_RUNTIME_DIR", raising=False)
    assert play_lock.lock_folder() == str(tmp_path / "run" / "1000" / "rgwkit")


def test_no_link_is_followed(lock, tmp_path):
    victim = tmp_path / "victim"
    victim.write_text("precious")
    os.symlink(victim, f"{lock.path}.guard")
    with pytest.raises(ToolError, match=r"Could not open .*\.guard"):
        lock.take("a", "")
    assert victim.read_text() == "precious"


def test_what_is_no_lock_is_named(lock):
    with open(lock.path, "w", encoding="utf-8") as file:
        file.write("[]")
    with pytest.raises(ToolError, match="something else than a lock"):
        lock.take("a", "")


def test_a_process_runs_until_it_is_over():
    child = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    name = play_process.name_of(child.pid)
    assert play_process.fate_of(name) == "runs"
    child.communicate(b"\n")
    assert play_process.fate_of(name) == "over"


@pytest.mark.parametrize("part", [1, 2])
def test_another_boot_or_namespace_cannot_be_seen(part):
    name = play_process.name_of(os.getpid()).rsplit("/", 4)
    name[part] = "another"
    assert play_process.fate_of("/".join(name)) == "elsewhere"


@pytest.mark.parametrize("name", ["", "host/1/2", "a/b/c/d/e/f"])
def test_a_name_of_another_form_cannot_be_seen(name):
    assert play_process.fate_of(name) == "elsewhere"
