# SPDX-License-Identifier: Apache-2.0
"""How far mmdebstrap is, by what it says and what it leaves in the file system that it makes."""

from __future__ import annotations

import time

import pytest
from ansible_collections.rgwkit.ceph.plugins.module_utils.base.errors import ToolError
from ansible_collections.rgwkit.ceph.plugins.module_utils.host import debian_progress
from ansible_collections.rgwkit.ceph.plugins.module_utils.host.debian_progress import Progress, progress_of

NAME = "rgwkit/ceph-base:18"


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    """Where the file is."""
    monkeypatch.setattr(debian_progress, "lock_folder_path", lambda: str(tmp_path))
    monkeypatch.setattr(debian_progress, "lock_folder", lambda: str(tmp_path))
    monkeypatch.setattr(debian_progress, "_SECONDS", 0.01)
    return tmp_path


@pytest.fixture
def messages(tmp_path):
    """What mmdebstrap says, which tests add to."""
    with (tmp_path / "messages").open("w+") as file:
        yield file


def say(messages, *lines):
    messages.write("".join(f"{line}\n" for line in lines))
    messages.flush()


def test_the_steps_are_told_by_mmdebstrap_s_words(messages):
    progress = Progress(NAME, messages.fileno(), True)
    assert progress.text() == ""
    say(messages, "I: automatically chosen mode: root", "I: running apt-get update...")
    assert progress.text() == "step 1 of 7: reading the package lists"
    say(messages, "I: downloading packages with apt...", "I: extracting archives...")
    assert progress.text() == "step 3 of 7: unpacking the first packages"
    say(messages, "I: creating tarball...", "I: done")
    assert progress.text() == "step 7 of 7: handing the file system over as an image"


def test_an_image_of_unpacked_files_has_fewer_steps(messages):
    say(messages, "I: running apt-get update...", "I: extracting archives...", "I: creating tarball...")
    assert Progress(NAME, messages.fileno(), False).text().startswith("step 5 of 5: ")


def test_installed_packages_are_counted_with_those_whose_files_are_gone(messages, tmp_path):
    root = tmp_path / "mmdebstrap.abc"
    archives = root / "var/cache/apt/archives"
    archives.mkdir(parents=True)
    (root / "var/log").mkdir()
    progress = Progress(NAME, messages.fileno(), True)
    say(messages, f"I: using {root} as tempdir", "I: installing essential packages...")
    assert progress.text() == "step 4 of 7: installing what every Debian system has"
    for name in ("a_1_all.deb", "b_1_all.deb", "lock"):
        (archives / name).touch()
    lines = ["2026-11-29 18:16:19 status half-configured a:all 1", "2026-11-29 18:16:19 status installed a:all 1"]
    (root / "var/log/dpkg.log").write_text("\n".join([*lines, lines[1], ""]))
    assert progress.text().endswith("installing what every Debian system has, 1 of 2 so far")
    for path in archives.glob("*.deb"):
        path.unlink()
    (archives / "c_1_all.deb").touch()
    say(messages, "I: installing remaining packages inside the chroot...")
    assert progress.text() == "step 5 of 7: downloading and installing the other packages, 1 of 3 so far"
    say(messages, "I: cleaning package lists and apt cache...")
    assert "so far" not in progress.text()


def told(task):
    """What is told of a task within a second."""
    for _attempt in range(100):
        if progress_of(task):
            return progress_of(task)
        time.sleep(0.01)
    return ""


def test_the_task_that_makes_the_image_tells_how_far_it_is_until_it_ends(messages, folder):
    say(messages, "I: running apt-get update...")
    with Progress(NAME, messages.fileno(), True):
        assert told(f"rgwkit.ceph.container_image : Bootstrap {NAME}") == "step 1 of 7: reading the package lists"
        assert progress_of("Wait for the gateway") == ""
    assert progress_of(f"Bootstrap {NAME}") == "" and {path.name for path in folder.iterdir()} == {"messages"}


def test_an_image_is_made_where_nobody_can_be_told(messages, monkeypatch, tmp_path):
    def refuse():
        raise ToolError("use", "/run/rgwkit", "it is not a folder", "Remove it.")

    monkeypatch.setattr(debian_progress, "lock_folder", refuse)
    with Progress(NAME, messages.fileno(), True):
        pass
    monkeypatch.setattr(debian_progress, "lock_folder", lambda: str(tmp_path / "gone"))
    with Progress(NAME, messages.fileno(), True):
        time.sleep(0.05)
    assert progress_of(f"Bootstrap {NAME}") == ""


def test_nobody_else_puts_words_on_the_terminal(folder, monkeypatch):
    (folder / "image.progress").write_text(f"{NAME}\nstep 1 of 7: x\n")
    assert progress_of(f"Bootstrap {NAME}") == "step 1 of 7: x"
    monkeypatch.setattr(debian_progress.os, "geteuid", lambda: folder.stat().st_uid + 1)
    assert progress_of(f"Bootstrap {NAME}") == ""
