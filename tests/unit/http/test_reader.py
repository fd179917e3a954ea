# SPDX-License-Identifier: Apache-2.0
"""The reader of answers: what it makes of proper ones, of broken ones, and of anything at all."""

from __future__ import annotations

import pytest
from ansible_collections.rgwkit.ceph.plugins.module_utils.http.reader import MAX_HEAD, AnswerReader
from ansible_collections.rgwkit.ceph.plugins.module_utils.http.verdicts import MEANINGS
from hypothesis import given, settings
from hypothesis import strategies as st

BROKEN_HEAD = b"Content-Length: 0\r\nDate: Fri, 18 Sep 2015 14:54:48 GMT\r\n\r\n"
OK_HEAD = b"HTTP/1.1 200 OK\r\n"


def read(data: bytes, method: str = "GET", closed: bool = True, max_body: int = 1000) -> AnswerReader:
    reader = AnswerReader(method, max_body)
    reader.feed(data)
    if closed:
        reader.feed(b"")
    return reader


@pytest.mark.parametrize(
    ("data", "status", "body"),
    [
        (OK_HEAD + b"Content-Length: 5\r\n\r\nhello", 200, b"hello"),
        (
            OK_HEAD + b"Transfer-Encoding: chunked\r\n\r\n3\r\nhel\r\n2;x=y\r\nlo\r\n0\r\nTrailer: t\r\n\r\n",
            200,
            b"hello",
        ),
        (OK_HEAD + b"\r\nhello", 200, b"hello"),
        (b"HTTP/1.1 204\r\n\r\n", 204, b""),
        (b"HTTP/1.0 304 Not Modified\r\nContent-Length: 9\r\n\r\n", 304, b""),
        (b"HTTP/1.1 100 CONTINUE\r\n\r\nHTTP/1.1 201 Created\r\nContent-Length: 0\r\n\r\n", 201, b""),
    ],
    ids=["length", "chunked", "until-close", "no-content", "not-modified", "interim"],
)
def test_a_proper_answer_is_read_whole(data: bytes, status: int, body: bytes) -> None:
    reader = read(data)
    assert (reader.fault, reader.status, bytes(reader.body)) == (None, status, body)


def test_the_length_of_a_head_announces_no_body() -> None:
    reader = read(b"HTTP/1.1 404 Not Found\r\nContent-Length: 9\r\n\r\n", "HEAD", closed=False)
    assert (reader.done, reader.fault, reader.status) == (True, None, 404)
    assert reader.headers == [("Content-Length", "9")]
    assert reader.keeps_alive


@pytest.mark.parametrize(
    ("method", "data", "word"),
    [
        ("HEAD", BROKEN_HEAD, "no-status-line"),
        ("HEAD", BROKEN_HEAD[:40], "no-status-line"),
        ("GET", b"HTTP/1.1 0 \r\n\r\n", "status-0"),
        ("GET", b"HTTP/1.1 000 OK\r\n\r\n", "status-0"),
        ("GET", b"SSH-2.0-OpenSSH_9.2\r\n", "bad-status-line"),
        ("GET", b"HTTP/2 200\r\n\r\n", "bad-status-line"),
        ("GET", b"HTTP/1.1 2000 OK\r\n\r\n", "bad-status-line"),
        ("GET", b"HTTP/1.1 600 What\r\n\r\n", "bad-status-line"),
        ("GET", b"\x15\x03\x03\x00\x02\x02\x50", "bad-status-line"),
        ("GET", b"\r\n\r\n", "bad-status-line"),
        ("GET", b"", "closed"),
        ("GET", b"HTTP/1.1 200 O", "closed"),
        ("GET", OK_HEAD + b"Content-Length: 5\r\n\r\nhell", "closed"),
        ("GET", OK_HEAD + b"Date\r\n\r\n", "bad-header"),
        ("GET", OK_HEAD + b"X-A: 1\r\n folded\r\n\r\n", "bad-header"),
        ("GET", OK_HEAD + b"X-A : 1\r\n\r\n", "bad-header"),
        ("GET", OK_HEAD + b"Content-Length: 0\n\n", "bad-header"),
        ("GET", OK_HEAD + b"Content-Length: x\r\n\r\n", "bad-framing"),
        ("GET", OK_HEAD + b"Content-Length: -1\r\n\r\n", "bad-framing"),
        ("GET", OK_HEAD + b"Content-Length: " + b"9" * 5000 + b"\r\n\r\n", "bad-framing"),
        ("GET", OK_HEAD + b"Content-Length: 1\r\nContent-Length: 2\r\n\r\n", "bad-framing"),
        ("GET", OK_HEAD + b"Content-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n", "bad-framing"),
        ("GET", OK_HEAD + b"Transfer-Encoding: gzip, chunked\r\n\r\n", "bad-framing"),
        ("GET", OK_HEAD + b"Transfer-Encoding: chunked\r\n\r\nhello\r\n", "bad-framing"),
        ("GET", OK_HEAD + b"Transfer-Encoding: chunked\r\n\r\n2\r\nhello\r\n", "bad-framing"),
        ("HEAD", OK_HEAD + b"Content-Length: 5\r\n\r\nhello", "body-on-head"),
        ("HEAD", OK_HEAD + b"Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n", "body-on-head"),
        ("GET", OK_HEAD + b"Content-Length: 2\r\n\r\nhello", "connection-desync"),
        ("DELETE", b"HTTP/1.1 204 No Content\r\n\r\nhello", "connection-desync"),
        ("GET", OK_HEAD + b"Content-Length: 1001\r\n\r\n", "too-large"),
        ("GET", OK_HEAD + b"\r\n" + b"x" * 1001, "too-large"),
        ("GET", OK_HEAD + b"X-Long: " + b"x" * MAX_HEAD, "too-large"),
    ],
)
def test_a_broken_answer_has_its_word(method: str, data: bytes, word: str) -> None:
    reader = read(data, method)
    assert reader.fault == word
    assert reader.detail


def test_the_bytes_of_a_missing_status_line_are_kept() -> None:
    reader = read(BROKEN_HEAD, "HEAD", closed=False)
    assert reader.first_line == b"Content-Length: 0"
    assert bytes(reader.head) == BROKEN_HEAD


def test_garbage_is_not_waited_for() -> None:
    assert read(b"SSH-2.0-OpenSSH_9.2\r\n", closed=False).fault == "bad-status-line"


@pytest.mark.parametrize(
    ("data", "word"),
    [
        (b"", "timeout"),
        (b"HTTP/1.1 200 OK\r\nContent-Le", "timeout"),
        (OK_HEAD + b"Content-Length: 5\r\n\r\nhell", "timeout"),
        (OK_HEAD + b"\r\nhello", "length-missing"),
        (b"Content-Length: 0\r\n", "no-status-line"),
        (b"no line end at all", "bad-status-line"),
    ],
)
def test_a_deadline_tells_what_is_known_by_then(data: bytes, word: str) -> None:
    reader = AnswerReader("GET")
    if data:
        reader.feed(data)
    reader.stop("timeout", "too late")
    assert reader.fault == word


@pytest.mark.parametrize(
    ("head", "kept"),
    [
        (b"HTTP/1.1 204 x\r\n\r\n", True),
        (b"HTTP/1.1 204 x\r\nConnection: Keep-Alive\r\n\r\n", True),
        (b"HTTP/1.1 204 x\r\nConnection: close\r\n\r\n", False),
        (b"HTTP/1.0 204 x\r\n\r\n", False),
        (b"HTTP/1.0 204 x\r\nconnection: keep-alive\r\n\r\n", True),
    ],
)
def test_what_is_said_of_the_connection_counts(head: bytes, kept: bool) -> None:
    assert read(head).keeps_alive is kept


PIECES = st.one_of(
    st.binary(max_size=40),
    st.sampled_from(
        [
            OK_HEAD,
            b"HTTP/1.1 100 Continue\r\n\r\n",
            b"HTTP/1.1 0 \r\n",
            b"Content-Length: 5\r\n",
            b"Transfer-Encoding: chunked\r\n",
            b"Connection: close\r\n",
            b"\r\n",
            b"\n",
            b"5\r\nhello\r\n",
            b"0\r\n\r\n",
            b"hello",
        ]
    ),
)


@settings(max_examples=50)
@given(st.lists(PIECES, max_size=30), st.sampled_from(["GET", "HEAD", "PUT"]))
def test_nothing_that_is_fed_raises(pieces: list[bytes], method: str) -> None:
    reader = AnswerReader(method, max_body=64)
    for piece in pieces:
        reader.feed(piece)
    reader.feed(b"")
    reader.stop("timeout", "too late")
    assert reader.done
    assert reader.fault in {None, *MEANINGS}
    assert (reader.fault is None) <= (reader.status is not None)
    assert len(reader.body) <= 64


@settings(max_examples=50)
@given(st.lists(PIECES, max_size=12), st.sampled_from(["GET", "HEAD"]))
def test_it_does_not_matter_how_the_bytes_are_cut(pieces: list[bytes], method: str) -> None:
    data = b"".join(pieces)
    whole = read(data, method)
    reader = AnswerReader(method, 1000)
    for byte in data:
        reader.feed(bytes([byte]))
    reader.feed(b"")
    if whole.fault in ("body-on-head", "connection-desync"):
        assert reader.fault is None  # It had ended before those bytes came; the connection finds them later.
    else:
        assert (reader.fault, reader.body) == (whole.fault, whole.body)


@settings(max_examples=50)
@given(
    st.integers(200, 599).filter(lambda status: status not in (204, 304)),
    st.dictionaries(
        st.from_regex(r"X-[a-zA-Z0-9-]{1,20}", fullmatch=True), st.text("abc 123:;=", max_size=20), max_size=5
    ),
    st.binary(max_size=200),
    st.lists(st.integers(1, 30), min_size=1),
    st.booleans(),
)
def test_what_was_written_is_read(
    status: int, fields: dict[str, str], body: bytes, sizes: list[int], chunked: bool
) -> None:
    lines = [f"HTTP/1.1 {status} Reason", *(f"{name}: {value}" for name, value in fields.items())]
    if chunked:
        lines.append("Transfer-Encoding: chunked")
        pieces = [body[start : start + sizes[0]] for start in range(0, len(body), sizes[0])]
        content = b"".join(b"%X\r\n%s\r\n" % (len(piece), piece) for piece in pieces) + b"0\r\n\r\n"
    else:
        lines.append(f"Content-Length: {len(body)}")
        content = body
    data = "\r\n".join([*lines, "", ""]).encode() + content
    reader = AnswerReader("GET")
    while data:
        size = sizes[len(data) % len(sizes)]
        reader.feed(data[:size])
        data = data[size:]
    assert (reader.done, reader.fault, reader.status, bytes(reader.body)) == (True, None, status, body)
    assert dict(reader.headers[:-1]) == {name: value.strip(" ") for name, value in fields.items()}
