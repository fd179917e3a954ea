# SPDX-License-Identifier: Apache-2.0
"""Servers that no gateway and no registry is: what they answer never ends, is too deep, too large, or something else.

Each behaviour is one function on a connection and the head of a request. They listen on loopback only.
"""

from __future__ import annotations

import itertools
import json
import socket
import threading
import time
from contextlib import contextmanager, suppress
from typing import Callable, Iterator

Behaviour = Callable[[socket.socket, bytes], None]
MIB = 1 << 20
# What an answer of 10 GiB takes here: more than any client may hold, and no more than this test's time.
ENDLESS_MIB = 10 * 1024
_count = itertools.count(1)


def answer(body: bytes, *fields: str, status: str = "200 OK") -> bytes:
    """A whole answer that looks like a gateway's."""
    lines = [f"HTTP/1.1 {status}", "x-amz-request-id: tx1", "Content-Type: application/json", *fields]
    return "\r\n".join([*lines, f"Content-Length: {len(body)}", "", ""]).encode() + body


def fixed(body: bytes, *fields: str, status: str = "200 OK") -> Behaviour:
    """The same answer to everything."""
    return lambda sock, head: sock.sendall(answer(body, *fields, status=status))


def drip(start: bytes) -> Behaviour:
    """`start`, then a byte a quarter of a second, for ever."""

    def act(sock: socket.socket, head: bytes) -> None:
        sock.sendall(start)
        while True:
            sock.sendall(b"a")
            time.sleep(0.25)

    return act


def flood(start: bytes, block: bytes) -> Behaviour:
    """`start`, then the same MiB again and again."""

    def act(sock: socket.socket, head: bytes) -> None:
        sock.sendall(start)
        for _ in range(ENDLESS_MIB):
            sock.sendall(block)

    return act


def pages(document: Callable[[int], bytes]) -> Behaviour:
    """Another page for each request, the next one always announced."""
    return lambda sock, head: sock.sendall(answer(document(next(_count))))


def _users_page(marker: Callable[[int], object]) -> Behaviour:
    return pages(lambda n: json.dumps({"keys": [f"u{n}"], "truncated": "true", "marker": marker(n)}).encode())


def _objects_page(key: Callable[[int], str]) -> Behaviour:
    form = "<ListBucketResult><IsTruncated>true</IsTruncated><Contents><Key>{}</Key><Size>1</Size></Contents>"
    return pages(lambda n: form.format(key(n)).encode())


_OK = b"HTTP/1.1 200 OK\r\nx-amz-request-id: tx1\r\n"

_BOTH_LENGTHS = b"Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"

# For every client.
ANY: dict[str, Behaviour] = {
    "silence": lambda sock, head: time.sleep(60),
    "drip-head": drip(_OK + b"X-A: "),
    "drip-body": drip(_OK + b"Content-Length: 4000000\r\n\r\n"),
    "drip-chunk": drip(_OK + b"Transfer-Encoding: chunked\r\n\r\nfffff\r\n"),
    "huge-head": flood(_OK, b"X-A: " + b"a" * 65000 + b"\r\n"),
    "many-fields": lambda sock, head: sock.sendall(_OK + b"".join(b"X%d: a\r\n" % n for n in range(5000)) + b"\r\n"),
    "body-with-length": flood(_OK + b"Content-Length: 10737418240\r\n\r\n", b"a" * MIB),
    "body-in-chunks": flood(_OK + b"Transfer-Encoding: chunked\r\n\r\n", b"100000\r\n" + b"a" * MIB + b"\r\n"),
    "body-until-close": flood(_OK + b"\r\n", b"a" * MIB),
    "endless-100": flood(b"", b"HTTP/1.1 100 Continue\r\n\r\n" * 1000),
    "both-lengths": lambda sock, head: sock.sendall(_OK + _BOTH_LENGTHS),
    "second-answer": lambda sock, head: sock.sendall(2 * answer(b"{}")),
    "deep-arrays": fixed(b"[" * 200_000),
    "deep-objects": fixed(b'{"data":' * 150_000),
    "long-number": fixed(b'{"data": {"max_buckets": ' + b"9" * 100_000 + b"}}"),
    "no-utf8": fixed(b'{"data": "\xff\xfe"}'),
    "null": fixed(b"null"),
}
# For a client of the admin API.
ADMIN: dict[str, Behaviour] = {
    "same-marker": _users_page(lambda n: "u1"),
    "two-markers": _users_page(lambda n: f"u{n % 2}"),
    "no-marker": fixed(b'{"keys": ["a"], "truncated": true}'),
    "marker-is-no-text": _users_page(lambda n: [n]),
    "odd-keys": fixed(b'{"keys": [1, null, {"a": 1}], "truncated": false}'),
    "wrong-types": fixed(b'{"ver": 1, "data": {"user_id": 5, "keys": "abc", "email": null}, "keys": ["a"]}'),
}
# For a client of the S3 API.
S3: dict[str, Behaviour] = {
    "same-key": _objects_page(lambda n: "docker/registry/v2/a"),
    "two-keys": _objects_page(lambda n: f"docker/registry/v2/{n % 2}"),
    "keys-that-never-close": fixed(b"<ListBucketResult>" + b"<Contents><Key>a</Key>" * 150_000),
    "entities": fixed(b'<!DOCTYPE x [<!ENTITY a "aaaaaaaa">]><ListBucketResult><Contents><Key>&a;</Key></Contents>'),
}
# For a client of a registry.
REGISTRY: dict[str, Behaviour] = {
    "no-realm": fixed(b"", "WWW-Authenticate: Bearer", status="401 Unauthorized"),
    "odd-realm": fixed(b"", 'WWW-Authenticate: Bearer realm="gopher://[x"', status="401 Unauthorized"),
    "errors-of-another-form": fixed(b'{"errors": [[[]]]}', status="500 Internal Server Error"),
}


@contextmanager
def hostile_server(behaviour: Behaviour) -> Iterator[str]:
    """A server that behaves so; where it listens, as host:port."""
    listener = socket.create_server(("127.0.0.1", 0))
    open_sockets = [listener]

    def serve() -> None:
        with suppress(OSError):
            while True:
                sock, _ = listener.accept()
                open_sockets.append(sock)
                threading.Thread(target=talk, args=(sock,), daemon=True).start()

    def talk(sock: socket.socket) -> None:
        with suppress(OSError):
            while head := sock.recv(65536):
                behaviour(sock, head)
        sock.close()

    threading.Thread(target=serve, daemon=True).start()
    try:
        yield f"127.0.0.1:{listener.getsockname()[1]}"
    finally:
        for sock in open_sockets:
            with suppress(OSError):
                sock.shutdown(socket.SHUT_RDWR)
            sock.close()
