# SPDX-License-Identifier: Apache-2.0
"""Folders on a real file system: what is somebody else's stays, and what is interrupted is taken up again."""

from __future__ import annotations

import os
import stat

import pytest
from ansible_collections.rgwkit.ceph.plugins.module_utils.base.errors import ToolError
from ansible_collections.rgwkit.ceph.plugins.module_utils.host.owned_folder import Owned
from ansible_collections.rgwkit.ceph.plugins.module_utils.host.storage import folders
from ansible_collections.rgwkit.ceph.plugins.module_utils.host.storage.folders import Folders
from ansible_collections.rgwkit.ceph.plugins.module_utils.host.storage.plan import Access

HOME = "/srv/inventories/one"
APP = Access(1234, 2345, 0o700)
OTHER = Access(4321, 5432, 0o2770)


@pytest.fixture
def own(tmp_path):
    return tmp_path / "own"


def made(own, check=False, home=HOME):
    return Folders(Owned(str(own), home, False, os.geteuid(), os.getegid()), check)


def present(own, access=APP, name="data", hand_over=False, check=False):
    return made(own, check).present([(name, access, hand_over)])


def seen(path):
    found = path.lstat()
    return found.st_uid, found.st_gid, stat.S_IMODE(found.st_mode)


def test_made_with_its_access_below_a_closed_folder(own):
    said = present(own, check=True)
    assert not own.exists()
    assert present(own) == said == ["made own", "data: created for 1234:2345, mode 0700"]
    assert seen(own) == (os.geteuid(), os.getegid(), 0o700)
    assert seen(own / "data") == (1234, 2345, 0o700) and present(own) == []


def test_a_narrow_umask_changes_nothing(own):
    before = os.umask(0o777)
    try:
        present(own, OTHER)
    finally:
        os.umask(before)
    assert seen(own / "data") == (4321, 5432, 0o2770)


def test_an_empty_folder_follows_a_new_owner(own):
    present(own)
    said = present(own, OTHER, check=True)
    assert seen(own / "data") == (1234, 2345, 0o700)
    assert (
        present(own, OTHER)
        == said
        == ["data: owner 1234 -> 4321", "data: group 2345 -> 5432", "data: mode 0700 -> 2770"]
    )
    assert seen(own / "data") == (4321, 5432, 0o2770)


@pytest.mark.parametrize("check", [True, False])
def test_content_of_another_user_is_no_new_owner_s(own, check):
    present(own)
    (own / "data" / "db").write_text("precious")
    with pytest.raises(
        ToolError, match=r"own/data to user 4321: the folder has content, and is user 1234's.*hand_over"
    ):
        made(own, check).present([("new", APP, False), ("data", OTHER, False)])
    assert seen(own / "data") == (1234, 2345, 0o700) and not (own / "new").exists()


def test_mode_and_group_of_a_folder_with_content_may_change(own):
    present(own)
    (own / "data" / "db").write_text("x")
    before = seen(own / "data" / "db")
    present(own, Access(1234, 7000, 0o2770))
    assert seen(own / "data") == (1234, 7000, 0o2770) and seen(own / "data" / "db") == before


def test_what_the_owner_before_had_is_handed_over(own, tmp_path):
    present(own)
    data, outside = own / "data", tmp_path / "outside"
    (data / "sub").mkdir()
    for path in (data / "a", data / "sub" / "b", data / "root-s", outside):
        path.write_text("x")
    (data / "link").symlink_to(outside)
    for path in (data / "sub", data / "a", data / "sub" / "b", data / "link", outside):
        os.chown(path, 1234, 2345, follow_symlinks=False)
    assert present(own, OTHER, hand_over=True) and present(own, OTHER) == []
    owners = {path.name: seen(path)[:2] for path in [*data.rglob("*"), outside]}
    assert owners.pop("outside") == (1234, 2345) and owners.pop("root-s") == (os.geteuid(), os.getegid())
    assert set(owners.values()) == {(4321, 5432)} and set(owners) == {"sub", "a", "b", "link"}


def test_an_interrupted_hand_over_goes_on(own, monkeypatch):
    present(own)
    for name in "ab":
        (own / "data" / name).write_text("x")
        os.chown(own / "data" / name, 1234, 2345)
    real, done = os.chown, []

    def chown(*args, **kwargs):
        if done:
            raise KeyboardInterrupt
        done.append(args)
        real(*args, **kwargs)

    monkeypatch.setattr(os, "chown", chown)
    with pytest.raises(KeyboardInterrupt):
        present(own, OTHER, hand_over=True)
    monkeypatch.setattr(os, "chown", real)
    present(own, OTHER, hand_over=True)
    assert {seen(path)[:2] for path in [own / "data", *own.glob("data/*")]} == {(4321, 5432)}


@pytest.mark.parametrize("check", [True, False])
@pytest.mark.parametrize("kind", ["link", "file"])
def test_what_is_no_folder_is_refused(own, tmp_path, kind, check):
    made(own).present([])
    target = tmp_path / "target"
    target.mkdir()
    (own / "data").symlink_to(target) if kind == "link" else (own / "data").write_text("x")
    with pytest.raises(ToolError, match="it is a link" if kind == "link" else "it is no folder"):
        present(own, check=check)
    assert seen(target)[0] == os.geteuid()


@pytest.mark.parametrize("check", [True, False])
def test_a_folder_of_somebody_else_is_refused_and_untouched(own, check):
    (own / "data").mkdir(parents=True)
    before = seen(own / "data")
    with pytest.raises(ToolError, match=r"has content \(data\) and no mark"):
        present(own, check=check)
    assert seen(own / "data") == before and not (own / ".rgwkit").exists()


def test_a_folder_of_another_inventory_is_refused(own):
    present(own)
    other = made(own, home="/srv/inventories/two")
    with pytest.raises(ToolError, match="is not this inventory's"):
        other.present([("data", OTHER, True)])
    for with_data in (True, False):
        with pytest.raises(ToolError, match="is not this inventory's"):
            other.absent(["data"], with_data)
    assert seen(own / "data") == (1234, 2345, 0o700)


def test_a_file_system_that_keeps_no_owner_is_told(own, monkeypatch):
    monkeypatch.setattr(folders.os, "fchown", lambda *_args: None)
    with pytest.raises(
        ToolError, match=r"set the access of .*/own/data: owner 0 -> 1234, group 0 -> 2345 remains.*NFS"
    ):
        present(own)


def test_an_unknown_owner_changes_nothing(own):
    assert present(own, None, check=True) == ["made own", "data: created"]
    present(own)
    assert present(own, None, check=True) == []


def test_absent_removes_empty_folders_and_keeps_data(own):
    made(own).present([(name, APP, False) for name in ("data", "empty")])
    (own / "data" / "db").write_text("precious")
    said = made(own, True).absent(["data", "empty"], False)
    done = made(own).absent(["data", "empty"], False)
    assert said == done and (done.changes, done.left) == (["removed empty/"], ["data/"])
    assert (own / "data" / "db").read_text() == "precious"
    said = made(own, True).absent(["data", "empty"], True)
    done = made(own).absent(["data", "empty"], True)
    assert said == done and done.left == [] and not own.exists()
    assert made(own).absent(["data"], False).changes == made(own).absent(["data"], True).changes == []


def test_absent_of_empty_folders_leaves_nothing(own):
    made(own).present([(name, APP, False) for name in ("a", "b")])
    said = made(own, True).absent(["a", "b"], False)
    assert made(own).absent(["a", "b"], False) == said and said.changes == [
        "removed a/",
        "removed b/",
        f"removed {own}",
    ]
    assert not own.exists()


def test_absent_leaves_what_is_not_named_and_what_is_not_ours(own, tmp_path):
    made(own).present([(name, APP, False) for name in ("a", "b")])
    assert made(own).absent(["a"], True).left == ["b/"] and (own / "b").is_dir()
    (tmp_path / "foreign" / "a").mkdir(parents=True)
    for with_data in (True, False):
        assert made(tmp_path / "foreign").absent(["a"], with_data).left == ["a"]
    assert (tmp_path / "foreign" / "a").is_dir()


def test_data_that_comes_between_look_and_removal_stays(own, monkeypatch):
    made(own).present([("a", APP, False)])
    monkeypatch.setattr(Folders, "_is_empty", lambda *_args: True)
    (own / "a" / "late").write_text("precious")
    done = made(own).absent(["a"], False)
    assert (done.changes, done.left) == ([], ["a/"]) and (own / "a" / "late").exists()
