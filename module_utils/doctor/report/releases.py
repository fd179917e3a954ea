# SPDX-License-Identifier: Apache-2.0
"""Ceph's release series and when the Ceph project ends its maintenance of each.

The dates are those of SOURCE on the day AS_OF. Those of series that were maintained then are the project's estimates.
Distributors may maintain a series longer.
"""

from __future__ import annotations

import re
from typing import Any, NamedTuple, Optional

SOURCE = "https://docs.ceph.com/en/latest/releases/"
AS_OF = "2026-11-18"


class Release(NamedTuple):
    """A series, `end_of_life` as YYYY-MM-DD."""

    series: str
    name: str
    end_of_life: str
    estimated: bool = False


RELEASES = (
    Release("21", "Umbrella", "2028-06-01", estimated=True),
    Release("20", "Tentacle", "2027-06-01", estimated=True),
    Release("19", "Squid", "2026-12-02", estimated=True),
    Release("18", "Reef", "2026-03-20"),
    Release("17", "Quincy", "2025-01-13"),
    Release("16", "Pacific", "2024-03-04"),
    Release("15", "Octopus", "2022-08-09"),
    Release("14", "Nautilus", "2021-06-30"),
    Release("13", "Mimic", "2020-07-22"),
    Release("12", "Luminous", "2020-03-01"),
    Release("11", "Kraken", "2017-08-01"),
    Release("10", "Jewel", "2018-07-01"),
    Release("9", "Infernalis", "2016-04-01"),
    Release("0.94", "Hammer", "2017-08-01"),
    Release("0.87", "Giant", "2015-04-01"),
    Release("0.80", "Firefly", "2016-04-01"),
    Release("0.72", "Emperor", "2014-05-01"),
    Release("0.67", "Dumpling", "2015-05-01"),
)
_BY_SERIES = {release.series: release for release in RELEASES}
_VERSION = re.compile(r"(?P<major>[0-9]+)\.(?P<minor>[0-9]+)", re.ASCII)


def release_of(version: str) -> Optional[Release]:
    """The release to which a version such as `16.2.15` belongs, None where that is not known."""
    match = _VERSION.match(version)
    if match is None:
        return None
    return _BY_SERIES.get(match[0] if match["major"] == "0" else match["major"])


def maintenance(version: str, when: Optional[str]) -> Optional[dict[str, Any]]:
    """The release of a version as a report tells it, None where it is not known.

    `ended` is whether its maintenance was over at the moment `when` (RFC 3339); None where there is no such moment.
    """
    release = release_of(version)
    if release is None:
        return None
    return {**release._asdict(), "ended": when[:10] > release.end_of_life if when else None}
