# SPDX-License-Identifier: Apache-2.0
"""JSON of somebody else is read, or refused by ValueError, whatever it is."""

from __future__ import annotations

import json

import pytest
from ansible_collections.rgwkit.ceph.plugins.module_utils.base.remote_json import MAX_DEPTH, loads, without_depths


def nested(depth: int) -> str:
    return "[" * depth + "]" * depth


def test_what_is_as_deep_as_may_be_is_read():
    assert json.dumps(loads(nested(MAX_DEPTH))) == nested(MAX_DEPTH)
    assert loads(b'{"text": "[[[[", "list": [' + b"[]," * 200 + b"0]}")["text"] == "[[[["


@pytest.mark.parametrize(
    "text", [nested(MAX_DEPTH + 1), "[" * 100_000, '{"a":' * 100_000, '"\\' * 100_000 + "[" * 100, "", b"\xff", b"{"]
)
def test_what_cannot_be_read_is_a_value_error(text):
    with pytest.raises(ValueError, match=r".*"):
        loads(text)


def test_depths_are_left_out_and_nothing_else():
    text = f'{{"deep": {nested(3000)}, "braces": "}}]\\"[{{", "after": [1, {nested(MAX_DEPTH)}, 2]}}'
    found = json.loads(without_depths(text))
    assert found["braces"] == '}]"[{'
    assert (found["after"][0], found["after"][2]) == (1, 2)
    assert without_depths('{"a": [1, {"b": "[[["}]}') == '{"a": [1, {"b": "[[["}]}'
    with pytest.raises(ValueError, match="not closed"):
        without_depths("[" * 100)
