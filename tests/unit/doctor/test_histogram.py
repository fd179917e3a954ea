# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

from ansible_collections.rgwkit.ceph.plugins.module_utils.doctor.histogram import Histogram
from ansible_collections.rgwkit.ceph.plugins.module_utils.doctor.latency import distribution
from hypothesis import given
from hypothesis import strategies as st

SECONDS = st.lists(st.floats(1e-5, 100), min_size=1, max_size=300)


def counted(times):
    histogram = Histogram()
    for seconds in times:
        histogram.add(seconds)
    return histogram


@given(SECONDS)
def test_it_says_what_a_list_of_all_would(times):
    exact, rough = distribution(times), counted(times).as_dict()
    assert rough.keys() == exact.keys()
    assert (rough["count"], rough["max_ms"]) == (exact["count"], exact["max_ms"])
    for name in ("p50_ms", "p95_ms", "p99_ms"):
        assert exact[name] - 0.001 <= rough[name] <= exact[name] * 1.045 + 0.001
    assert sum(count for _, count in rough["histogram"]) == len(times)
    assert [bound for bound, _ in rough["histogram"]] == [bound for bound, _ in exact["histogram"]]


@given(SECONDS, SECONDS)
def test_two_become_one(some, others):
    histogram = counted(some)
    histogram.update(counted(others))
    assert histogram.as_dict() == counted(some + others).as_dict()


def test_it_does_not_grow_with_the_number_of_times():
    few, many = (counted(number % 1000 / 1000 for number in range(count)) for count in (1000, 100_000))
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
