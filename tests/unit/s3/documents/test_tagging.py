# SPDX-License-Identifier: Apache-2.0
"""Tags are a mapping; RGW counts the bytes of keys and values."""

from __future__ import annotations

import pytest

from .forms import comes_back, refusal, settled, stored

ANSWER = (
    '<?xml version="1.0" encoding="UTF-8"?><Tagging xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><TagSet>'
    "<Tag><Key>a</Key><Value>ü &amp;</Value></Tag><Tag><Key>c</Key><Value></Value></Tag></TagSet></Tagging>"
)


def test_answers_of_16_and_18():
    assert stored("tagging", ANSWER) == {"a": "ü &", "c": ""}
    assert stored("tagging", "<Tagging><TagSet></TagSet></Tagging>") == {}


def test_order_says_nothing():
    assert settled("tagging", {"a": "1", "b": "2"}) == settled("tagging", {"b": "2", "a": "1"})
    assert comes_back("tagging", {"b": "<&>", "a": ""}) == {"a": "", "b": "<&>"}


def test_limits_are_in_bytes():
    comes_back("tagging", {f"{index:02}" + "ü" * 63: "v" * 256 for index in range(50)})


@pytest.mark.parametrize(
    ("data", "says"),
    [
        ([], "has to be a mapping"),
        ({"a": 1}, ".a: YAML reads 1 as a number"),
        ({"a": None}, ".a: YAML reads None as nothing"),
        ({1: "a"}, "(key 1): YAML reads 1 as a number"),
        ({"": "a"}, "empty text"),
        ({"ü" * 65: "a"}, "130 bytes of UTF-8, and RGW takes 128"),
        ({"a": "v" * 257}, "257 bytes of UTF-8, and RGW takes 256"),
        ({"AWS:x": "a"}, "begin with 'aws:'"),
        ({str(index): "" for index in range(51)}, "51 tags, and S3 takes 50"),
    ],
)
def test_what_is_refused(data, says):
    assert says in refusal("tagging", data)
