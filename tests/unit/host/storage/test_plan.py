# SPDX-License-Identifier: Apache-2.0
"""Whose a folder is, and what its containers are run with."""

from __future__ import annotations

import pytest
from ansible_collections.rgwkit.ceph.plugins.module_utils.base.errors import InputError
from ansible_collections.rgwkit.ceph.plugins.module_utils.host.image_user import User
from ansible_collections.rgwkit.ceph.plugins.module_utils.host.storage.plan import Access, access, wiring
from ansible_collections.rgwkit.ceph.plugins.module_utils.host.storage.spec import Container, Folder, Storage, Use

USERS = {"web": User(5, 6), "twin": User(5, 9), "worker": User(7, 8, groups=(7000,)), "root": User(0, 0)}
CONTAINERS = {name: Container(name, f"{name}:1") for name in USERS}


def folder(*names, read_only=(), **options):
    uses = [Use(name, "/data") for name in names] + [Use(name, "/in", True) for name in read_only]
    return Folder("data", tuple(uses), **options)


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        (folder("web"), Access(5, 6, 0o700)),
        (folder("web", mode=0o755), Access(5, 6, 0o755)),
        (folder("root"), Access(0, 0, 0o700)),
        (folder(read_only=["web"]), Access(5, 6, 0o700)),
        (folder("web", group=7000), Access(5, 7000, 0o2770)),
        (folder("web", "worker", group=7000), Access(0, 7000, 0o2770)),
        (folder("web", "worker", group=7000, mode=0o3770), Access(0, 7000, 0o3770)),
        # Who only reads does not own.
        (folder("web", read_only=["worker"], group=7000), Access(5, 7000, 0o2770)),
        (folder(read_only=["web", "worker"], group=7000), Access(0, 7000, 0o2770)),
    ],
)
def test_owner_group_and_mode(wanted, found):
    assert access(wanted, USERS) == found


def test_one_user_in_two_images_owns_the_folder():
    assert access(folder("web", "twin"), USERS).uid == 5


@pytest.mark.parametrize("wanted", [folder("web", "worker"), folder("web", read_only=["worker"])])
def test_several_users_need_a_common_group(wanted):
    with pytest.raises(InputError, match=r"web as user 5, worker as user 7.*set group to a number"):
        access(wanted, USERS)


def wired(*folders, users=USERS):
    return {name: one.as_dict() for name, one in wiring(Storage("/srv/own", CONTAINERS, folders), users).items()}


@pytest.mark.parametrize(("relabel", "end"), [("shared", ":z"), ("private", ":Z"), ("none", "")])
def test_volumes_say_the_label(relabel, end):
    assert wired(folder("web", relabel=relabel))["web"]["volumes"] == [f"/srv/own/data:/data{end}"]


def test_a_reader_gets_a_read_only_volume():
    found = wired(folder("root", read_only=["web"]), folder("web", relabel="none"))
    assert found["web"]["volumes"] == ["/srv/own/data:/in:ro,z", "/srv/own/data:/data"]
    assert wired(folder(read_only=["web"], relabel="none"))["web"]["volumes"] == ["/srv/own/data:/in:ro"]


def test_the_common_group_goes_to_who_lacks_it():
    found = wired(folder("web", "worker", "root", group=7000), folder("web", group=7000), folder("web", group=6))
    assert [found[name]["groups"] for name in ("web", "worker", "root")] == [[7000], [], [7000]]


def test_a_container_of_an_unknown_user_is_left_out():
    assert set(wired(folder("web", "worker"), users={**USERS, "worker": None})) == {"web", "twin", "root"}
