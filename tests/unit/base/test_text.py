# SPDX-License-Identifier: Apache-2.0
"""Names are bytes: they go through text and come out as they were, or as something that may be shown."""

from __future__ import annotations

import json

import pytest
from ansible_collections.rgwkit.ceph.plugins.module_utils.base.errors import InputError, ToolError
from ansible_collections.rgwkit.ceph.plugins.module_utils.base.secret import Marks, Secret
from ansible_collections.rgwkit.ceph.plugins.module_utils.base.text import (
    from_bytes,
    holds_template,
    is_unicode,
    json_text,
    presentable,
    to_bytes,
)
from ansible_collections.rgwkit.ceph.plugins.module_utils.http.sigv4 import canonical_query
from hypothesis import given
from hypothesis import strategies as st


@given(st.binary())
def test_bytes_come_back(content):
    assert to_bytes(from_bytes(content)) == content
    text = json_text({"name": from_bytes(content)})
    assert json.loads(from_bytes(to_bytes(text))) == {"name": from_bytes(content)}


@given(st.text(alphabet=st.characters(codec=None)))
def test_what_is_shown_is_unicode(text):
    presentable(text).encode("utf-8")
    if is_unicode(text):
        assert presentable(text) == text


@pytest.mark.parametrize(
    ("content", "shown"),
    [(b"Z\xfcrich", r"Z\xfcrich"), (b"\xed\xa0\xbd", r"\xed\xa0\xbd"), ("Zürich 🚀".encode(), "Zürich 🚀")],
)
def test_shown(content, shown):
    text = from_bytes(content)
    assert presentable({text: [text, 5, None]}) == {shown: [shown, 5, None]}
    error = ToolError("read", f"user '{text}'", text, text, status=404)
    assert str(error) == f"Could not read user '{shown}': HTTP 404 {shown}. {shown}"
    assert str(InputError(text)) == shown


def test_no_escapes_for_what_rgw_cannot_unescape():
    assert json_text({"a": "🚀"}) == '{"a": "🚀"}'


def test_requests_carry_the_bytes():
    assert canonical_query({"uid": from_bytes(b"Z\xfcr")}) == "uid=Z%FCr"


def test_a_secret_of_any_bytes_has_a_mark():
    marks = Marks("x")
    assert marks.mark(Secret(from_bytes(b"\xfc" * 20))) != marks.mark(Secret("ü" * 20))


@pytest.mark.parametrize(
    ("value", "holds"),
    [
        ("{{ x }}", True),
        ("a {% if", True),
        ("{# x", True),
        ({"a": [{"b": "{{"}]}, True),
        ({"{{": 1}, True),
        (("x", "{%"), True),
        ("{ {", False),
        ({"a": [1, None, True, "}}"]}, False),
    ],
)
def test_templates(value, holds):
    assert holds_template(value) is holds
