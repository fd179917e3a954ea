# SPDX-License-Identifier: Apache-2.0
"""A folder of the toolkit's own, on a real file system: what is somebody else's stays as it is."""

from __future__ import annotations

import json
import os
import stat
import subprocess

import pytest
from ansible_collections.rgwkit.ceph.plugins.module_utils.host import folder_path
from ansible_collections.rgwkit.ceph.plugins.module_utils.host.folder_path import mount_points, objection_to_place
from ansible_collections.rgwkit.ceph.plugins.modules import owned_folder

HOME = "/srv/inventories/one"
STRANGER = 4242


@pytest.fixture
def folder(run_module, tmp_path):
    """Runs the module for a folder below tmp_path."""

    def run(name="own", check=False, **params):
        return run_module(owned_folder, check=check, path=str(tmp_path / name), **{"home": HOME, **params})

    return run


def tree(path):
    """Every name below a folder, with mode, owner and content."""
    found = {}
    for place in sorted([path, *path.rglob("*")]):
        seen = place.lstat()
        content = place.read_bytes() if place.is_file() and not place.is_symlink() else None
        found[str(place)] = (oct(seen.st_mode), seen.st_uid, content)
    return found


def home_of(path):
    return json.loads((path / ".rgwkit").read_text())["home"]


def access(path):
    seen = path.stat()
    return oct(stat.S_IMODE(seen.st_mode)), seen.st_uid, seen.st_gid


def foreign(path):
    """Somebody's folder with content."""
    (path / "sub").mkdir(parents=True)
    (path / "sub" / "db").write_text("precious")
    path.chmod(0o755)
    return tree(path)


def test_made_with_root_s_parents_and_its_own_access(folder, tmp_path):
    first = folder("a/b/own", owner="65532", group="65533", mode="0750")
    assert first["changed"] and first["diff"]["prepared"] == f"{tmp_path}/a/b/own: made a/b/own\n"
    assert access(tmp_path / "a") == access(tmp_path / "a" / "b") == ("0o755", os.geteuid(), os.getegid())
    assert access(tmp_path / "a" / "b" / "own") == ("0o750", 65532, 65533)
    assert home_of(tmp_path / "a" / "b" / "own") == HOME
    again = folder("a/b/own", owner="65532", group="65533", mode="0750")
    assert (again["changed"], again["changes"]) == (False, [])


def test_a_narrow_umask_closes_no_parent(folder, tmp_path):
    before = os.umask(0o077)
    try:
        folder("a/own")
    finally:
        os.umask(before)
    assert access(tmp_path / "a")[0] == "0o755"


def test_check_mode_says_what_the_run_does(folder, tmp_path):
    said = folder("a/own", check=True)
    assert not (tmp_path / "a").exists()
    assert said["changes"] == folder("a/own")["changes"]
    said = folder("a/own", check=True, mode="0755")
    assert said["changes"] == ["mode 0700 -> 0755"] == folder("a/own", mode="0755")["changes"]


@pytest.mark.parametrize("check", [True, False])
def test_content_without_our_mark_is_refused_and_untouched(folder, tmp_path, check):
    before = foreign(tmp_path / "own")
    result = folder(check=check, takeover=True)
    assert (
        result["failed"]
        and "has content (sub) and no mark .rgwkit" in result["msg"]
        and "Choose another" in result["msg"]
    )
    assert tree(tmp_path / "own") == before
    assert folder(state="absent", contents=["sub/", "*"], check=check)["left"] == ["sub"]
    assert tree(tmp_path / "own") == before


def test_an_empty_folder_becomes_ours(folder, tmp_path):
    (tmp_path / "own").mkdir(mode=0o755)
    assert folder()["changes"] == [f"mark -> {HOME}", "mode 0755 -> 0700"]
    assert home_of(tmp_path / "own") == HOME


def test_another_inventory_s_folder_is_refused_unless_it_is_taken_over(folder, tmp_path):
    folder(home="/srv/inventories/two")
    (tmp_path / "own" / "config.yml").write_text("theirs")
    before = tree(tmp_path / "own")
    for params in ({}, {"state": "absent", "contents": ["config.yml"]}):
        result = folder(**params)
        assert result["failed"] and "is of /srv/inventories/two" in result["msg"]
        assert "rgwkit_takeover=true" in result["msg"]
        assert tree(tmp_path / "own") == before
    assert folder(takeover=True)["changes"] == [f"mark /srv/inventories/two -> {HOME}"]
    assert home_of(tmp_path / "own") == HOME


def test_a_mark_of_an_earlier_release_gets_a_home(folder, tmp_path):
    (tmp_path / "own").mkdir(mode=0o700)
    (tmp_path / "own" / ".rgwkit").touch(mode=0o600)
    (tmp_path / "own" / "config.yml").touch()
    assert folder()["changes"] == [f"mark without a home -> {HOME}"]
    assert not folder()["changed"]


def test_what_an_earlier_release_wrote_stands_for_a_mark(folder, tmp_path):
    (tmp_path / "own").mkdir(mode=0o700)
    (tmp_path / "own" / "admin.secret").touch()
    assert folder()["failed"]
    assert folder(legacy="admin.secret")["changes"] == [f"mark without a home -> {HOME}"]


@pytest.mark.parametrize("how", ["owned by another", "a link"])
def test_a_mark_that_another_user_placed_is_none(folder, tmp_path, how):
    own = tmp_path / "own"
    foreign(own)
    (tmp_path / "mark").touch()
    if how == "a link":
        (own / ".rgwkit").symlink_to(tmp_path / "mark")
    else:
        (own / ".rgwkit").touch()
        os.chown(own / ".rgwkit", STRANGER, -1)
    before = tree(own)
    assert folder()["failed"]
    assert folder(state="absent", contents=["sub/"])["changed"] is False
    assert tree(own) == before


@pytest.mark.parametrize("where", ["last", "middle"])
def test_no_link_of_another_user_is_followed(folder, tmp_path, where):
    victim = tmp_path / "victim"
    (victim / "own").mkdir(parents=True)
    before = tree(victim)
    theirs = tmp_path / "theirs"
    theirs.mkdir()
    os.chown(theirs, STRANGER, -1)
    link = theirs / "link"
    link.symlink_to(victim)
    os.lchown(link, STRANGER, -1)
    result = folder("theirs/link" if where == "last" else "theirs/link/own")
    assert result["failed"] and f"{link} is a link to" in result["msg"]
    assert tree(victim) == before


def test_a_link_of_root_in_a_folder_of_another_user_is_not_followed_either(folder, tmp_path):
    # That user can have moved it there.
    theirs = tmp_path / "theirs"
    theirs.mkdir()
    (theirs / "link").symlink_to(tmp_path)
    os.chown(theirs, STRANGER, -1)
    assert "is a link to" in folder("theirs/link/own")["msg"]


def test_root_s_own_link_is_followed(folder, tmp_path):
    (tmp_path / "real").mkdir()
    (tmp_path / "short").symlink_to("real")
    (tmp_path / "long").symlink_to(tmp_path / "short")
    assert folder("long/own")["changed"]
    assert home_of(tmp_path / "real" / "own") == HOME


def test_a_circle_of_links_and_a_file_on_the_way_are_said(folder, tmp_path):
    (tmp_path / "circle").symlink_to("circle")
    (tmp_path / "file").touch()
    assert "its links form a circle" in folder("circle/own")["msg"]
    assert f"{tmp_path}/file is not a folder" in folder("file/own")["msg"]


@pytest.mark.parametrize(
    "path",
    ["/", "//", "/etc", "/etc/", "/etc/../etc", "/usr/share/../lib", "/var/lib", "/home", "/root", "/tmp", "/srv"]
    + ["/opt", "/boot", "/run", "/var/run", "/usr/local/bin", "/etc/ssl", "/proc/self", "/dev/shm/x", "/home/alice"],
)
@pytest.mark.parametrize("state", ["present", "absent"])
def test_a_folder_of_the_system_is_nobody_s_to_take(run_module, path, state):
    result = run_module(owned_folder, check=True, path=path, home=HOME, state=state, takeover=True)
    # /home/alice is not there, and neither is there anything to remove.
    assert result.get("failed") or (state, result["changed"]) == ("absent", False)
    if os.path.exists(path) or state == "present":
        assert "Name a folder below it" in result["msg"]


def test_homes_are_nobody_s_to_take(monkeypatch, tmp_path):
    (tmp_path / "alice").mkdir()
    entry = type("Entry", (), {"pw_name": "alice", "pw_dir": str(tmp_path / "alice")})
    monkeypatch.setattr(folder_path.pwd, "getpwall", lambda: [entry])
    assert objection_to_place(str(tmp_path / "alice")) == "is the home of the user alice"
    assert objection_to_place(str(tmp_path / "alice" / "demo")) is None


def test_a_mount_point_is_nobody_s_to_take(folder, tmp_path):
    # Of the same file system, so that only the table of mounts shows it.
    for name in ("own", "disk"):
        (tmp_path / name).mkdir()
    command = ["mount", "--bind", str(tmp_path / "disk"), str(tmp_path / "own")]
    if subprocess.run(command, capture_output=True).returncode:
        pytest.skip("may not mount here")
    try:
        assert "is a mount point" in folder()["msg"]
        assert "is a mount point" in folder(state="absent")["msg"]
    finally:
        subprocess.run(["umount", str(tmp_path / "own")], check=True)


def test_the_table_of_mounts_is_read_with_its_escapes(tmp_path):
    table = tmp_path / "mountinfo"
    table.write_text("1 2 0:3 / /with\\040blank rw - tmpfs x rw\n1 2 0:3 / /plain-\u0142\\040x rw - tmpfs x rw\n")
    assert mount_points(str(table)) == {"/with blank", "/plain-\u0142 x"}


@pytest.fixture
def filled(folder, tmp_path):
    """A folder of ours with what the toolkit and somebody else put there."""
    folder()
    own = tmp_path / "own"
    for name in ("users", "data/deep", "theirs"):
        (own / name).mkdir(parents=True)
    for name in ("config.yml", "users/a.secret", "users/note.txt", "data/deep/blob", "theirs/a.secret", "todo"):
        (own / name).write_text(name)
    return own


CONTENTS = ["config.yml", "users/*.secret", "data/", "gone.yml"]


def test_removal_takes_what_is_ours_and_names_what_is_left(folder, filled):
    said = folder(state="absent", contents=CONTENTS, check=True)
    done = folder(state="absent", contents=CONTENTS)
    assert done["changes"] == said["changes"]
    assert done["left"] == said["left"] == ["theirs/", "todo", "users/note.txt"]
    kept = {str(path.relative_to(filled)) for path in filled.rglob("*")}
    assert kept == {".rgwkit", "theirs", "theirs/a.secret", "todo", "users", "users/note.txt"}
    again = folder(state="absent", contents=CONTENTS)
    assert (again["changed"], again["left"]) == (False, done["left"])


def test_removal_takes_the_folder_when_nothing_is_left(folder, tmp_path):
    folder("rgwkit/own")
    (tmp_path / "rgwkit" / "own" / "config.yml").touch()
    folder("rgwkit/second")
    assert folder("rgwkit/own", state="absent", contents=["config.yml"])["left"] == []
    assert [path.name for path in (tmp_path / "rgwkit").iterdir()] == ["second"]
    # The common folder of the toolkit goes with the last one in it, and no other does.
    folder("rgwkit/second", state="absent")
    assert list(tmp_path.iterdir()) == []
    assert folder("rgwkit/own", state="absent")["changed"] is False


def test_removal_follows_no_link(folder, tmp_path, filled):
    victim = tmp_path / "victim"
    before = foreign(victim)
    (filled / "data" / "link").symlink_to(victim)
    (filled / "more").symlink_to(victim)
    (filled / "config.yml").unlink()
    (filled / "config.yml").symlink_to(victim / "sub" / "db")
    folder(state="absent", contents=[*CONTENTS, "more/", "more/sub/db", "todo"])
    assert tree(victim) == before
    assert not (filled / "data").exists() and not (filled / "config.yml").is_symlink()


def test_removal_leaves_what_is_mounted_below(folder, tmp_path, filled):
    disk = tmp_path / "disk"
    before = foreign(disk)
    command = ["mount", "--bind", str(disk), str(filled / "data" / "deep")]
    if subprocess.run(command, capture_output=True).returncode:
        pytest.skip("may not mount here")
    try:
        assert "data/deep/" in folder(state="absent", contents=CONTENTS)["left"]
        assert tree(disk) == before
    finally:
        subprocess.run(["umount", str(filled / "data" / "deep")], check=True)


def test_a_shared_folder_is_marked_and_keeps_its_access(folder, tmp_path):
    foreign(tmp_path / "own")
    assert folder(exclusive=False)["changes"] == [f"mark -> {HOME}"]
    assert access(tmp_path / "own")[0] == "0o755"
    assert folder(exclusive=False, home="/srv/inventories/two")["failed"]
    assert folder(exclusive=False, state="absent", contents=["sub/db"])["left"] == []
    assert not (tmp_path / "own").exists()


def test_input_that_makes_no_sense_is_said(folder):
    assert "no-such-user" in folder(owner="no-such-user")["msg"]
    assert "0x" in folder(mode="0x")["msg"]
