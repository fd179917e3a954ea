# SPDX-License-Identifier: Apache-2.0
"""Numbers as people write them: three digits at most, a unit that fits, and no exponents."""

from __future__ import annotations

from ...base.words import plural


def duration(seconds: float) -> str:
    """`8 ms`, `1.03 s`, `2 min 5 s`, `1 h 2 min`."""
    if seconds < 0.9995:
        return f"{_short(1000 * seconds)} ms"
    if seconds < 59.95:
        return f"{_short(seconds)} s"
    minutes, rest = divmod(round(seconds), 60)
    if minutes < 60:
        return f"{minutes} min {rest} s"
    return f"{minutes // 60} h {minutes % 60} min"


def milliseconds(number: float) -> str:
    """A duration that was measured in milliseconds."""
    return duration(number / 1000)


def count(number: int, noun: str) -> str:
    """`1 object`, `10,000 objects`."""
    return plural(number, noun).replace(str(number), f"{number:,}", 1)


def rate(per_second: float) -> str:
    """`7,142 a second`."""
    return f"{_short(per_second)} a second"


def _short(number: float) -> str:
    if number >= 99.95:
        return f"{number:,.0f}"
    text = f"{number:.1f}" if number >= 9.995 else f"{number:.2f}"
    return text.rstrip("0").rstrip(".")
