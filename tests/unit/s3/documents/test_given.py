# SPDX-License-Identifier: Apache-2.0
"""Data of another type than they are to be are refused, and the place is named."""

from __future__ import annotations

import datetime

import pytest
from ansible_collections.rgwkit.ceph.plugins.module_utils.base.errors import InputError
from ansible_collections.rgwkit.ceph.plugins.module_utils.s3.documents import given


@pytest.mark.parametrize(
    ("value", "says"),
    [
        (True, "a boolean"),
        (5, "a number"),
        (0.5, "a number"),
        (datetime.date(2030, 1, 31), "a date"),
        ({}, "a mapping"),
        ([], "a list"),
        (None, "nothing"),
        ("", "empty"),
        ("a\nb", "control character"),
        ("\x1b", "control character"),
        ("\ud800", "control character"),
        ("ää", "4 bytes of UTF-8, and RGW takes 3"),
    ],
)
def test_text(value, says):
    with pytest.raises(InputError, match=f"^here: .*{says}"):
        given.text(value, "here", longest=3)


@pytest.mark.parametrize("value", [True, "x", "-1", "1.0", 1.5, None, [], "²"])
def test_what_is_no_number(value):
    with pytest.raises(InputError, match=r"^here: .*whole number"):
        given.number(value, "here")


def test_numbers():
    assert [given.number(value, "here") for value in (0, "7", given.MOST)] == [0, 7, given.MOST]
    with pytest.raises(InputError, match="1 to 3"):
        given.number(4, "here", 1, 3)


def test_flags():
    assert [given.flag(value, "here") for value in (True, "False", "true")] == [True, False, True]
    for value in ("yes", 1, None, []):
        with pytest.raises(InputError, match="true or false"):
            given.flag(value, "here")


@pytest.mark.parametrize(
    "value",
    [
        "2030-01-31",
        "2030-01-31T00:00:00Z",
        "2030-01-31T00:00:00.000Z",
        "2030-01-31 00:00:00+00:00",
        datetime.date(2030, 1, 31),
        datetime.datetime(2030, 1, 31),
        datetime.datetime(2030, 1, 31, tzinfo=datetime.timezone.utc),
    ],
)
def test_midnight_has_one_form(value):
    assert given.midnight(value, "here") == "2030-01-31"


@pytest.mark.parametrize(
    "value", ["2030-01-31T12:00:00Z", "2030-02-30", "", "2030-01-31T00:00:00+02:00", "2030-01-31T00:00:00-02:00", 5]
)
def test_another_time_is_none(value):
    with pytest.raises(InputError, match=r"^here: .*2030-01-31"):
        given.midnight(value, "here")


def test_mappings():
    assert given.mapping({"a": 1, "b": None}, "here", ("a", "b")) == {"a": 1}
    for data in ([], "a", None):
        with pytest.raises(InputError, match="has to be a mapping with a, b"):
            given.mapping(data, "here", ("a", "b"))
    with pytest.raises(InputError, match="nothing is known of 'c'; there may be a, b"):
        given.mapping({"c": None}, "here", ("a", "b"))
    with pytest.raises(InputError, match="b is missing"):
        given.mapping({"a": 1}, "here", ("a", "b"), needed=("b",))


def test_lists():
    assert given.items(["x"], "here") == [("here[0]", "x")]
    assert given.texts(["b", "a", "b"], "here") == ["a", "b"]
    assert given.texts("a", "here") == ["a"]
    for data, says in (("x", "has to be a list"), ([], "an empty list"), (["x"] * 3, "takes 2")):
        with pytest.raises(InputError, match=says):
            given.items(data, "here", 1, 2)


def test_one_of():
    assert given.one_of({"a": 1}, "here", ("a", "b")) == "a"
    assert given.one_of({}, "here", ("a", "b"), needed=False) == ""
    for data in ({}, {"a": 1, "b": 1}):
        with pytest.raises(InputError, match="give one of them"):
            given.one_of(data, "here", ("a", "b"))


def test_a_long_value_is_shortened():
    assert len(given.shown("x" * 1000)) < 100
