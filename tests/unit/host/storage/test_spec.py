# SPDX-License-Identifier: Apache-2.0
"""What cannot be meant is refused before an image or a folder is looked at."""

from __future__ import annotations

import pytest
from ansible_collections.rgwkit.ceph.plugins.module_utils.base.errors import InputError
from ansible_collections.rgwkit.ceph.plugins.module_utils.host.storage.spec import Use, names, storage

CONTAINERS = [{"name": "web", "image": "web:1", "user": ""}, {"name": "worker", "image": "worker:1", "user": "7"}]


def use(container="web", target="/data", read_only=False):
    return {"container": container, "target": target, "read_only": read_only}


def folder(*uses, name="data", group=None, mode=None, relabel="shared", hand_over=False):
    given = {"name": name, "group": group, "mode": mode, "relabel": relabel, "hand_over": hand_over}
    return {**given, "used_by": list(uses)}


def one(*uses, **options):
    return storage("/srv/own", CONTAINERS, [folder(*(uses or (use(),)), **options)])


def test_what_is_given_is_taken():
    wanted = one(use(), use("worker", "/in", True), group=7000, mode="3770")
    (found,) = wanted.folders
    assert found.uses == (Use("web", "/data"), Use("worker", "/in", True))
    assert (found.group, found.mode, found.relabel) == (7000, 0o3770, "shared")
    assert wanted.containers["worker"].user == "7"


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"name": "../other"}, "'../other' is no name"),
        ({"name": ".rgwkit"}, "'.rgwkit' is no name"),
        ({"name": "a/b"}, "is no name"),
        ({"mode": "rwx"}, "folders, data: mode: rwx is no mode"),
        ({"group": 0}, "0 is no common group"),
        ({"group": 2**31}, "is no common group"),
        ({"group": 7000, "mode": "0770"}, "does not pass the group on to new files. Next: .* add 2070"),
        ({"group": 7000, "mode": "2750"}, "keeps the common group 7000 out"),
    ],
)
def test_a_folder_that_cannot_be_is_refused(options, said):
    with pytest.raises(InputError, match=said):
        one(**options)


def test_who_only_reads_needs_no_right_to_write():
    assert one(use(read_only=True), group=7000, mode="2750").folders[0].mode == 0o2750


@pytest.mark.parametrize(
    ("uses", "said"),
    [
        ((use("db"),), "containers has no db"),
        ((use(target="data"),), "target data is no absolute path"),
        ((use(target="//"),), "target // is no absolute path"),
        ((use(target="/a:b"),), "/a:b has a colon"),
        ((use(), use(target="/data/")), "/data of web is there twice"),
    ],
)
def test_a_use_that_cannot_be_is_refused(uses, said):
    with pytest.raises(InputError, match=said):
        one(*uses)


def test_a_private_label_for_several_containers_is_refused():
    with pytest.raises(InputError, match=r"relabel=private \(:Z\) .* web and worker use the folder.*relabel=shared"):
        one(use(), use("worker"), group=7000, relabel="private")
    assert one(use(), use(target="/again"), relabel="private").folders[0].relabel == "private"


def test_names_are_there_once():
    with pytest.raises(InputError, match="containers: web is there twice"):
        storage("/srv/own", [CONTAINERS[0], CONTAINERS[0]], [])
    with pytest.raises(InputError, match="folders: data is there twice"):
        storage("/srv/own", CONTAINERS, [folder(use()), folder(use(target="/b"))])
    with pytest.raises(InputError, match="used_by names no container"):
        storage("/srv/own", CONTAINERS, [folder()])
    with pytest.raises(InputError, match="/srv/a:b has a colon"):
        storage("/srv/a:b", CONTAINERS, [folder(use())])


def test_folders_that_go_are_known_by_name():
    assert names([folder()]) == ["data"]
    with pytest.raises(InputError):
        names([folder(name="..")])
