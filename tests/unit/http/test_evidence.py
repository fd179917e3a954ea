# SPDX-License-Identifier: Apache-2.0
"""Evidence can be shown to anyone: no secret, nothing unprintable, no end of text."""

from __future__ import annotations

import pytest
from ansible_collections.rgwkit.ceph.plugins.module_utils.http.evidence import MAX_TEXT, printable, transcript
from hypothesis import given
from hypothesis import strategies as st

SECRET = "AUTH_rgwtk0b0000006465"


@pytest.mark.parametrize(
    "line",
    [
        f"X-Auth-Token: {SECRET}",
        f"x-auth-token : {SECRET}",
        f"X-STORAGE-TOKEN:{SECRET}",
        f"X-Auth-Key:\r\n {SECRET}\r\n\t{SECRET}",
        f"Authorization: AWS4-HMAC-SHA256 Credential={SECRET}",
        f"junk X-Auth-Token {SECRET}",
    ],
)
def test_a_field_with_a_secret_is_struck_by_its_name(line: str) -> None:
    text = printable(f"HTTP/1.1 200 OK\r\n{line}\r\nDate: today\r\n\r\n".encode())
    assert SECRET not in text
    assert "***" in text
    assert "Date: today" in text


def test_a_secret_that_was_sent_is_struck_wherever_it_comes_back() -> None:
    text = transcript(b"GET / HTTP/1.1\r\n\r\n", f"HTTP/1.1 400 who is {SECRET}?\r\n\r\n".encode(), [SECRET])
    assert text == "> GET / HTTP/1.1\n< HTTP/1.1 400 who is ***?"


@given(st.binary(max_size=6000))
def test_anything_becomes_plain_bounded_text(data: bytes) -> None:
    text = printable(data)
    assert all(character == "\n" or " " <= character <= "~" for character in text)
    assert len(text) <= MAX_TEXT + len(" [cut]")


def test_no_answer_leaves_what_was_sent() -> None:
    assert transcript(b"HEAD /o HTTP/1.1\r\nHost: gw\r\n\r\n", b"") == "> HEAD /o HTTP/1.1\n> Host: gw"
