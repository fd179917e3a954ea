# SPDX-License-Identifier: Apache-2.0
"""XML is read without anything that a document could make a parser do, and written so that it is read as it was."""

from __future__ import annotations

import pytest
from ansible_collections.rgwkit.ceph.plugins.module_utils.s3 import markup
from hypothesis import given
from hypothesis import strategies as st

BOMB = b'<!DOCTYPE a [<!ENTITY b "x"><!ENTITY c "&b;&b;&b;&b;">]><a>&c;</a>'
OUTSIDE = b'<!DOCTYPE a SYSTEM "file:///etc/hostname"><a/>'
UNKNOWN_ENTITY = b"<a>&b;</a>"


@pytest.mark.parametrize("content", [BOMB, OUTSIDE, UNKNOWN_ENTITY, b"", b"{}", b"<a>", b"<a/><b/>", b"<a>\xff</a>"])
def test_what_is_no_plain_xml_is_refused(content):
    with pytest.raises(ValueError, match="XML"):
        markup.parse(content)


def test_depth_is_limited():
    deep = markup.MAX_DEPTH
    assert markup.parse(b"<a>" * deep + b"</a>" * deep).tag == "a"
    with pytest.raises(ValueError, match="deep"):
        markup.parse(b"<a>" * (deep + 1) + b"</a>" * (deep + 1))


def test_namespaces_are_left_out_of_names():
    root = markup.parse(b'<A xmlns="urn:x" xmlns:xsi="urn:y"><B xsi:type="t">1</B><B/></A>')
    assert (root.tag, [child.tag for child in root], root[0].attrib) == ("A", ["B", "B"], {"type": "t"})
    assert (markup.text_of(root, "B"), markup.text_of(root, "C"), markup.texts_of(root, "B")) == ("1", None, ["1", ""])


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_a_text_that_is_writable_comes_back_as_it_was(text):
    if markup.writable(text):
        assert (markup.parse(markup.to_bytes(markup.element("A", text))).text or "") == text


@pytest.mark.parametrize("text", ["\0", "a\x1b", "\r", "\ufffe", "\ud800"])
def test_what_xml_has_no_place_for_is_not_writable(text):
    assert not markup.writable(text)


def test_elements_are_written_in_the_namespace_of_s3():
    made = markup.element("A", markup.element("B", "<&"), None, markup.element("C"))
    assert markup.to_bytes(made) == b'<A xmlns="%s"><B>&lt;&amp;</B><C /></A>' % markup.NAMESPACE.encode()
