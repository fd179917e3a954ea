# SPDX-License-Identifier: Apache-2.0
"""Ceph's releases: the version tells the series, and the day of the run whether it was maintained."""

from __future__ import annotations

from datetime import date

import pytest
from ansible_collections.rgwkit.ceph.plugins.module_utils.doctor.report.releases import (
    AS_OF,
    RELEASES,
    maintenance,
    release_of,
)


@pytest.mark.parametrize(
    ("version", "name"),
    [
        ("20.2.4", "Tentacle"),
        ("16.2.15+ds-0+deb12u1", "Pacific"),
        ("18.2.1-194.el9cp", "Reef"),
        ("9.0.3", "Infernalis"),
        ("0.94.10", "Hammer"),
        ("0.80.11", "Firefly"),
    ],
)
def test_the_version_tells_the_release(version: str, name: str) -> None:
    release = release_of(version)
    assert release is not None and release.name == name


@pytest.mark.parametrize("version", ["", "next", "99.2.0", "0.1", "2", "٢٠.2.0"])
def test_of_other_versions_nothing_is_said(version: str) -> None:
    assert release_of(version) is None
    assert maintenance(version, "2026-11-20T08:01:20Z") is None


@pytest.mark.parametrize(
    ("when", "ended"),
    [("2026-03-19T23:59:59Z", False), ("2026-03-20T23:59:59Z", False), ("2026-03-21T00:00:00Z", True), (None, None)],
)
def test_the_last_day_of_maintenance_is_part_of_it(when: str | None, ended: bool | None) -> None:
    told = maintenance("18.2.8", when)
    assert told == {"series": "18", "name": "Reef", "end_of_life": "2026-03-20", "estimated": False, "ended": ended}


def test_only_days_to_come_are_estimates() -> None:
    for release in RELEASES:
        assert date.fromisoformat(release.end_of_life)
        assert release.estimated == (release.end_of_life > AS_OF)
