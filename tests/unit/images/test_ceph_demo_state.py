# SPDX-License-Identifier: Apache-2.0
"""The demo's state file: what is kept, what is begun anew, and what is refused."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from tests.playbooks import PROJECT

sys.path.insert(0, str(PROJECT / "images" / "ceph-demo"))

from ceph_demo import state
from ceph_demo.errors import DemoError

ADDRESS = "[v2:127.0.0.1:3300/0]"


@pytest.fixture(autouse=True)
def root(tmp_path, monkeypatch):
    """A directory in the place of /var/lib/ceph, with the empty ones that packages make."""
    names = ("ROOT", "DIRECTORY", "FILE", "KEYRING", "MON_DATA", "MGR_DATA", "OSD_DATA")
    for name in names:
        monkeypatch.setattr(state, name, getattr(state, name).replace("/var/lib/ceph", str(tmp_path)))
    for directory in ("mon", "osd", "mgr", "bootstrap-osd"):
        (tmp_path / directory).mkdir()
    return tmp_path


def made(objectstore: str = "bluestore") -> state.State:
    """A cluster that had its first start."""
    cluster = state.load(objectstore)
    cluster.mon_address = ADDRESS
    cluster.osds = ["u0", "u1"]
    cluster.access_keys = {"demo": "AK"}
    cluster.save()
    return cluster


def test_first_start():
    cluster = state.load("bluestore")
    assert (cluster.mon_address, cluster.osds, cluster.access_keys) == (None, [], {})
    assert Path(state.DIRECTORY).stat().st_mode & 0o777 == 0o700


def test_everything_is_kept():
    assert vars(made()) == vars(state.load("bluestore"))


def test_a_start_that_was_broken_off_is_begun_anew(root):
    cluster = state.load("bluestore")
    cluster.save()
    (root / "osd" / "ceph-0.new").mkdir()
    (root / "mon" / "ceph-demo").mkdir()

    again = state.load("bluestore")

    assert again.fsid != cluster.fsid
    assert not list((root / "osd").iterdir()) and not list((root / "mon").iterdir())


def test_memory_is_begun_anew():
    assert made("memstore").fsid != state.load("memstore").fsid
    assert state.load("bluestore").objectstore == "bluestore"


def test_data_on_disk_are_not_given_up_for_memory():
    cluster = made()
    with pytest.raises(DemoError, match=r"OSD_OBJECTSTORE=memstore: .* holds data made with bluestore"):
        state.load("memstore")
    assert state.load("bluestore").fsid == cluster.fsid


@pytest.mark.parametrize("theirs", ["mon/ceph-host1/store.db", "osd/ceph-0/block"])
def test_data_of_others_are_not_touched(root, theirs):
    (root / theirs).mkdir(parents=True)
    with pytest.raises(DemoError, match=r"holds Ceph data that this demo did not make \(.*ceph-.*mount an empty"):
        state.load("bluestore")
    assert (root / theirs).exists()
    assert not Path(state.DIRECTORY).exists()


def test_damaged_file():
    made()
    Path(state.FILE).write_text("{")
    with pytest.raises(DemoError, match=r"state\.json is damaged"):
        state.load("bluestore")


def test_file_of_another_format():
    made()
    facts = json.loads(Path(state.FILE).read_text())
    Path(state.FILE).write_text(json.dumps(dict(facts, format=2)))
    with pytest.raises(DemoError, match="format 2 is not known to this image"):
        state.load("bluestore")
