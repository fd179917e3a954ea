# SPDX-License-Identifier: Apache-2.0
"""The collector: a real program of a few lines on this host, and containers of doubles of docker and podman."""

from __future__ import annotations

import os

import pytest
from ansible_collections.rgwkit.ceph.plugins.module_utils.base.errors import ToolError
from ansible_collections.rgwkit.ceph.plugins.module_utils.registry.storage.collector import (
    collector_by,
    collector_in,
    collector_in_podman,
)

CONFIG = "/etc/docker/registry/config.yml"


@pytest.fixture
def script(tmp_path):
    """Makes a program of these lines of shell."""

    def make(*lines):
        path = tmp_path / "registry"
        path.write_text("\n".join(["#!/bin/sh", *lines]) + "\n")
        path.chmod(0o700)
        return ["env", "FROM=starter", str(path)]

    return make


def test_the_collector_gets_its_words_and_its_lines_come_back(script):
    program = script('echo "$FROM: $*"', "echo 2 blobs marked >&2", "printf 'no end'")
    lines = []
    assert collector_by(program, CONFIG, 10)(["--dry-run"], lines.append) == 0
    assert lines == [f"starter: garbage-collect --dry-run {CONFIG}", "2 blobs marked", "no end"]


def test_its_exit_code_is_that_of_the_program(script):
    assert collector_by(script("exit 7"), CONFIG, 10)([], print) == 7


def test_a_silent_collector_is_given_up(script):
    lines = []
    with pytest.raises(ToolError, match=r"nothing for 0\.2 s"):
        collector_by(script("echo begun", "exec sleep 60"), CONFIG, 0.2)([], lines.append)
    assert lines == ["begun"]


def test_a_program_that_is_not_there_is_named(tmp_path):
    with pytest.raises(ToolError, match=r"run .*/missing garbage-collect .*No such file"):
        collector_by([str(tmp_path / "missing")], CONFIG, 10)([], print)


class Daemon:
    """A daemon with the container hub, in which the collector ends with this code."""

    def __init__(self, *blocks, code=0):
        self.blocks, self.code, self.ran = blocks, code, []

    def container(self, name):
        return {"Id": "1", "Name": "/hub", "Config": {"Entrypoint": ["/bin/registry"]}} if name == "hub" else None

    def execute(self, container, command):
        self.ran.append(command)
        return self

    def __iter__(self):
        return iter(self.blocks)

    def exit_code(self):
        return self.code


def test_the_collector_of_a_container_is_what_its_entry_point_makes_of_the_command():
    daemon, lines = Daemon(b"one\ntw", b"o\n\xc3", b"\xa4 no end", code=3), []
    assert collector_in(daemon, "hub", CONFIG)(["--dry-run"], lines.append) == 3
    assert daemon.ran == [["/bin/registry", "garbage-collect", "--dry-run", CONFIG]]
    assert lines == ["one", "two", "\u00e4 no end"]


def test_a_container_that_is_not_there_is_named():
    with pytest.raises(ToolError, match="run garbage-collect in container gone: there is no such container"):
        collector_in(Daemon(), "gone", CONFIG)([], print)


@pytest.fixture
def podman(tmp_path, monkeypatch):
    """A podman of these lines of shell, where nothing else is found."""

    def make(*lines):
        path = tmp_path / "podman"
        path.write_text("\n".join(["#!/bin/sh", *lines]) + "\n")
        path.chmod(0o700)
        monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")

    return make


@pytest.mark.parametrize(
    "shown", ['"when-storage-answers docker-registry"', '["when-storage-answers","docker-registry"]']
)
def test_a_container_of_podman_has_its_entry_point_in_either_form(podman, shown):
    podman(f"[ $1 = container ] && echo '{shown}' && exit", 'echo "$*"', "exit 4")
    lines = []
    assert collector_in_podman("hub", CONFIG, 10)(["--dry-run"], lines.append) == 4
    assert lines == [f"exec hub when-storage-answers docker-registry garbage-collect --dry-run {CONFIG}"]


def test_a_container_that_podman_does_not_have_is_named(podman):
    podman("echo 'Error: no such container gone' >&2", "exit 125")
    with pytest.raises(ToolError, match=r"in container gone: Error: no such container gone.*\(podman ps -a\)"):
        collector_in_podman("gone", CONFIG, 10)
