# SPDX-License-Identifier: Apache-2.0
"""The calls about volumes, as a daemon on a real socket gets and answers them."""

from __future__ import annotations

import json

import pytest
from ansible_collections.rgwkit.ceph.plugins.module_utils.base.errors import ToolError
from ansible_collections.rgwkit.ceph.plugins.module_utils.host.docker.volumes import Volumes

from tests.unit.host.docker.daemon_double import refusal, reply

WEB = {
    "Id": "0123abc",
    "Names": ["/web"],
    "Mounts": [{"Type": "volume", "Name": "data", "Driver": "rgwkit", "Destination": "/data"}],
}
OTHER = {"Id": "9", "Names": ["/other"], "Mounts": [{"Type": "bind", "Source": "/etc", "Destination": "/etc"}]}


@pytest.fixture
def volumes(docker):
    return Volumes(docker)


def test_a_volume_is_found_or_not(daemon, volumes):
    daemon.answers["GET", "/volumes/data"] = reply({"Name": "data"})
    assert volumes.find("data") == {"Name": "data"} and volumes.find("missing") is None
    daemon.answers["GET", "/volumes/broken"] = refusal("500 Internal Server Error", "connection refused")
    with pytest.raises(ToolError, match="inspect volume broken: HTTP 500 connection refused"):
        volumes.find("broken")


def test_create_and_remove(daemon, volumes):
    daemon.answers["POST", "/volumes/create"] = reply({"Name": "data"}, "201 Created")
    daemon.answers["DELETE", "/volumes/data"] = reply(b"", "204 No Content")
    volumes.create("data", "rgwkit", {"remote": "rgw:data"}, {"a": "b"})
    volumes.remove("data")
    assert json.loads(daemon.requests[1].body) == {
        "Name": "data",
        "Driver": "rgwkit",
        "DriverOpts": {"remote": "rgw:data"},
        "Labels": {"a": "b"},
    }


def test_volumes_by_their_labels(daemon, volumes):
    daemon.answers["GET", "/volumes"] = [reply({"Volumes": [{"Name": "data"}]}), reply({"Volumes": None})]
    assert volumes.labelled(io_rgwkit_home="/i") == [{"Name": "data"}] and volumes.labelled(io_rgwkit_home="/j") == []
    assert json.loads(daemon.requests[1].query["filters"][0]) == {"label": ["io.rgwkit.home=/i"]}


def test_containers_of_a_volume_and_of_a_driver(daemon, volumes):
    daemon.answers["GET", "/containers/json"] = reply([WEB, OTHER])
    assert volumes.users("data") == ["web"] and volumes.users("dat") == []
    assert volumes.running_with("rgwkit") == [{"id": "0123abc", "name": "web", "mounts": WEB["Mounts"]}]
    assert volumes.running_with("another") == []


def test_the_process_of_a_container(daemon, volumes):
    daemon.answers["GET", "/containers/0123abc/json"] = reply({"Id": "0123abc", "Name": "/web", "State": {"Pid": 7}})
    assert volumes.process("0123abc") == 7 and volumes.process("gone") == 0


def test_drivers_are_asked_of_docker_alone(daemon, volumes):
    daemon.answers["GET", "/info"] = reply({"Plugins": {"Volume": ["local", "rgwkit"]}})
    assert volumes.drivers() == ["local", "rgwkit"] and daemon.asked() == ["GET /v1.41/info"]


def test_a_restart(daemon, volumes):
    daemon.answers["POST", "/containers/0123abc/restart"] = reply(b"", "204 No Content")
    volumes.restart("0123abc", "web")
    with pytest.raises(ToolError, match="restart container gone: HTTP 404"):
        volumes.restart("gone", "gone")
