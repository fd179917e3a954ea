# SPDX-License-Identifier: Apache-2.0
"""The modules host_folders and image_owner where docker maps users, lacks an image, or is away; docker is doubled."""

from __future__ import annotations

import pytest
from ansible_collections.rgwkit.ceph.plugins.module_utils.base.errors import ToolError
from ansible_collections.rgwkit.ceph.plugins.module_utils.host.storage import present
from ansible_collections.rgwkit.ceph.plugins.modules import host_folders, image_owner

HOME = "/srv/inventories/one"
CONTAINERS = [{"name": "web", "image": "web:1"}, {"name": "worker", "image": "worker:1"}]
FOLDERS = [
    {"name": "sessions", "used_by": [{"container": "web", "target": "/sessions"}]},
    {"name": "jobs", "used_by": [{"container": "worker", "target": "/jobs"}]},
]


class Double:
    """Images, each of a user by number."""

    def __init__(self, mapped=False, **users):
        self._users, self._mapped = {f"{name}:1": user for name, user in users.items()}, mapped

    def image(self, name):
        user = self._users.get(name)
        return None if user is None else {"Id": name, "Config": {"User": user}}

    def hold_image(self, image, name):
        return name

    def read_file(self, container, path):
        return None

    def release_image(self, container):
        pass

    def maps_users(self):
        return self._mapped


@pytest.fixture
def folders(run_module, monkeypatch, tmp_path):
    def run(images, check=False, **params):
        def connect(_runtime):
            if isinstance(images, Exception):
                raise images
            return images

        monkeypatch.setattr(present, "connect_images", connect)
        monkeypatch.setattr(image_owner, "connect_images", connect)
        given = {"path": str(tmp_path / "own"), "home": HOME, "containers": CONTAINERS, "folders": FOLDERS}
        return run_module(host_folders, check=check, **{**given, **params})

    return run


def test_an_image_that_is_missing_ends_a_run_and_not_a_check(folders, tmp_path):
    images = Double(web="5:6")
    checked = folders(images, check=True)
    assert checked["changes"] == ["made own", "sessions: created for 5:6, mode 0700", "jobs: created"]
    assert [one["owner"] for one in checked["folders"]] == [5, None] and list(checked["containers"]) == ["web"]
    refused = folders(images)
    assert "worker:1: docker has no such image" in refused["msg"] and not (tmp_path / "own").exists()


@pytest.mark.parametrize("check", [True, False])
def test_mapped_users_are_refused_before_anything_is_made(folders, tmp_path, check):
    refused = folders(Double(True, web="5", worker="6"), check=check)
    assert "maps the users of containers to other users of this host. Use a daemon without" in refused["msg"]
    assert not (tmp_path / "own").exists()


def test_mapped_users_are_told(folders, run_module):
    folders(Double(True, web="5"), check=True)
    result = run_module(image_owner, containers=[{"image": "web:1"}])
    assert result["mapped"] is True and result["owners"][0]["uid"] == 5


def test_without_docker_the_message_says_so(folders):
    down = ToolError("connect to", "the docker daemon at /var/run/docker.sock", "no such file", "Start the daemon.")
    assert "connect to the docker daemon" in folders(down)["msg"]


def test_a_removal_needs_no_docker(folders, tmp_path):
    folders(Double(web="5", worker="6"))
    gone = folders(ToolError("connect to", "docker", "down", ""), state="absent", containers=None)
    assert gone["changed"] and not (tmp_path / "own").exists()
    assert f"{tmp_path}/own: removed sessions/\n" in gone["diff"]["prepared"]


def test_what_stays_is_warned_of(folders, tmp_path):
    folders(Double(web="5", worker="6"))
    (tmp_path / "own" / "jobs" / "one").write_text("x")
    kept = folders(Double(), state="absent")
    assert kept["left"] == ["jobs/"] and "remains, since it has jobs/" in str(kept["warnings"])
    assert folders(Double(), state="absent", remove_data=True)["left"] == []


def test_an_image_without_a_user_is_warned_of_once(folders):
    result = folders(Double(web="", worker="6"))
    assert len(result["warnings"]) == 1 and "web:1 names no user" in str(result["warnings"])


def test_a_private_label_on_a_shared_folder_is_refused(folders, tmp_path):
    uses = [{"container": name, "target": "/in"} for name in ("web", "worker")]
    refused = folders(Double(web="5", worker="5"), folders=[{"name": "in", "relabel": "private", "used_by": uses}])
    assert "relabel=private (:Z)" in refused["msg"] and not (tmp_path / "own").exists()
