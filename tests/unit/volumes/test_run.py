# SPDX-License-Identifier: Apache-2.0
"""Containers with dead mounts are restarted on request only, once each, and looked at again."""

from __future__ import annotations

import pytest
from ansible_collections.rgwkit.ceph.plugins.module_utils.base.errors import ToolError
from ansible_collections.rgwkit.ceph.plugins.module_utils.volumes import run
from ansible_collections.rgwkit.ceph.plugins.module_utils.volumes.dead_mounts import DeadMount

PARAMS = {
    "endpoint": "http://127.0.0.1:9",
    "user": "u:swift",
    "key": "not-a-real-key",
    "key_file": None,
    "home": "/i",
    "host": "one",
    "takeover": False,
    "driver": "rgwkit",
    "driver_to_be_made": False,
    "restart_containers": True,
    "purge": False,
    "cache": None,
    "volumes": [],
}
DEAD = [DeadMount("id-web", "web", volume, f"/{volume}", "gone") for volume in ("one", "two")]


class Docker:
    """Docker with one container, whose mounts are dead until it is restarted, or for good."""

    def __init__(self, heals):
        self.heals, self.restarted = heals, []

    def drivers(self):
        return ["local"]

    def running_with(self, driver):
        return [{"id": "id-web", "name": "web", "mounts": []}]

    def restart(self, container, name):
        self.restarted.append((container, name))

    def dead(self):
        return [] if self.restarted and self.heals else DEAD


class Answering:
    """A driver that runs."""

    name, problem = "rgwkit", ""

    def __init__(self, name):
        assert name == self.name

    def check(self):
        pass


@pytest.fixture
def work(monkeypatch):
    def act(docker, check_mode=False, **changes):
        monkeypatch.setattr(run, "connect", lambda seconds: docker)
        monkeypatch.setattr(run, "Volumes", lambda connected: connected)
        monkeypatch.setattr(run, "Driver", Answering)
        monkeypatch.setattr(run, "dead_mounts", lambda volumes, driver: volumes.dead())
        one = run.Run({**PARAMS, **changes}, check_mode)
        return one.result(), one

    return act


def test_a_container_is_restarted_once_whatever_the_number_of_its_volumes(work):
    docker = Docker(heals=True)
    result, one = work(docker)
    assert docker.restarted == [("id-web", "web")] and result["changed"] and one.warnings == []
    assert [mount["volume"] for mount in result["dead_mounts"]] == ["one", "two"]
    assert one.summary("http://x") == "volumes on http://x: none listed; 1 container restarted (web)"


@pytest.mark.parametrize(("options", "changed"), [({"restart_containers": False}, False), ({"check_mode": True}, True)])
def test_without_being_told_and_in_check_mode_no_container_is_restarted(work, options, changed):
    docker = Docker(heals=True)
    result, one = work(docker, **options)
    assert docker.restarted == [] and result["changed"] is changed and result["running"] == ["web"]
    assert bool(one.warnings) is not changed


def test_a_container_that_stays_dead_is_a_failure(work):
    with pytest.raises(ToolError, match="restart container 'web' to give it volume 'one' again: gone"):
        work(Docker(heals=False))
