# SPDX-License-Identifier: Apache-2.0
"""Containers whose volumes are dead are those whose processes cannot use the mount."""

from __future__ import annotations

import os

from ansible_collections.rgwkit.ceph.plugins.module_utils.volumes.dead_mounts import dead_mounts, problem_with_mount


class Running:
    """Docker with two containers, one of which has just ended."""

    def running_with(self, driver):
        mount = {"Name": "data", "Destination": "/data"}
        return (
            [{"id": name, "name": name, "mounts": [mount]} for name in ("ended", "web")] if driver == "rgwkit" else []
        )

    def process(self, container):
        return {"web": 7}.get(container, 0)


def test_a_dead_mount_is_told_with_its_container():
    seen = []

    def look(process, path):
        seen.append((process, path))
        return "Transport endpoint is not connected"

    found = dead_mounts(Running(), "rgwkit", look)
    assert seen == [(7, "/data")]
    assert [one.as_dict() for one in found] == [
        {"container": "web", "volume": "data", "path": "/data", "problem": "Transport endpoint is not connected"}
    ]
    assert dead_mounts(Running(), "rgwkit", lambda process, path: "") == []


def test_a_path_of_a_process_is_looked_at_with_its_eyes(tmp_path):
    assert problem_with_mount(os.getpid(), str(tmp_path)) == ""
    assert problem_with_mount(os.getpid(), str(tmp_path / "missing")) == "No such file or directory"
