# SPDX-License-Identifier: Apache-2.0
"""Percentiles and histograms, by hand and for anything."""

from __future__ import annotations

import pytest
from ansible_collections.rgwkit.ceph.plugins.module_utils.doctor.latency import distribution
from hypothesis import given
from hypothesis import strategies as st


def test_a_hundred_times() -> None:
    found = distribution([number / 1000 for number in range(1, 101)])
    assert found == {
        "count": 100,
        "p50_ms": 50.0,
        "p95_ms": 95.0,
        "p99_ms": 99.0,
        "max_ms": 100.0,
        "histogram": [
            [0.25, 0],
            [0.5, 0],
            [1.0, 1],
            [2.0, 1],
            [4.0, 2],
            [8.0, 4],
            [16.0, 8],
            [32.0, 16],
            [64.0, 32],
            [128.0, 36],
        ],
    }


@given(st.lists(st.floats(0, 3600), min_size=1))
def test_any_times_are_all_counted_and_in_order(seconds: list[float]) -> None:
    found = distribution(seconds)
    assert sum(count for _, count in found["histogram"]) == found["count"] == len(seconds)
    assert found["p50_ms"] <= found["p95_ms"] <= found["p99_ms"] <= found["max_ms"]
    assert found["max_ms"] == pytest.approx(1000 * max(seconds), abs=0.001)
