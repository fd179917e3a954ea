# SPDX-License-Identifier: Apache-2.0
"""A difference is one short line with the path of each value that differs."""

from __future__ import annotations

import pytest
from ansible_collections.rgwkit.ceph.plugins.module_utils.s3.documents.differences import differences

RULE = {"id": "logs", "enabled": True, "expiration_days": 30}


@pytest.mark.parametrize(
    ("wanted", "stored", "lines"),
    [
        ([RULE], [RULE], []),
        ("enabled", "suspended", ['d: "suspended" -> "enabled"']),
        ([{**RULE, "expiration_days": 7}], [RULE], ["d['logs'].expiration_days: 30 -> 7"]),
        ([RULE], [{"id": "logs", "enabled": True}], ["d['logs'].expiration_days: (none) -> 30"]),
        ([], [{"id": "x"}], ['d[\'x\']: {"id": "x"} -> (none)']),
        ([{"id": "x"}], [], ['d[\'x\']: (none) -> {"id": "x"}']),
        ({"a": "1"}, {"b": "1"}, ['d.a: (none) -> "1"', 'd.b: "1" -> (none)']),
        ([{"id": "x", "l": ["a"]}], [{"id": "x", "l": ["b"]}], ['d[\'x\'].l: ["b"] -> ["a"]']),
        ([{"a": 1}, {"a": 2}], [{"a": 1}, {"a": 3}], ["d[1].a: 3 -> 2"]),
        ([{"id": "x", "a": 1}, {"id": "x", "a": 2}], [{"id": "x", "a": 1}], ['d[1]: (none) -> {"id": "x", "a": 2}']),
        ([{"user": "u", "p": ["r"]}], [{"user": "u", "p": ["w"]}], ['d[\'u\'].p: ["w"] -> ["r"]']),
        ({}, {"a": {"b": 1}}, ['d.a: {"b": 1} -> (none)']),
    ],
)
def test_lines(wanted, stored, lines):
    assert differences(wanted, stored, "d") == lines


def test_a_long_value_is_shortened():
    (line,) = differences(["x" * 1000], [], "d")
    assert len(line) < 400
