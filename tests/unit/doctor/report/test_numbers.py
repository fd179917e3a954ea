# SPDX-License-Identifier: Apache-2.0
"""Numbers for people: no exponents, a unit that fits."""

from __future__ import annotations

import re

import pytest
from ansible_collections.rgwkit.ceph.plugins.module_utils.doctor.report.numbers import (
    count,
    duration,
    milliseconds,
    rate,
)
from hypothesis import given
from hypothesis import strategies as st


@pytest.mark.parametrize(
    ("seconds", "says"),
    [
        (0, "0 ms"),
        (0.00042, "0.42 ms"),
        (0.008, "8 ms"),
        (0.0123, "12.3 ms"),
        (0.9994, "999 ms"),
        (0.9996, "1 s"),
        (1.0312, "1.03 s"),
        (12.06, "12.1 s"),
        (59.96, "1 min 0 s"),
        (125.2, "2 min 5 s"),
        (3600, "1 h 0 min"),
        (7384, "2 h 3 min"),
    ],
)
def test_a_duration_has_the_unit_that_fits(seconds: float, says: str) -> None:
    assert duration(seconds) == says
    assert milliseconds(1000 * seconds) == says


@pytest.mark.parametrize(("number", "says"), [(1, "1 object"), (0, "0 objects"), (10000, "10,000 objects")])
def test_a_large_number_is_grouped(number: int, says: str) -> None:
    assert count(number, "object") == says


@pytest.mark.parametrize(("number", "says"), [(0.4, "0.4 a second"), (7142.1, "7,142 a second")])
def test_a_rate_is_rounded(number: float, says: str) -> None:
    assert rate(number) == says


@given(st.floats(0, 1e9))
def test_no_duration_needs_an_exponent_or_many_digits(seconds: float) -> None:
    assert re.fullmatch(r"[0-9.]{1,5} (ms|s)|[0-9]{1,2} min [0-9]{1,2} s|[0-9]+ h [0-9]{1,2} min", duration(seconds))
