# SPDX-License-Identifier: Apache-2.0
"""An image from packages, with mmdebstrap and the docker daemon doubled."""

from __future__ import annotations

import os
import re
import time

import pytest
from ansible_collections.rgwkit.ceph.plugins.module_utils.base.errors import ToolError
from ansible_collections.rgwkit.ceph.plugins.module_utils.host import debian_image, debian_progress
from ansible_collections.rgwkit.ceph.plugins.module_utils.host.debian_archive import Source
from ansible_collections.rgwkit.ceph.plugins.module_utils.host.debian_image import Recipe, bootstrap, image_labels

RECIPE = Recipe("bookworm", ["radosgw", "ceph-mon"], None, None, False)
SOURCES = [
    Source("http://mirror.example.com/debian", "bookworm", "2026-05-16T08:55Z"),
    Source("http://mirror.example.com/debian-security", "bookworm-security", "2026-11-26T02:14Z"),
]


class Daemon:
    """Keeps what it is given, as the docker daemon would."""

    def __init__(self):
        self.imported, self.labels, self.tags, self.removed = b"", {}, [], []

    def import_image(self, tar, labels):
        self.imported, self.labels = b"".join(tar), labels
        return "sha256:abc"

    def tag_image(self, image_id, name):
        self.tags.append((image_id, name))

    def remove_image(self, image_id):
        self.removed.append(image_id)


@pytest.fixture(autouse=True)
def told(tmp_path_factory, monkeypatch):
    """Where the progress is told, instead of the host's own folder."""
    folder = tmp_path_factory.mktemp("told")
    monkeypatch.setattr(debian_progress, "lock_folder", lambda: str(folder))
    monkeypatch.setattr(debian_progress, "lock_folder_path", lambda: str(folder))


@pytest.fixture
def mmdebstrap(tmp_path, monkeypatch):
    """Puts a program of that name first on the PATH; its arguments end up in a file."""

    def install(script):
        program = tmp_path / "mmdebstrap"
        program.write_text(f'#!/bin/sh\nprintf "%s\\n" "$@" >{tmp_path}/arguments\n{script}\n')
        program.chmod(0o755)
        monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
        return tmp_path / "arguments"

    return install


def test_the_file_system_goes_to_the_daemon_with_labels_and_name(mmdebstrap):
    arguments = mmdebstrap("printf 'a tar'")
    daemon = Daemon()
    assert bootstrap(daemon, RECIPE, SOURCES, "rgwkit/ceph-base:16", {"a": "b"}, 60) == "sha256:abc"
    assert daemon.imported == b"a tar"
    assert daemon.labels == {"a": "b"}
    assert daemon.tags == [("sha256:abc", "rgwkit/ceph-base:16")]
    lines = arguments.read_text().splitlines()
    assert lines[-5:-2] == ["--include=radosgw,ceph-mon", "bookworm", "-"]
    # In the image's own sources.list, too.
    assert lines[-2:] == [
        "deb http://mirror.example.com/debian bookworm main",
        "deb http://mirror.example.com/debian-security bookworm-security main",
    ]
    assert not [line for line in lines if "Valid-Until" in line]
    assert "--variant=apt" in lines
    # With that option, mmdebstrap starts a program for each package that it extracts.
    assert not [line for line in lines if line.startswith("--dpkgopt=path-exclude")]


def test_packages_of_files_alone_are_unpacked_with_what_a_program_needs(mmdebstrap):
    arguments = mmdebstrap("printf 'a tar'")
    bootstrap(Daemon(), RECIPE._replace(packages=["docker-registry"], configure=False), SOURCES, "x:1", {}, 60)
    lines = arguments.read_text().splitlines()
    assert "--variant=extract" in lines
    (included,) = [line for line in lines if line.startswith("--include=")]
    assert included.startswith("--include=docker-registry,") and {"bash", "coreutils"} < set(included.split(","))


def test_who_waits_is_told_how_far_the_image_is(mmdebstrap, monkeypatch):
    monkeypatch.setattr(debian_progress, "_SECONDS", 0.01)
    mmdebstrap("echo 'I: running apt-get update...' >&2; sleep 0.5; printf 'a tar'")

    class Waiting(Daemon):
        def import_image(self, tar, labels):
            time.sleep(0.3)
            self.told = debian_progress.progress_of("Bootstrap x:1")
            return super().import_image(tar, labels)

    daemon = Waiting()
    bootstrap(daemon, RECIPE, SOURCES, "x:1", {}, 60)
    assert daemon.told == "step 1 of 7: reading the package lists"
    assert debian_progress.progress_of("Bootstrap x:1") == ""


@pytest.mark.parametrize(("user", "mode"), [(0, "root"), (1000, "unshare")])
def test_an_ordinary_user_works_in_a_user_namespace(mmdebstrap, monkeypatch, user, mode):
    arguments = mmdebstrap("true")
    monkeypatch.setattr(os, "geteuid", lambda: user)
    bootstrap(Daemon(), RECIPE, SOURCES, "x:1", {}, 60)
    assert f"--mode={mode}" in arguments.read_text().splitlines()


def test_an_expired_release_file_is_accepted_on_demand_only(mmdebstrap):
    arguments = mmdebstrap("true")
    bootstrap(Daemon(), RECIPE._replace(allow_expired_release=True), SOURCES, "x:1", {}, 60)
    assert '--aptopt=Acquire::Check-Valid-Until "false"' in arguments.read_text()


def test_a_half_made_file_system_never_gets_the_name(mmdebstrap):
    mmdebstrap("printf half; echo 'E: mirror/InRelease is expired (invalid since 13d)' >&2; exit 25")
    daemon = Daemon()
    said = r"Debian bookworm \(radosgw, ceph-mon\).*exit code 25.*allow_expired_release"
    with pytest.raises(ToolError, match=said):
        bootstrap(daemon, RECIPE, SOURCES, "x:1", {}, 60)
    assert daemon.tags == []
    assert daemon.removed == ["sha256:abc"]


class Refusing(Daemon):
    """Takes the whole file system, or none of it, and refuses it."""

    def __init__(self, reads):
        super().__init__()
        self.reads = reads

    def import_image(self, tar, labels):
        if self.reads:
            super().import_image(tar, labels)
        raise ToolError("import", "image", "unexpected EOF", "Read the docker daemon's log.", 500)


def test_a_torn_file_system_that_the_daemon_refuses_is_mmdebstrap_s_failure(mmdebstrap):
    mmdebstrap("printf half; echo 'E: no such package' >&2; exit 25")
    daemon = Refusing(reads=True)
    with pytest.raises(ToolError, match=r"mmdebstrap: exit code 25: E: no such package"):
        bootstrap(daemon, RECIPE, SOURCES, "x:1", {}, 60)
    assert (daemon.tags, daemon.removed) == ([], [])


def test_a_whole_file_system_that_the_daemon_refuses_is_the_daemon_s_failure(mmdebstrap):
    mmdebstrap("printf whole")
    with pytest.raises(ToolError, match=r"import image: HTTP 500 unexpected EOF"):
        bootstrap(Refusing(reads=True), RECIPE, SOURCES, "x:1", {}, 60)


def test_a_daemon_that_stops_reading_ends_mmdebstrap(mmdebstrap, monkeypatch, tmp_path):
    monkeypatch.setattr(debian_image, "_LAST_SECONDS", 0.2)
    mmdebstrap(f"trap 'touch {tmp_path}/ended; exit 1' TERM; sleep 30 & wait")
    begin = time.monotonic()
    with pytest.raises(ToolError, match=r"import image: HTTP 500 unexpected EOF"):
        bootstrap(Refusing(reads=False), RECIPE, SOURCES, "x:1", {}, 60)
    assert (tmp_path / "ended").exists() and time.monotonic() - begin < 10


def test_a_mirror_that_hangs_ends_in_bounded_time(mmdebstrap):
    mmdebstrap("exec sleep 30")
    with pytest.raises(ToolError, match="did not end within 1 s"):
        bootstrap(Daemon(), RECIPE, SOURCES, "x:1", {}, 1)


def test_a_missing_mmdebstrap_says_what_to_install(monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(ToolError, match="Install the Debian package mmdebstrap"):
        bootstrap(Daemon(), RECIPE, SOURCES, "x:1", {}, 60)


def test_the_recipe_is_about_what_is_inside():
    assert RECIPE.digest() == RECIPE._replace(packages=["ceph-mon", "radosgw"], mirror=None).digest()
    assert RECIPE.digest() != RECIPE._replace(packages=["radosgw"]).digest()
    assert RECIPE.digest() != RECIPE._replace(suite="trixie").digest()
    assert RECIPE.digest() != RECIPE._replace(security_mirror="none").digest()
    assert RECIPE.digest() != RECIPE._replace(configure=False).digest()
    # Images that were made before there was a choice stay what they are.
    assert RECIPE.digest() == "d4b5fd76761ae738"


def test_an_image_says_from_which_states_of_the_archive_it_was_made():
    labels = image_labels(RECIPE, SOURCES)
    assert labels["io.rgwkit.releases"] == "bookworm=2026-05-16T08:55Z bookworm-security=2026-11-26T02:14Z"
    assert re.fullmatch(r"20\d\d-\d\d-\d\dT\d\d:\d\d:\d\dZ", labels["io.rgwkit.made"])
