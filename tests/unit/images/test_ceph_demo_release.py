# SPDX-License-Identifier: Apache-2.0
"""Which releases of Ceph may take over the data of which others."""

from __future__ import annotations

import sys

import pytest

from tests.playbooks import PROJECT

sys.path.insert(0, str(PROJECT / "images" / "ceph-demo"))

from ceph_demo import release, state
from ceph_demo.errors import DemoError
from ceph_demo.release import Release
from ceph_demo.state import State


@pytest.fixture(autouse=True)
def osds(tmp_path, monkeypatch):
    """The folder of OSDs, which have no data yet."""
    monkeypatch.setattr(state, "OSD_DATA", str(tmp_path / "ceph-{}"))
    return tmp_path


def stored(number: int | None) -> State:
    return State({"fsid": "f", "objectstore": "bluestore", "release": number})


def osd_of(osds, number: int, requires: str) -> None:
    (osds / f"ceph-{number}").mkdir()
    (osds / f"ceph-{number}" / "require_osd_release").write_text(f"{requires}\n")


@pytest.mark.parametrize(
    ("printed", "expected"),
    [
        ("ceph version 14.2.21 (5ef401921d7a88aea18ec7558f7f9374ebd8f5a6) nautilus (stable)\n", (14, "nautilus")),
        ("ceph version 18.2.7 (6b0e988052ec84cf2d4a54ff9bbbc5e720b621ad) reef (stable)", (18, "reef")),
        (
            "ceph version 20.2.0 (69f84cc2651aa259a15bc192ddaabd3baba07489) tentacle (stable - RelWithDebInfo)",
            (20, "tentacle"),
        ),
    ],
)
def test_the_release_of_a_version(printed, expected):
    assert release.parse(printed) == expected


def test_a_version_without_a_release():
    with pytest.raises(DemoError, match=r"names no release: 'ceph version Development'; use an image"):
        release.parse("ceph version Development\n")


@pytest.mark.parametrize("image", [18, 19, 20])
@pytest.mark.parametrize("known_by", ["state", "osd", "both"])
def test_the_same_and_the_next_two_releases_take_over(osds, image, known_by):
    if known_by != "state":
        osd_of(osds, 0, "18")
    release.check(stored(None if known_by == "osd" else 18), Release(image, "x"))


@pytest.mark.parametrize("known_by", ["state", "osd"])
def test_no_way_back(osds, known_by):
    if known_by == "osd":
        osd_of(osds, 0, "18")
    with pytest.raises(
        DemoError, match=r"data of Ceph 18, and this image has Ceph 16: .*no way back.*use an image with Ceph 18"
    ):
        release.check(stored(18 if known_by == "state" else None), Release(16, "pacific"))


def test_no_release_is_skipped(osds):
    osd_of(osds, 0, "14")
    with pytest.raises(
        DemoError, match=r"data of Ceph 14, and this image has Ceph 18: .*with Ceph 16 or 15 on this volume"
    ):
        release.check(stored(None), Release(18, "reef"))


def test_an_interrupted_upgrade_counts_for_both_releases(osds):
    """The monitor has been at 16, one of the OSDs has not."""
    osd_of(osds, 0, "16")
    osd_of(osds, 1, "14")
    release.check(stored(16), Release(16, "pacific"))
    for image in (14, 18):
        with pytest.raises(DemoError):
            release.check(stored(16), Release(image, "x"))


def test_data_without_a_known_release_are_taken_over(osds):
    (osds / "ceph-0").mkdir()
    release.check(stored(None), Release(18, "reef"))
