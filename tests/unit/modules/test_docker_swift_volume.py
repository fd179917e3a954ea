# SPDX-License-Identifier: Apache-2.0
"""The module's own main(), on a host without a volume driver: what it refuses, and that no secret is shown."""

from __future__ import annotations

import socket

import pytest
from ansible_collections.rgwkit.ceph.plugins.module_utils.volumes import driver
from ansible_collections.rgwkit.ceph.plugins.modules import docker_swift_volume, rclone_settings

from tests.unit.host.docker.daemon_double import Daemon, reply

CANARY = "canary-5be1c0d7f2"
GONE = {"Plugins": {"Volume": ["local", "no-such-driver"]}}


@pytest.fixture
def daemon(tmp_path, monkeypatch):
    double, path = Daemon(), str(tmp_path / "docker.sock")
    monkeypatch.setenv("DOCKER_HOST", f"unix://{path}")
    monkeypatch.setattr(driver, "FOLDER", str(tmp_path))
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(path)
        server.listen()
        double.serve(server)
        double.answers["GET", "/info"] = reply(GONE)
        double.answers["GET", "/containers/json"] = reply([])
        yield double
        server.shutdown(socket.SHUT_RDWR)


@pytest.fixture
def module(run_module):
    def run(*volumes, **options):
        given = {"endpoint": "http://127.0.0.1:9", "user": "u:swift", "key": CANARY, "home": "/i", "wait": 0}
        given.update(driver="no-such-driver", volumes=list(volumes))
        result = run_module(docker_swift_volume, **{**given, **options})
        assert CANARY not in result.pop("printed")
        return result

    return run


def test_a_driver_that_is_down_is_named_without_a_word_to_docker(module, daemon):
    result = module({"name": "data"})
    assert result["failed"] and result["failure"]["operation"] == "reach"
    assert "the volume driver no-such-driver at" in result["msg"] and "waits 15 s" in result["msg"]
    assert daemon.requests == []


def test_a_look_without_volumes_names_the_driver_that_docker_remembers(module, daemon):
    result = module()
    assert not result["changed"] and result["drivers_gone"] == ["no-such-driver"]
    # No call that would wait for the driver.
    assert daemon.asked() == ["GET /v1.41/info", "GET /v1.41/containers/json", "GET /v1.41/containers/json"]
    assert module(purge=True)["volumes"] == []


def test_a_plan_for_a_driver_that_the_run_is_going_to_make(module, daemon):
    result = module({"name": "data", "uid": 5}, driver_to_be_made=True, check=True)
    assert result["changed"] and result["summary"] == "volumes on http://127.0.0.1:9: 1 would be created"
    assert daemon.requests == []


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"user": "u"}, "user: 'u' is no swift user; give uid:subuser"),
        ({"host": "a b"}, "host: 'a b' is no name of a host"),
        ({"key": None, "key_file": "/missing/file"}, "the swift key: secret file '/missing/file' does not exist"),
    ],
)
def test_input_that_cannot_be_meant(module, daemon, options, said):
    result = module({"name": "data"}, **options)
    assert result["failed"] and said in result["msg"] and result["failure"]["operation"] == "use"


def test_the_settings_show_no_key(run_module, tmp_path):
    path = tmp_path / "rclone.conf"
    given = {"path": str(path), "endpoint": "http://gateway.example", "user": "u:swift", "key": CANARY}
    results = [run_module(rclone_settings, **given) for _time in range(2)]
    assert [one["changed"] for one in results] == [True, False] and CANARY in path.read_text()
    assert all(CANARY not in one["printed"] for one in results)
