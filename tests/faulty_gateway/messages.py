# SPDX-License-Identifier: Apache-2.0
"""HTTP/1.1 messages as the proxy passes them on: read from a stream, kept byte for byte."""

from __future__ import annotations

from asyncio import IncompleteReadError, StreamReader
from dataclasses import dataclass, field, replace
from typing import AsyncIterator
from urllib.parse import parse_qsl, urlsplit


@dataclass
class Message:
    """A head as it came, and what it says. `body` is filled in for answers only; requests pass on as they come."""

    head: bytes
    body: bytes = field(default=b"", repr=False)

    @property
    def first_line(self) -> str:
        return self.head.split(b"\r\n", 1)[0].decode("latin-1")

    def header(self, name: str) -> str | None:
        for line in self.head.decode("latin-1").split("\r\n")[1:]:
            key, _, value = line.partition(":")
            if key.lower() == name.lower():
                return value.strip()
        return None

    def without(self, name: str) -> bytes:
        """The message without one header field."""
        prefix = name.lower() + ":"
        lines = [line for line in self.head.decode("latin-1").split("\r\n") if not line.lower().startswith(prefix)]
        return "\r\n".join(lines).encode("latin-1") + self.body

    def with_header(self, name: str, value: str) -> bytes:
        """The message with another value of one header field."""
        lines = self.head.decode("latin-1").split("\r\n")
        changed = [f"{name}: {value}" if line.lower().startswith(name.lower() + ":") else line for line in lines]
        return "\r\n".join(changed).encode("latin-1") + self.body

    def with_body(self, body: bytes) -> bytes:
        """The message with another body, and its length."""
        return replace(self, body=body).with_header("Content-Length", str(len(body)))

    def with_first_line(self, line: str) -> bytes:
        """The message with another first line."""
        return line.encode("latin-1") + self.head[len(self.first_line) :] + self.body

    @property
    def is_chunked(self) -> bool:
        return (self.header("Transfer-Encoding") or "").lower() == "chunked"

    @property
    def length(self) -> int | None:
        value = self.header("Content-Length")
        return None if value is None else int(value)

    @property
    def closes(self) -> bool:
        return (self.header("Connection") or "").lower() == "close"


class Request(Message):
    @property
    def method(self) -> str:
        return self.first_line.split(" ")[0]

    @property
    def path(self) -> str:
        return urlsplit(self.first_line.split(" ")[1]).path

    @property
    def query(self) -> dict[str, str]:
        """The query's parameters, decoded; the last one of a name."""
        return dict(parse_qsl(urlsplit(self.first_line.split(" ")[1]).query, keep_blank_values=True))

    @property
    def is_listing(self) -> bool:
        """Whether it is a GET of a container."""
        return self.method == "GET" and self.path.count("/") == 3 and self.path.startswith("/swift/v1/")

    @property
    def object_name(self) -> str:
        """What follows the container in /swift/v1/<container>/<object>, as it is in the request line."""
        return "/".join(self.path.split("/")[4:]) if self.path.startswith("/swift/v1/") else ""

    @property
    def expects_continue(self) -> bool:
        return (self.header("Expect") or "").lower() == "100-continue"


class Response(Message):
    @property
    def status(self) -> int:
        return int(self.first_line.split(" ")[1])


async def read_head(stream: StreamReader) -> bytes | None:
    """The bytes up to and with the empty line; None when the stream ends."""
    try:
        return await stream.readuntil(b"\r\n\r\n")
    except IncompleteReadError:
        return None


async def request_body(request: Request, stream: StreamReader) -> AsyncIterator[bytes]:
    """The body in the pieces in which it can be passed on."""
    if request.is_chunked:
        async for piece in _chunks(stream):
            yield piece
    elif request.length:
        async for piece in _exactly(stream, request.length):
            yield piece


async def read_response_body(method: str, response: Response, stream: StreamReader) -> bytes:
    """The whole body; none after HEAD, where RGW announces a length for a 404 and rightly sends nothing."""
    if method == "HEAD" or response.status in (204, 304) or response.status < 200:
        return b""
    if response.is_chunked:
        return b"".join([piece async for piece in _chunks(stream)])
    if response.length is None:
        return await stream.read()
    return await stream.readexactly(response.length)


async def _exactly(stream: StreamReader, size: int) -> AsyncIterator[bytes]:
    while size:
        piece = await stream.read(min(size, 65536))
        if not piece:
            raise ConnectionError("the stream ended within a body")
        size -= len(piece)
        yield piece


async def _chunks(stream: StreamReader) -> AsyncIterator[bytes]:
    """Chunks with their sizes, the last one and the trailer, as they are on the wire."""
    while True:
        line = await stream.readuntil(b"\r\n")
        yield line
        size = int(line.split(b";")[0], 16)
        if not size:
            break
        async for piece in _exactly(stream, size + 2):
            yield piece
    while line != b"\r\n":
        line = await stream.readuntil(b"\r\n")
        yield line
