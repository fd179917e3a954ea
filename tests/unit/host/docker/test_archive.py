# SPDX-License-Identifier: Apache-2.0
"""A file out of the archives that the daemon makes."""

from __future__ import annotations

import io
import tarfile

import pytest
from ansible_collections.rgwkit.ceph.plugins.module_utils.base.errors import ToolError
from ansible_collections.rgwkit.ceph.plugins.module_utils.host.docker.archive import text_file

from tests.unit.host.docker.daemon_double import refusal, reply

IMAGE = {"Id": "sha256:a", "Config": {"Volumes": {"/data": {}}}}


def packed(name, content=b"", link=None):
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as tar:
        entry = tarfile.TarInfo(name)
        entry.size = len(content)
        if link:
            entry.type, entry.linkname = tarfile.SYMTYPE, link
        tar.addfile(entry, io.BytesIO(content))
    return buffer.getvalue()


def coming(*blocks):
    """An archive that comes in these blocks."""
    yield from blocks


def test_a_file_comes_in_any_blocks():
    whole = packed("passwd", b"app")
    assert text_file(lambda _path: coming(whole[:700], whole[700:]), "/etc/passwd") == b"app"


def test_an_archive_is_closed_before_the_error_is_seen():
    """The daemon waits with the removal of the container until nobody reads the archive."""
    archive = coming(*[b"x" * 65536] * 100)
    with pytest.raises(ToolError, match="no file of at most 4 MiB"):
        text_file(lambda _path: archive, "/etc/passwd")
    assert list(archive) == []


@pytest.mark.parametrize(
    ("link", "place"), [("../a/b", "/a/b"), ("/a/b", "/a/b"), ("b", "/etc/b"), ("../../../../a", "/a")]
)
def test_a_link_stays_inside_the_image(link, place):
    asked = []

    def archive(path):
        asked.append(path)
        return coming(packed("x", link=link) if len(asked) == 1 else packed("x", b"found"))

    assert text_file(archive, "/etc/passwd") == b"found"
    assert asked == ["/etc/passwd", place]


def test_links_in_a_circle_end():
    with pytest.raises(ToolError, match="form a circle"):
        text_file(lambda _path: coming(packed("x", link="passwd")), "/etc/passwd")


@pytest.mark.parametrize("blocks", [[b"x" * 65536] * 100, [b"no tar" * 200], [b""], [packed("x", b"cut" * 999)[:600]]])
def test_what_is_no_file_is_refused(blocks):
    with pytest.raises(ToolError, match="/etc/passwd of the image"):
        text_file(lambda _path: coming(*blocks), "/etc/passwd")


def test_an_image_is_held_and_let_go(daemon, docker):
    daemon.answers["POST", "/containers/create"] = reply({"Id": "c1"}, "201 Created")
    daemon.answers["DELETE", "/containers/c1"] = reply(b"", "204 No Content")
    assert docker.hold_image(IMAGE, "look") == "c1"
    docker.release_image("c1")
    create, remove = daemon.requests[-2:]
    assert create.query == {"name": ["look"]} and b'"Tmpfs": {"/data": ""}' in create.body
    assert b'"Image": "sha256:a"' in create.body and b'"NetworkMode": "none"' in create.body
    assert remove.query == {"v": ["1"], "force": ["1"]}


def test_a_file_that_is_not_there_is_none(daemon, docker):
    daemon.answers["GET", "/containers/c1/archive"] = [
        reply(packed("passwd", b"app")),
        refusal("404 Not Found", "no such file"),
        refusal("500 Internal Server Error", "layer store is broken"),
    ]
    assert docker.read_file("c1", "/etc/passwd") == b"app"
    assert docker.read_file("c1", "/etc/group") is None
    with pytest.raises(ToolError, match="read /etc/group in container c1: HTTP 500 layer store is broken"):
        docker.read_file("c1", "/etc/group")


@pytest.mark.parametrize(
    ("options", "mapped"),
    [
        (None, False),
        (["name=seccomp,profile=default", "name=cgroupns"], False),
        (["name=seccomp,profile=default", "name=userns"], True),
        (["name=rootless"], True),
    ],
)
def test_mapped_users_are_known(daemon, docker, options, mapped):
    daemon.answers["GET", "/info"] = reply({"SecurityOptions": options})
    assert docker.maps_users() is mapped
