# SPDX-License-Identifier: Apache-2.0
"""Which lines a suite is installed from, with apt doubled by a folder of archives."""

from __future__ import annotations

import os

import pytest
from ansible_collections.rgwkit.ceph.plugins.module_utils.base.errors import ToolError
from ansible_collections.rgwkit.ceph.plugins.module_utils.host import debian_archive
from ansible_collections.rgwkit.ceph.plugins.module_utils.host.debian_archive import find_sources

MAIN = "http://mirror.example.com/debian"
SECURITY = "http://mirror.example.com/debian-security"
HELPER = """#!/bin/sh
while [ "$1" != download-file ]; do shift; done
case "$2" in *unreachable*) echo "E: Failed to fetch $2  Could not connect to unreachable" >&2; exit 100;; esac
file={archive}/${{2#http://}}
[ -e "$file" ] && cp "$file" "$3" && exit
echo "E: Failed to fetch $2  404  Not Found [IP: 192.0.2.1 80]" >&2
exit 100
"""
INDEX_TARGETS = r"""#!/bin/sh
cat {archive}/listed
"""


@pytest.fixture
def archive(tmp_path, monkeypatch):
    """Adds suites to archives, by base URL; what the host itself installs from is in the file listed."""
    for name, text in (("apt-helper", HELPER), ("apt-get", INDEX_TARGETS)):
        (tmp_path / name).write_text(text.format(archive=tmp_path))
        (tmp_path / name).chmod(0o755)
    (tmp_path / "listed").write_text(f"Debian {MAIN}/\n")
    monkeypatch.setattr(debian_archive, "APT_HELPER", str(tmp_path / "apt-helper"))
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")

    def add(mirror, *suites, name="InRelease"):
        for suite in suites:
            folder = tmp_path / mirror.removeprefix("http://") / "dists" / suite
            folder.mkdir(parents=True)
            (folder / name).write_text("Suite: x\nDate: Thu, 26 Nov 2026 02:14:46 UTC\n")
        return tmp_path

    return add


def lines(*arguments):
    return [source.line() for source in find_sources(*arguments)]


def test_a_stable_suite_has_three_lines_from_the_host_s_own_mirrors(archive):
    archive(MAIN, "bookworm", "bookworm-updates")
    folder = archive("http://security.example.com/x", "bookworm-security")
    (folder / "listed").write_text(f"Debian-Security http://security.example.com/x/\nDebian {MAIN}/\nDebian x:/y\n")
    assert lines("bookworm", None, None) == [
        f"deb {MAIN}/ bookworm main",
        f"deb {MAIN}/ bookworm-updates main",
        "deb http://security.example.com/x/ bookworm-security main",
    ]


def test_the_security_archive_of_a_named_mirror_is_looked_for_beside_it(archive):
    archive(MAIN, "trixie")
    archive(SECURITY, "trixie-security")
    assert lines("trixie", MAIN, None) == [f"deb {MAIN} trixie main", f"deb {SECURITY} trixie-security main"]


def test_sid_has_one_line(archive):
    archive(MAIN, "sid")
    assert lines("sid", None, None) == [f"deb {MAIN}/ sid main"]


def test_an_old_suite_by_its_names_of_then(archive):
    archive(MAIN, "buster", name="Release")
    archive(SECURITY, "buster/updates", name="Release")
    assert lines("buster", MAIN, None)[1:] == [f"deb {SECURITY} buster/updates main"]


def test_states_are_dated(archive):
    archive(MAIN, "sid")
    assert find_sources("sid", None, None)[0].released == "2026-11-26T02:14Z"


def test_security_updates_are_not_left_out_in_silence(archive):
    archive(MAIN, "bookworm", "bookworm-updates")
    with pytest.raises(ToolError, match=f"bookworm on {SECURITY}: the archive has none.*security_mirror=none"):
        find_sources("bookworm", MAIN, None)
    assert len(lines("bookworm", MAIN, "none")) == 2


def test_an_archive_out_of_reach_is_no_archive_without_the_suite(archive):
    archive(MAIN, "bookworm")
    with pytest.raises(ToolError, match=r"Could not connect.*check the network and any proxy"):
        find_sources("bookworm", MAIN, "http://unreachable.example.com/")


def test_a_host_whose_apt_knows_no_mirror_is_told_to_ask_for_one(archive):
    (archive(MAIN, "bookworm") / "listed").write_text("Somebody else's http://mirror.example.com/packages\n")
    with pytest.raises(ToolError, match=r"apt knows none.*apt-get update"):
        find_sources("bookworm", None, None)


def test_an_unknown_suite_is_named(archive):
    with pytest.raises(ToolError, match=f"find Debian bokworm on {MAIN}: the mirror has no such suite"):
        find_sources("bokworm", MAIN, None)
