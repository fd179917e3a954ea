# SPDX-License-Identifier: Apache-2.0
"""Images are looked into once, and what was created to look is removed whatever happens; docker is doubled."""

from __future__ import annotations

import pytest
from ansible_collections.rgwkit.ceph.plugins.module_utils.base.errors import InputError, ToolError
from ansible_collections.rgwkit.ceph.plugins.module_utils.host.image_owner import Owners

IMAGES = {
    "app:1": {"Id": "sha256:a", "Config": {"User": "app"}},
    "app:latest": {"Id": "sha256:a", "Config": {"User": "app"}},
    "none:1": {"Id": "sha256:b", "Config": None},
}


class Double:
    """Images with the same passwd, and no group."""

    def __init__(self, broken=None, stuck=None):
        self.held, self.released, self._broken, self._stuck = [], [], broken, stuck

    def image(self, name):
        return IMAGES.get(name)

    def hold_image(self, image, name):
        self.held.append((image["Id"], name))
        return name

    def read_file(self, container, path):
        if self._broken:
            raise self._broken
        return b"app:x:5:6:\xff:/:\n" if path == "/etc/passwd" else None

    def release_image(self, container):
        self.released.append(container)
        if self._stuck:
            raise self._stuck


def test_one_look_serves_all_names_and_users_of_an_image():
    images = Double()
    owners = Owners(images)
    assert [owners.owner(name, user).user.uid for name, user in [("app:1", ""), ("app:latest", "7")]] == [5, 7]
    assert len(images.held) == 1 and images.released == [images.held[0][1]]
    assert owners.owner("absent:1") is None


def test_the_container_says_what_it_is_for():
    images = Double()
    Owners(images).owner("app:1")
    assert images.held[0][1].startswith("rgwkit-look-")


def test_doubt_is_told_of_an_image_without_a_user_only():
    owners = Owners(Double())
    assert "names no user" in owners.owner("none:1").doubt
    assert owners.owner("app:1").doubt == owners.owner("none:1", "0").doubt == ""


def test_an_unknown_user_names_the_image():
    with pytest.raises(InputError, match="who runs in the image app:1: the image has no user web"):
        Owners(Double()).owner("app:1", "web")


@pytest.mark.parametrize("broken", [ToolError("read", "x", "torn", ""), SystemExit(143)])
def test_a_failure_or_an_interrupt_leaves_no_container(broken):
    images = Double(broken, stuck=ToolError("remove", "x", "stuck", ""))
    with pytest.raises(type(broken)) as told:
        Owners(images).owner("app:1")
    assert told.value is broken and images.released == [images.held[0][1]]


def test_a_container_that_cannot_be_removed_is_told():
    with pytest.raises(ToolError, match="stuck"):
        Owners(Double(stuck=ToolError("remove", "container x", "stuck", ""))).owner("app:1")
