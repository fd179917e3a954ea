# SPDX-License-Identifier: Apache-2.0
"""How a number of waiting times is spread: percentiles and a histogram, in milliseconds."""

from __future__ import annotations

import math
from typing import Any, Sequence

FIRST_BOUND_MS = 0.25


def distribution(seconds: Sequence[float]) -> dict[str, Any]:
    """`count`, `p50_ms`, `p95_ms`, `p99_ms`, `max_ms`, and `histogram`: pairs of an upper bound, each twice the one
    before, and the number of times up to it and above the one before. Percentiles are by nearest rank. `seconds` must
    not be empty.
    """
    times = sorted(1000 * value for value in seconds)

    def percentile(percent: int) -> float:
        return round(times[max(0, math.ceil(len(times) * percent / 100) - 1)], 3)

    bounds = [FIRST_BOUND_MS]
    while bounds[-1] < times[-1]:
        bounds.append(2 * bounds[-1])
    counts = [0] * len(bounds)
    for value in times:
        counts[next(index for index, bound in enumerate(bounds) if value <= bound)] += 1
    return {
        "count": len(times),
        "p50_ms": percentile(50),
        "p95_ms": percentile(95),
        "p99_ms": percentile(99),
        "max_ms": round(times[-1], 3),
        "histogram": [[bound, count] for bound, count in zip(bounds, counts)],
    }
