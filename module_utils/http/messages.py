# SPDX-License-Identifier: Apache-2.0
"""The two halves of an exchange: what is sent, and what came back as data."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import NamedTuple, Sequence

from ..base.errors import InputError
from .evidence import SECRET_HEADERS, printable, transcript

_VISIBLE = re.compile(r"[\x21-\x7e]+\Z")
_FIELD_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+\Z")
_FIELD_VALUE = re.compile(r"[\x20-\x7e\x80-\xff]*\Z")


@dataclass(frozen=True)
class Request:
    """What to send. `body` None sends no body and no field that announces one; `chunked` sends it as one chunk."""

    method: str
    target: str
    headers: Sequence[tuple[str, str]] = field(default=(), repr=False)
    body: bytes | None = field(default=None, repr=False)
    chunked: bool = False
    expect_continue: bool = False

    def head(self, authority: str) -> bytes:
        """The bytes before the body. Raises InputError for a value that would break out of its line."""
        fields = [("Host", authority), ("User-Agent", "rgwkit"), *self.headers]
        if self.chunked:
            fields.append(("Transfer-Encoding", "chunked"))
        elif self.body is not None:
            fields.append(("Content-Length", str(len(self.body))))
        if self.expect_continue:
            fields.append(("Expect", "100-continue"))
        if not (_VISIBLE.match(self.method) and _VISIBLE.match(self.target)):
            raise InputError(f"not a method and a target that HTTP allows: {self.method!r} {self.target!r}")
        for name, value in fields:
            if not (_FIELD_NAME.match(name) and _FIELD_VALUE.match(value)):
                raise InputError(f"the header field {name!r} has a character that HTTP does not allow")
        lines = [f"{self.method} {self.target} HTTP/1.1", *(f"{name}: {value}" for name, value in fields)]
        return "\r\n".join([*lines, "", ""]).encode("latin-1")

    def content(self) -> bytes:
        """The body as it goes over the wire."""
        body = self.body or b""
        if not self.chunked:
            return body
        chunk = b"%x\r\n%s\r\n" % (len(body), body) if body else b""
        return chunk + b"0\r\n\r\n"

    def secrets(self) -> list[str]:
        """The values that must not be shown to anyone."""
        return [value for name, value in self.headers if name.lower() in SECRET_HEADERS]


class Raw(NamedTuple):
    """An exchange as it was on the wire: both heads, and what the reader saw. `secrets` are to be struck out."""

    sent: bytes
    received: bytes
    first_line: bytes
    detail: str
    secrets: Sequence[str]


@dataclass(frozen=True)
class Answer:
    """What came back. `fault` is None for proper HTTP/1.1, else a verdict word, with what was seen in `detail`.

    `status` is None with a fault, `interim` counts the 1xx answers before the final one, and `reused` tells whether the
    connection had carried an exchange before. `raw` has secrets in it. The texts for people have none; they are made
    when somebody reads them, since few of many thousand answers are read.
    """

    method: str
    status: int | None
    headers: Sequence[tuple[str, str]] = field(repr=False)
    body: bytes = field(repr=False)
    seconds: float
    fault: str | None
    interim: int
    reused: bool
    raw: Raw = field(repr=False)

    @property
    def first_line(self) -> str:
        """The first line of the final head, as far as it came."""
        return printable(self.raw.first_line, self.raw.secrets)

    @property
    def detail(self) -> str:
        """What was seen of a fault; empty without one."""
        return printable(self.raw.detail.encode("utf-8"), self.raw.secrets)

    @property
    def evidence(self) -> str:
        """Both heads, with secrets struck out."""
        return transcript(self.raw.sent, self.raw.received, self.raw.secrets)

    def header(self, name: str) -> str | None:
        """The value of the first header field of that name (any case), or None."""
        return next((value for key, value in self.headers if key.lower() == name.lower()), None)
