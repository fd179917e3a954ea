# SPDX-License-Identifier: Apache-2.0
"""Percentiles and histograms: by hand, against a list of all, and in memory that does not grow."""

from __future__ import annotations

import math

import pytest
from ansible_collections.rgwkit.ceph.plugins.module_utils.doctor.latency import Histogram
from hypothesis import given
from hypothesis import strategies as st

SECONDS = st.lists(st.floats(1e-5, 100), min_size=1, max_size=300)


def nearest_rank(seconds, percent):
    """The percentile of a list, in milliseconds."""
    return 1000 * sorted(seconds)[math.ceil(len(seconds) * percent / 100) - 1]


def test_a_hundred_times():
    found = Histogram(number / 1000 for number in range(1, 101)).as_dict()
    assert (found["count"], found["max_ms"]) == (100, 100.0)
    assert found["histogram"] == [
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
    ]


@given(SECONDS)
def test_a_percentile_is_hardly_more_than_that_of_a_list(times):
    found = Histogram(times).as_dict()
    for percent in (50, 95, 99):
        exact = nearest_rank(times, percent)
        assert exact - 0.001 <= found[f"p{percent}_ms"] <= exact * 1.045 + 0.001


@given(st.lists(st.floats(0, 3600), min_size=1))
def test_any_times_are_all_counted_and_in_order(seconds):
    found = Histogram(seconds).as_dict()
    assert sum(count for _, count in found["histogram"]) == found["count"] == len(seconds)
    assert found["p50_ms"] <= found["p95_ms"] <= found["p99_ms"] <= found["max_ms"]
    assert found["max_ms"] == pytest.approx(1000 * max(seconds), abs=0.001)


@given(SECONDS, SECONDS)
def test_two_become_one(some, others):
    histogram = Histogram(some)
    histogram.update(Histogram(others))
    assert histogram.as_dict() == Histogram(some + others).as_dict()


def test_it_does_not_grow_with_the_number_of_times():
    few, many = (Histogram(number % 1000 / 1000 for number in range(count)) for count in (1000, 100_000))
    assert len(many._buckets) == len(few._buckets)


def test_nothing_counted():
    assert Histogram().as_dict() == {
        "count": 0,
        "p50_ms": 0.0,
        "p95_ms": 0.0,
        "p99_ms": 0.0,
        "max_ms": 0.0,
        "histogram": [[0.25, 0]],
    }
