# SPDX-License-Identifier: Apache-2.0
"""Clients that put, head and get objects by swift without a break, and count what fails."""

from __future__ import annotations

import hashlib
import http.client
import secrets
import ssl
import threading
import time
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Iterator

from tests.background import in_background

OBJECT_BYTES = 4096
TIMEOUT_SECONDS = 60
# All clients together. Faster ones would leave no processor for the play, where one machine has to do for all hosts.
REQUESTS_PER_SECOND = 250
CONTAINER = "acceptance-load"


@dataclass
class SwiftLoad:
    """What the clients did so far. stored: acknowledged objects, name -> MD5 of the content.

    timeout: seconds that a client waits for an answer.
    """

    host: str
    port: int
    user: str
    secret: str = field(repr=False)
    tls: ssl.SSLContext | None = None
    timeout: float = TIMEOUT_SECONDS
    requests: int = 0
    failures: list[str] = field(default_factory=list)
    stored: dict[str, str] = field(default_factory=dict)
    began: float = field(default_factory=time.monotonic)
    slowest: float = 0

    def lost(self) -> list[str]:
        """Every acknowledged object that cannot be read any more, or has another content."""
        client = _Client(self)
        return [name for name, digest in self.stored.items() if client.get(name) != digest]

    def __str__(self) -> str:
        seconds = time.monotonic() - self.began
        rate = f"{self.requests} requests in {seconds:.0f} s ({self.requests / seconds:.0f}/s)"
        return f"{rate}, {len(self.failures)} failed, slowest {self.slowest:.1f} s, {len(self.stored)} objects stored"


@contextmanager
def swift_load(
    host: str,
    port: int,
    user: str,
    secret: str,
    clients: int = 16,
    tls: ssl.SSLContext | None = None,
    timeout: float = TIMEOUT_SECONDS,
) -> Iterator[SwiftLoad]:
    """Put, head and get until the block ends; each client reads what it has stored."""
    load = SwiftLoad(host, port, user, secret, tls, timeout)
    _Client(load).ask("PUT", f"/{CONTAINER}", b"")

    def work(number: int, stop: threading.Event) -> None:
        client, count = _Client(load), 0
        while not stop.is_set():
            name = f"{number}/{count:07}"
            count += 1
            due = load.began + count * 3 * clients / REQUESTS_PER_SECOND
            stop.wait(max(0, due - time.monotonic()))
            with suppress(_Failed):
                client.put(name)
                client.head(name)
                client.get(name)

    try:
        with in_background(work, clients):
            yield load
    finally:
        print(f"\nload: {load}", flush=True)


class _Failed(Exception):
    """A request that failed; it is in the tally already."""


class _Client:
    """One client with one connection, as swift clients have."""

    def __init__(self, load: SwiftLoad) -> None:
        self._load = load
        self._connection: http.client.HTTPConnection | None = None
        login = {"X-Auth-User": load.user, "X-Auth-Key": load.secret}
        self._token = {"X-Auth-Token": self._request("GET", "/auth/v1.0", b"", login)[1]["X-Auth-Token"]}

    def put(self, name: str) -> None:
        content = secrets.token_bytes(OBJECT_BYTES)
        self.ask("PUT", f"/{CONTAINER}/{name}", content)
        self._load.stored[name] = hashlib.md5(content).hexdigest()

    def head(self, name: str) -> None:
        headers = self.ask("HEAD", f"/{CONTAINER}/{name}")[1]
        self._expect(headers.get("ETag") == self._load.stored[name], f"HEAD {name}: ETag {headers.get('ETag')}")

    def get(self, name: str) -> str:
        digest = hashlib.md5(self.ask("GET", f"/{CONTAINER}/{name}")[2]).hexdigest()
        self._expect(digest == self._load.stored[name], f"GET {name}: other content")
        return digest

    def ask(self, method: str, path: str, body: bytes | None = None):
        return self._request(method, f"/swift/v1{path}", body, self._token)

    def _request(self, method: str, path: str, body: bytes | None, headers: dict[str, str]):
        began = time.monotonic()
        try:
            if self._connection is None:
                self._connection = self._connect()
            self._connection.request(method, path, body, headers)
            answer = self._connection.getresponse()
            content = answer.read()
        except (OSError, http.client.HTTPException) as error:
            self._connection = None
            self._expect(False, f"{method} {path}: {error!r}")
            raise
        finally:
            # Threads add without a lock: now and then one request is not counted, but no failure is.
            self._load.requests += 1
            self._load.slowest = max(self._load.slowest, time.monotonic() - began)
        self._expect(answer.status < 300, f"{method} {path}: HTTP {answer.status}")
        return answer.status, answer.headers, content

    def _connect(self) -> http.client.HTTPConnection:
        host, port, tls, timeout = self._load.host, self._load.port, self._load.tls, self._load.timeout
        if tls is None:
            return http.client.HTTPConnection(host, port, timeout=timeout)
        return http.client.HTTPSConnection(host, port, timeout=timeout, context=tls)

    def _expect(self, holds: bool, what: str) -> None:
        if not holds:
            self._load.failures.append(f"{time.strftime('%H:%M:%S')} {what}")
            raise _Failed(what)
