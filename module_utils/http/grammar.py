# SPDX-License-Identifier: Apache-2.0
"""The grammar of an HTTP/1.1 answer (RFC 9112), read strictly: what is not allowed is named, not repaired."""

from __future__ import annotations

import re
from typing import Sequence

from .verdicts import BAD_FRAMING, BAD_HEADER, BAD_STATUS_LINE, NO_STATUS_LINE, STATUS_0

Fields = Sequence["tuple[str, str]"]

_TEXT = rb"[\t\x20-\x7e\x80-\xff]*"
_STATUS_LINE = re.compile(rb"HTTP/1\.[01] ([1-5][0-9]{2})(?: " + _TEXT + rb")?\Z")
_STATUS_ZERO = re.compile(rb"HTTP/1\.[01] 0+(?: " + _TEXT + rb")?\Z")
_FIELD = re.compile(rb"([!#$%&'*+.^_`|~0-9A-Za-z-]+):(" + _TEXT + rb")\Z")
_CHUNK_LINE = re.compile(rb"([0-9A-Fa-f]{1,15})[ \t]*(?:;" + _TEXT + rb")?\Z")
_LENGTH = re.compile(r"[0-9]{1,15}\Z")


class Malformed(Exception):
    """Ends the reading: a verdict word and what exactly was seen."""

    def __init__(self, word: str, detail: str) -> None:
        super().__init__(word, detail)
        self.word = word
        self.detail = detail


def shown(data: bytes) -> str:
    """The beginning of `data`, quoted."""
    return repr(data[:60].decode("latin-1"))


def first_line(head: bytes) -> bytes:
    """The bytes up to the first line end, or all of them."""
    line = head.split(b"\n", 1)[0]
    return line[:-1] if line.endswith(b"\r") else line


def could_begin_status_line(data: bytes) -> bool:
    """Whether more bytes could still make a status line of `data`."""
    return b"\n" not in data and (data.startswith(b"HTTP/1.") or b"HTTP/1.".startswith(data))


def status_code(line: bytes) -> int:
    """The status code of a status line (section 4). Raises Malformed for any other line."""
    match = _STATUS_LINE.match(line)
    if match:
        return int(match[1])
    if _STATUS_ZERO.match(line):
        raise Malformed(STATUS_0, f"status line {shown(line)}")
    word = NO_STATUS_LINE if _FIELD.match(line) else BAD_STATUS_LINE
    raise Malformed(word, f"first line {shown(line)}")


def header_fields(head: bytes) -> list[tuple[str, str]]:
    """The names and values in a whole head, after its first line (section 5). Raises Malformed."""
    fields = []
    for line in head.split(b"\n")[1:-2]:
        field = _FIELD.match(line[:-1]) if line.endswith(b"\r") else None
        if field is None:
            raise Malformed(BAD_HEADER, f"not a header field that ends with CRLF: {shown(line)}")
        fields.append((field[1].decode("ascii"), field[2].strip(b" \t").decode("latin-1")))
    return fields


def framing(fields: Fields) -> tuple[bool, int | None]:
    """Whether the body is chunked, and its announced length in bytes or None (section 6.3). Raises Malformed."""
    codings = [value.lower() for name, value in fields if name.lower() == "transfer-encoding"]
    lengths = {value for name, value in fields if name.lower() == "content-length"}
    if codings and (codings != ["chunked"] or lengths):
        raise Malformed(BAD_FRAMING, "Transfer-Encoding is not just chunked, or stands beside a Content-Length")
    if not lengths:
        return bool(codings), None
    if len(lengths) > 1:
        raise Malformed(BAD_FRAMING, f"{len(lengths)} different values of Content-Length")
    length = lengths.pop()
    if not _LENGTH.match(length):
        raise Malformed(BAD_FRAMING, f"Content-Length: {length[:60]}")
    return False, int(length)


def chunk_size(line: bytes) -> int:
    """The size in bytes on the first line of a chunk (section 7.1). Raises Malformed."""
    match = _CHUNK_LINE.match(line)
    if match is None:
        raise Malformed(BAD_FRAMING, f"not a chunk size: {shown(line)}")
    return int(match[1], 16)
