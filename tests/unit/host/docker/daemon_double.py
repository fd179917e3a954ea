# SPDX-License-Identifier: Apache-2.0
"""A docker daemon of a few lines: a real server on a Unix socket (or a TCP port) that answers as a test tells it."""

from __future__ import annotations

import json
import socket
import ssl
import threading
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, Callable, Dict, List, Optional, Tuple
from urllib.parse import parse_qs, urlsplit

VERSION = {"ApiVersion": "1.41", "MinAPIVersion": "1.12"}


@dataclass
class Request:
    """What a client has asked."""

    method: str
    path: str
    query: Dict[str, List[str]]
    headers: Dict[str, str]
    body: bytes


# How to answer a request on its connection.
Answer = Callable[[socket.socket], None]


def reply(body: Any = b"", status: str = "200 OK", *fields: str) -> Answer:
    """A whole answer; a body that is no bytes goes as JSON."""
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    head = "\r\n".join([f"HTTP/1.1 {status}", *fields, f"Content-Length: {len(content)}", "", ""])
    return lambda sock: sock.sendall(head.encode() + content)


def refusal(status: str, message: str) -> Answer:
    return reply({"message": message}, status)


def chunks(*blocks: bytes, last: bool = True) -> Answer:
    """An answer in chunks; without the last one, it is cut off."""
    body = b"".join(b"%x\r\n%s\r\n" % (len(block), block) for block in blocks) + (b"0\r\n\r\n" if last else b"")
    return lambda sock: sock.sendall(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + body)


def hijacked(*blocks: bytes) -> Answer:
    """The stream of a program: no length, it ends with the connection."""
    head = b"HTTP/1.1 200 OK\r\nContent-Type: application/vnd.docker.raw-stream\r\n\r\n"
    return lambda sock: sock.sendall(head + b"".join(blocks))


def frame(text: bytes, kind: int = 1) -> bytes:
    """A part of a container's output."""
    return bytes([kind, 0, 0, 0]) + len(text).to_bytes(4, "big") + text


def lines(*documents: Dict[str, Any]) -> bytes:
    """Events as the daemon writes them."""
    return b"".join(json.dumps(document).encode() + b"\r\n" for document in documents)


@dataclass
class Daemon:
    """Answers by method and path (without its version); an answer that is a list serves one request after the other."""

    answers: Dict[Tuple[str, str], Any] = field(default_factory=dict)
    requests: List[Request] = field(default_factory=list)

    def serve(self, server: socket.socket, tls: Optional[ssl.SSLContext] = None) -> None:
        """Take connections until the socket is closed."""

        def accept() -> None:
            with suppress(OSError):
                while True:
                    threading.Thread(target=self._talk, args=(server.accept()[0], tls), daemon=True).start()

        threading.Thread(target=accept, daemon=True).start()

    def asked(self) -> List[str]:
        """Method and path of each request but for that of the version."""
        return [f"{one.method} {one.path}" for one in self.requests if one.path != "/version"]

    def _talk(self, sock: socket.socket, tls: Optional[ssl.SSLContext]) -> None:
        with suppress(OSError), tls.wrap_socket(sock, server_side=True) if tls else sock as peer:
            with peer.makefile("rb") as stream:
                method, target, _version = stream.readline().decode().split()
                headers = {}
                for line in iter(stream.readline, b"\r\n"):
                    name, _colon, value = line.decode().partition(":")
                    headers[name.lower()] = value.strip()
                url = urlsplit(target)
                asked = Request(method, url.path, parse_qs(url.query), headers, b"")
                answer = self._answer(asked)
                if not getattr(answer, "early", False):
                    asked.body = _body(stream, headers)
                self.requests.append(asked)
                answer(peer)
            with suppress(OSError):  # without it, bytes that nobody has read would take the answer along (RST)
                peer.shutdown(socket.SHUT_WR)
                while getattr(answer, "early", False) and peer.recv(65536):
                    pass

    def _answer(self, request: Request) -> Answer:
        if request.path == "/version":
            return self.answers.get(("GET", "/version"), reply(VERSION))
        path = "/" + request.path.split("/", 2)[2]
        answer = self.answers.get((request.method, path), refusal("404 Not Found", f"page not found: {path}"))
        return answer.pop(0) if isinstance(answer, list) else answer


def early(answer: Answer) -> Answer:
    """The same answer, before the body of the request has been read."""

    def act(sock: socket.socket) -> None:
        answer(sock)

    act.early = True  # type: ignore[attr-defined]
    return act


def _body(stream: Any, headers: Dict[str, str]) -> bytes:
    if headers.get("transfer-encoding") != "chunked":
        return stream.read(int(headers.get("content-length", 0)))
    body = b""
    while True:
        size = int(stream.readline(), 16)
        body += stream.read(size)
        stream.readline()
        if not size:
            return body
