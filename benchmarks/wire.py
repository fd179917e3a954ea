# SPDX-License-Identifier: Apache-2.0
"""A client that does nothing else: requests to a gateway, signed beforehand, over several connections at once.

Of an answer only the status and the length are looked at.
"""

from __future__ import annotations

import datetime
import socket
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

sys.path.insert(0, str(Path(__file__).parents[1] / ".collections"))
from ansible_collections.rgwkit.ceph.plugins.module_utils.base.login import Login
from ansible_collections.rgwkit.ceph.plugins.module_utils.http.sigv4 import canonical_query, signed_headers

RECEIVE_BYTES = 64 * 1024
SUCCESS = "2"


class WireError(Exception):
    """An answer that was not to be expected."""


class Request(NamedTuple):
    """The bytes to send, and with which digits the status of the answer begins: "404", or "2" for any success."""

    data: bytes
    status: str


class Wire(NamedTuple):
    """A gateway, and how many connections to use at once."""

    host: str
    port: int
    connections: int

    def request(
        self,
        login: Login,
        method: str,
        path: str,
        query: Mapping[str, str],
        body: bytes = b"",
        status: str = SUCCESS,
        headers: Mapping[str, str] | None = None,
    ) -> Request:
        """A request in a user's name."""
        now = datetime.datetime.now(datetime.timezone.utc)
        given = {"host": f"{self.host}:{self.port}", **(headers or {})}
        signed = signed_headers(method, path, query, given, body, login.user, login.secret, now)
        fields = {**signed, "content-length": str(len(body))}
        target = f"{path}?{canonical_query(query)}" if query else path
        lines = [f"{method} {target} HTTP/1.1", *(f"{name}: {fields[name]}" for name in fields)]
        return Request("\r\n".join([*lines, "", ""]).encode() + body, status)

    def send(self, groups: Sequence[Sequence[Request]]) -> float:
        """Send all requests, those of a group in order; the seconds it takes. Raises OSError, WireError."""
        todo, lock = iter(groups), threading.Lock()
        errors: list[Exception] = []

        def work() -> None:
            try:
                with socket.create_connection((self.host, self.port), timeout=10) as sock:
                    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                    while not errors:
                        with lock:
                            requests = next(todo, ())
                        if not requests:
                            return
                        for request in requests:
                            exchange(sock, request)
            except (OSError, WireError) as error:
                errors.append(error)

        threads = [threading.Thread(target=work) for _connection in range(self.connections)]
        began = time.monotonic()
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        if errors:
            raise errors[0]
        return time.monotonic() - began


def exchange(sock: socket.socket, request: Request) -> None:
    """Send a request and take in its answer. Raises OSError, WireError."""
    sock.sendall(request.data)
    answer = b""
    while b"\r\n\r\n" not in answer:
        answer += _received(sock)
    head, _, body = answer.partition(b"\r\n\r\n")
    if not head.startswith(f"HTTP/1.1 {request.status}".encode()):
        asked = request.data.partition(b" HTTP/1.1")[0].decode()
        raise WireError(f"{asked}: answered with {head[:40]!r} instead of {request.status}")
    fields = head.lower()
    if b"\r\ntransfer-encoding: chunked" in fields:
        while not body.endswith(b"0\r\n\r\n"):
            body += _received(sock)
        return
    _, field, rest = fields.partition(b"content-length: ")
    missing = int(rest.partition(b"\r\n")[0]) - len(body) if field else 0
    while missing > 0:
        missing -= len(_received(sock))


def _received(sock: socket.socket) -> bytes:
    received = sock.recv(RECEIVE_BYTES)
    if not received:
        raise WireError("the gateway closed the connection")
    return received
