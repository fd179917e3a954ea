# SPDX-License-Identifier: Apache-2.0
"""Frames and events do not depend on where the network cuts them."""

from __future__ import annotations

import json

import pytest
from ansible_collections.rgwkit.ceph.plugins.module_utils.host.docker.streams import events, output
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.host.docker.daemon_double import frame, lines


def cut(text, places):
    """The text in blocks that end at these places."""
    ends = sorted({place % (len(text) + 1) for place in places} | {0, len(text)})
    return [text[begin:end] for begin, end in zip(ends, ends[1:])]


@given(st.lists(st.tuples(st.binary(max_size=300), st.sampled_from([1, 2]))), st.lists(st.integers(0, 5000)))
def test_output_is_the_same_however_it_is_cut(parts, places):
    stream = b"".join(frame(*part) for part in parts)
    assert b"".join(output(cut(stream, places))) == b"".join(text for text, _kind in parts)


@given(st.lists(st.dictionaries(st.text(), st.text())), st.lists(st.integers(0, 5000)))
def test_events_are_the_same_however_they_are_cut(documents, places):
    documents = [{f"x{name}": value for name, value in one.items()} for one in documents]
    assert list(events(cut(lines(*documents), places))) == documents


def test_the_last_event_needs_no_end_of_line():
    assert list(events([json.dumps({"status": "x"}).encode()])) == [{"status": "x"}]


@given(st.integers(1, 10))
def test_a_stream_that_ends_within_a_frame_is_an_error(missing):
    with pytest.raises(ValueError, match="ended early"):
        list(output([frame(b"abc")[:-missing]]))
