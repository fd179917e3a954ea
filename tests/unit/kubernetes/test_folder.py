# SPDX-License-Identifier: Apache-2.0
"""The folder of rendered files: what differs is written, with its mode from the start, and links are left alone."""

from __future__ import annotations

import os
import stat

import pytest
from ansible_collections.rgwkit.ceph.plugins.module_utils.base.errors import InputError
from ansible_collections.rgwkit.ceph.plugins.module_utils.kubernetes.folder import apply, changes
from ansible_collections.rgwkit.ceph.plugins.module_utils.kubernetes.rendered import HEADER, rendered

PUBLIC, SECRET = rendered("registry.yaml", [{"a": "1"}]), rendered("secret.yaml", [{"b": "hush"}], secret=True)
NAMES = ("namespace.yaml", "registry.yaml", "secret.yaml")


def plan(folder, *files):
    return changes(str(folder), files or (PUBLIC, SECRET), NAMES, os.geteuid())


def mode(path):
    return stat.S_IMODE(path.stat().st_mode)


def test_written_once_and_left_alone_after(tmp_path):
    found = plan(tmp_path)
    assert [os.path.basename(one.path) for one in found] == ["registry.yaml", "secret.yaml"]
    apply(found, os.geteuid())
    assert (mode(tmp_path / "secret.yaml"), mode(tmp_path / "registry.yaml")) == (0o600, 0o644)
    assert plan(tmp_path) == []


def test_only_what_differs_is_written(tmp_path):
    apply(plan(tmp_path), os.geteuid())
    before = (tmp_path / "secret.yaml").stat().st_ino
    [change] = plan(tmp_path, rendered("registry.yaml", [{"a": "2"}]), SECRET)
    apply([change], os.geteuid())
    assert 'a: "2"' in (tmp_path / "registry.yaml").read_text() and (tmp_path / "secret.yaml").stat().st_ino == before


def test_a_mode_that_was_opened_is_closed_again(tmp_path):
    apply(plan(tmp_path), os.geteuid())
    (tmp_path / "secret.yaml").chmod(0o644)
    [change] = plan(tmp_path)
    assert "mode 0644 -> 0600" in change.diff()["prepared"]
    apply([change], os.geteuid())
    assert mode(tmp_path / "secret.yaml") == 0o600


def test_a_file_that_is_no_longer_asked_for_goes_if_it_is_ours(tmp_path):
    (tmp_path / "namespace.yaml").write_text(HEADER + "kind: Namespace\n")
    (tmp_path / "notes.yaml").write_text(HEADER)
    apply(plan(tmp_path), os.geteuid())
    assert sorted(path.name for path in tmp_path.iterdir()) == ["notes.yaml", "registry.yaml", "secret.yaml"]
    (tmp_path / "namespace.yaml").write_text("kind: Namespace\n")
    assert plan(tmp_path) == []


@pytest.mark.parametrize("name", NAMES)
def test_a_link_is_refused_and_nothing_is_written(tmp_path, name):
    elsewhere = tmp_path / "elsewhere"
    elsewhere.write_text("mine")
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / name).symlink_to(elsewhere)
    with pytest.raises(InputError, match=f"{name} is a link or no regular file"):
        plan(folder)
    assert elsewhere.read_text() == "mine" and len(list(folder.iterdir())) == 1


def test_a_diff_shows_no_secret_and_no_file_of_somebody_else(tmp_path):
    (tmp_path / "registry.yaml").write_text("password: theirs\n")
    (tmp_path / "secret.yaml").write_text("theirs too\n")
    shown = str([change.diff() for change in plan(tmp_path)])
    assert "theirs" not in shown and "hush" not in shown and "secrets changed" in shown and 'a: "1"' in shown


def test_a_folder_that_is_not_there_yet_is_planned(tmp_path):
    assert len(plan(tmp_path / "later")) == 2


def test_nothing_spells_out_the_text():
    assert "hush" not in repr(SECRET)
