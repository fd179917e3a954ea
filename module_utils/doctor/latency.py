# SPDX-License-Identifier: Apache-2.0
"""How waiting times are spread, in milliseconds: percentiles and a histogram, in memory that does not grow."""

from __future__ import annotations

import math
from collections import Counter
from typing import Any, Iterable

FIRST_BOUND_MS = 0.25
# Buckets to a doubling: a percentile is less than 4.5 % too high.
_STEPS = 16


class Histogram:
    """Counts waiting times by size. Not for several threads at once: each has its own, and `update` adds them up."""

    def __init__(self, seconds: Iterable[float] = ()) -> None:
        self._buckets: Counter[int] = Counter()
        self._max_ms = 0.0
        for one in seconds:
            self.add(one)

    def add(self, seconds: float) -> None:
        """Count one waiting time."""
        milliseconds = 1000 * seconds
        self._buckets[math.ceil(_STEPS * math.log2(max(milliseconds, 1e-3)))] += 1
        if milliseconds > self._max_ms:
            self._max_ms = milliseconds

    def update(self, other: Histogram) -> None:
        """Count all that `other` has counted, too."""
        self._buckets.update(other._buckets)
        self._max_ms = max(self._max_ms, other._max_ms)

    @property
    def count(self) -> int:
        """How many waiting times there are."""
        return sum(self._buckets.values())

    def as_dict(self) -> dict[str, Any]:
        """`count`, `p50_ms`, `p95_ms`, `p99_ms`, `max_ms`, and `histogram`: pairs of an upper bound, each twice the one
        before, and the number of times up to it and above the one before. Percentiles are upper bounds of their bucket.
        """
        coarse = Counter({FIRST_BOUND_MS: 0})
        for bucket, count in self._buckets.items():
            coarse[max(FIRST_BOUND_MS, 2.0 ** math.ceil(bucket / _STEPS))] += count
        return {
            "count": self.count,
            **{f"p{percent}_ms": round(self._percentile_ms(percent), 3) for percent in (50, 95, 99)},
            "max_ms": round(self._max_ms, 3),
            "histogram": [[bound, coarse[bound]] for bound in _doublings(max(coarse))],
        }

    def _percentile_ms(self, percent: int) -> float:
        rank, seen = math.ceil(self.count * percent / 100), 0
        for bucket in sorted(self._buckets):
            seen += self._buckets[bucket]
            if seen >= rank:
                return float(min(self._max_ms, 2.0 ** (bucket / _STEPS)))
        return 0.0


def _doublings(last: float) -> list[float]:
    bounds = [FIRST_BOUND_MS]
    while bounds[-1] < last:
        bounds.append(2 * bounds[-1])
    return bounds
