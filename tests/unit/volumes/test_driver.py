# SPDX-License-Identifier: Apache-2.0
"""A volume driver that has gone is known at once, without docker, which waits 15 s."""

from __future__ import annotations

import os
import socket
import time
from contextlib import contextmanager

import pytest
from ansible_collections.rgwkit.ceph.plugins.module_utils.base.errors import ToolError
from ansible_collections.rgwkit.ceph.plugins.module_utils.volumes import driver
from ansible_collections.rgwkit.ceph.plugins.module_utils.volumes.driver import Driver, leftovers

from tests.unit.host.docker.daemon_double import Daemon, refusal, reply


class Plugin(Daemon):
    """The calls of a plugin have no version in their path."""

    def _answer(self, request):
        return self.answers.get((request.method, request.path), refusal("404 Not Found", ""))


@contextmanager
def listening(path, serve=None):
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(path))
        server.listen()
        if serve:
            serve(server)
        yield
        server.shutdown(socket.SHUT_RDWR)


def plugin(kind):
    double = Plugin()
    double.answers["POST", "/Plugin.Activate"] = reply({"Implements": [kind]})
    return double.serve


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.setattr(driver, "_SPEC_FOLDERS", (str(tmp_path / "specs"),))
    monkeypatch.setattr(driver, "_SECONDS", 0.3)
    return tmp_path


def test_a_driver_that_answers_has_no_problem(folder):
    with listening(folder / "d.sock", plugin("VolumeDriver")):
        assert not Driver("d", str(folder)).problem
        Driver("d", str(folder)).check()


def test_what_is_wrong_with_a_driver(folder):
    (folder / "file.sock").touch()
    with listening(folder / "left.sock"):
        pass
    assert Driver("gone", str(folder)).problem == "there is no such socket"
    assert Driver("file", str(folder)).problem == "this is no socket"
    assert Driver("left", str(folder)).problem == "Connection refused"
    with listening(folder / "net.sock", plugin("NetworkDriver")):
        assert Driver("net", str(folder)).problem == "this is no volume driver"
    with pytest.raises(ToolError, match=r"reach the volume driver gone at .*gone\.sock: there is no such socket"):
        Driver("gone", str(folder)).check()


def test_a_driver_that_hangs_takes_no_longer_than_the_limit(folder):
    with listening(folder / "d.sock"):
        begin = time.monotonic()
        assert Driver("d", str(folder)).problem == "no proper answer within 0.3 s"
        assert time.monotonic() - begin < 5


def test_leftovers_are_those_of_sockets_alone(folder):
    os.mkdir(folder / "specs")
    (folder / "specs" / "described.spec").touch()
    with listening(folder / "alive.sock", plugin("VolumeDriver")):
        names = ["local", "vieux/sshfs:latest", "described", "alive", "gone"]
        assert leftovers(names, str(folder)) == ["gone"]
