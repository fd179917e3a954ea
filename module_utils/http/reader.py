# SPDX-License-Identifier: Apache-2.0
"""Reads one HTTP/1.1 answer from bytes as they come. It does no I/O, so that any kind of loop can drive it."""

from __future__ import annotations

import re
from typing import Callable, Generator

from .grammar import (
    Malformed,
    chunk_size,
    could_begin_status_line,
    first_line,
    framing,
    header_fields,
    shown,
    status_code,
)
from .verdicts import (
    BAD_FRAMING,
    BODY_ON_HEAD,
    CLOSED,
    CONNECTION_DESYNC,
    LENGTH_MISSING,
    NO_STATUS_LINE,
    TIMEOUT,
    TOO_LARGE,
)

MAX_HEAD = 64 * 1024
MAX_BODY = 1024 * 1024
MAX_CHUNK_LINE = 128

_HEAD_END = re.compile(rb"\n\r?\n")

Steps = Generator[None, None, None]


class AnswerReader:
    """The state of one answer. It raises for nothing that is fed to it, and takes in MAX_HEAD + 2 * max_body bytes
    at most before it gives up.

    `done` turns true when the answer has ended or cannot go on; `fault` is then None or a verdict word, with what was
    seen in `detail`. `status` is the final status code; `interim` counts the 1xx answers before it. `head` holds the
    raw heads of them all, also one that could not be understood.
    """

    def __init__(self, method: str, max_body: int = MAX_BODY) -> None:
        self.status: int | None = None
        self.first_line = b""
        self.headers: list[tuple[str, str]] = []
        self.head = bytearray()
        self.body = bytearray()
        self.interim = 0
        self.fault: str | None = None
        self.detail = ""
        self.done = False
        self.received = 0
        self._method = method
        self._max_body = max_body
        self._buffer = bytearray()
        self._ended = False
        self._in_head = True
        self._until_close = False
        self._steps = self._read()
        self._advance()

    @property
    def keeps_alive(self) -> bool:
        """Whether the connection can carry another exchange after this answer (RFC 9112, section 9.3)."""
        options = ",".join(value.lower() for name, value in self.headers if name.lower() == "connection")
        if self._until_close or "close" in options:
            return False
        return self.first_line.startswith(b"HTTP/1.1") or "keep-alive" in options

    def feed(self, data: bytes) -> None:
        """Take the next bytes of the answer; empty bytes say that the peer has closed its side."""
        if self.done:
            return
        self.received += len(data)
        self._buffer += data
        self._ended = not data
        self._advance()

    def stop(self, word: str, detail: str) -> None:
        """End the reading for a reason that lies outside the bytes, such as a deadline."""
        if self.done:
            return
        if self._until_close and word == TIMEOUT:
            word, detail = LENGTH_MISSING, "no Content-Length, and the connection was not closed either"
        elif self._in_head and self._buffer:
            word, detail = self._judge_unfinished_head(word, detail)
        self._end(word, detail)

    def _advance(self) -> None:
        try:
            if self.received > MAX_HEAD + 2 * self._max_body:
                raise Malformed(TOO_LARGE, f"more than {MAX_HEAD + 2 * self._max_body} bytes")
            next(self._steps)
        except StopIteration:
            self._end(None, "")
        except Malformed as malformed:
            self.stop(malformed.word, malformed.detail)

    def _end(self, word: str | None, detail: str) -> None:
        self.fault = word
        self.detail = detail
        self.done = True
        self._steps.close()

    def _judge_unfinished_head(self, word: str, detail: str) -> tuple[str, str]:
        """What has come of the head tells more than that it did not end, unless it began as it should."""
        unfinished = bytes(self._buffer[:MAX_HEAD])
        self.head += unfinished
        self.first_line = first_line(unfinished)
        if not could_begin_status_line(unfinished):
            try:
                status_code(self.first_line)
            except Malformed as malformed:
                return malformed.word, malformed.detail
        return word, detail

    # The steps below yield where more bytes are needed, so that they read like the grammar.

    def _more(self) -> Steps:
        if self._ended:
            raise Malformed(CLOSED, f"closed after {self.received} bytes of the answer")
        yield

    def _read(self) -> Steps:
        yield from self._read_head()
        # 101 is final: nobody asked for another protocol.
        while self.status is not None and self.status < 200 and self.status != 101:
            self.interim += 1
            self.status = None
            yield from self._read_head()
        chunked, length = framing(self.headers)
        if self._method == "HEAD" or self.status in (204, 304):
            pass
        elif chunked:
            yield from self._read_chunks()
        elif length is not None:
            yield from self._read_body(length)
        else:
            yield from self._read_until_close()
        if self._buffer:
            word = BODY_ON_HEAD if self._method == "HEAD" else CONNECTION_DESYNC
            raise Malformed(
                word, f"{len(self._buffer)} bytes after the end of the answer: {shown(bytes(self._buffer))}"
            )

    def _read_head(self) -> Steps:
        self._in_head = True
        searched = 0
        while True:
            end = _HEAD_END.search(self._buffer, searched)
            size = end.end() if end else len(self._buffer)
            if len(self.head) + size > MAX_HEAD:
                raise Malformed(TOO_LARGE, f"header fields of more than {MAX_HEAD} bytes")
            if end:
                break
            self._refuse_garbage(searched)
            searched = max(0, len(self._buffer) - 2)
            yield from self._more()
        self._in_head = False
        head = self._take(size)
        self.head += head
        self.first_line = first_line(head)
        status = status_code(self.first_line)
        self.headers = header_fields(head)
        self.status = status

    def _refuse_garbage(self, searched: int) -> None:
        """Do not wait for the end of what is no head; one that lacks only its status line is read on, as evidence."""
        if b"\n" not in self._buffer[searched:]:
            return
        try:
            status_code(first_line(bytes(self._buffer)))
        except Malformed as malformed:
            if malformed.word != NO_STATUS_LINE:
                raise

    def _take(self, size: int) -> bytes:
        taken = bytes(self._buffer[:size])
        del self._buffer[:size]
        return taken

    def _expect_room(self, size: int) -> None:
        if len(self.body) + size > self._max_body:
            raise Malformed(TOO_LARGE, f"a body of more than {self._max_body} bytes")

    def _read_body(self, size: int) -> Steps:
        self._expect_room(size)
        while len(self._buffer) < size:
            yield from self._more()
        self.body += self._take(size)

    def _read_until_close(self) -> Steps:
        self._until_close = True
        while not self._ended:
            self._expect_room(len(self._buffer))
            self.body += self._take(len(self._buffer))
            yield

    def _read_chunks(self) -> Steps:
        size = chunk_size((yield from self._read_line()))
        while size:
            yield from self._read_body(size)
            if (yield from self._read_line()):
                raise Malformed(BAD_FRAMING, "a chunk is longer than its size says")
            size = chunk_size((yield from self._read_line()))
        while (yield from self._read_line()):
            pass  # Trailer fields carry nothing that a probe asks for.

    def _read_line(self) -> Generator[None, None, bytes]:
        while b"\r\n" not in self._buffer[: MAX_CHUNK_LINE + 2]:
            if len(self._buffer) > MAX_CHUNK_LINE:
                raise Malformed(BAD_FRAMING, f"a line of more than {MAX_CHUNK_LINE} bytes in a chunked body")
            yield from self._more()
        return self._take(self._buffer.index(b"\r\n") + 2)[:-2]


class HastyReader(AnswerReader):
    """The same for an answer that is most likely right: `right` turns true if `is_right` says so of its first bytes."""

    def __init__(self, method: str, is_right: Callable[[bytes], bool]) -> None:
        super().__init__(method)
        self.right = False
        self._is_right = is_right

    def feed(self, data: bytes) -> None:
        """Take the next bytes of the answer, and look no further if they are a right one."""
        if not self.received and self._is_right(data):
            self.right = self.done = True
        else:
            super().feed(data)
