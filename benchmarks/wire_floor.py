# SPDX-License-Identifier: Apache-2.0
"""The wire floor of rgw_users: the fewest requests that a truthful run needs, sent by a client that does nothing else.

A first run reads each user (there is none), writes it, and reads it again: without the first it could not know what it
changes, without the last not say what is. A run that changes nothing reads each user once. Requests are built and
signed before the clock starts, and of an answer only the status and the length are looked at.
"""

from __future__ import annotations

import datetime
import json
import secrets
import socket
import sys
import threading
import time
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

sys.path.insert(0, str(Path(__file__).parents[1] / ".collections"))
from ansible_collections.rgwkit.ceph.plugins.module_utils.http.sigv4 import canonical_query, signed_headers

PATH = "/admin/metadata/user"
RECEIVE_BYTES = 64 * 1024


class WireError(Exception):
    """An answer that was not to be expected."""


class Request(NamedTuple):
    """The bytes to send, and the status that answers them."""

    data: bytes
    status: int


class WireFloor(NamedTuple):
    """A gateway, an administrator's key, and how many connections to use at once."""

    host: str
    port: int
    access_key: str
    secret_key: str
    connections: int

    def first_run(self, uids: Sequence[str]) -> float:
        """Make users, each with a subuser, a swift key and a quota; the seconds it takes."""
        return self._send([[self._read(uid, 404), self._write(uid), self._read(uid, 200)] for uid in uids])

    def noop(self, uids: Sequence[str]) -> float:
        """Read users; the seconds it takes."""
        return self._send([[self._read(uid, 200)] for uid in uids])

    def _read(self, uid: str, status: int) -> Request:
        return self._request("GET", {"key": uid}, b"", status)

    def _write(self, uid: str) -> Request:
        return self._request("PUT", {"key": uid, "update-type": "update-by-version"}, record(uid), 204)

    def _request(self, method: str, query: dict[str, str], body: bytes, status: int) -> Request:
        now = datetime.datetime.now(datetime.timezone.utc)
        host = {"host": f"{self.host}:{self.port}"}
        headers = signed_headers(method, PATH, query, host, body, self.access_key, self.secret_key, now)
        fields = {**headers, "content-length": str(len(body))}
        lines = [f"{method} {PATH}?{canonical_query(query)} HTTP/1.1", *(f"{name}: {fields[name]}" for name in fields)]
        return Request("\r\n".join([*lines, "", ""]).encode() + body, status)

    def _send(self, users: Sequence[Sequence[Request]]) -> float:
        """Send the requests of all users, those of one in order."""
        todo, lock = iter(users), threading.Lock()
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


def record(uid: str) -> bytes:
    """The record of a user as the module would write it."""
    data = {
        "user_id": uid,
        "display_name": uid,
        "max_buckets": 1000,
        "op_mask": "read, write, delete",
        "type": "rgw",
        "subusers": [{"id": f"{uid}:swift", "permissions": "full-control"}],
        "swift_keys": [{"user": f"{uid}:swift", "secret_key": secrets.token_hex(20), "active": True}],
        "user_quota": {"max_size": 10 * 1024**3, "max_objects": -1, "enabled": True},
    }
    return json.dumps({"ver": {"ver": 1}, "data": data}).encode()


def exchange(sock: socket.socket, request: Request) -> None:
    """Send a request and take in its answer. Raises OSError, WireError."""
    sock.sendall(request.data)
    answer = b""
    while b"\r\n\r\n" not in answer:
        received = sock.recv(RECEIVE_BYTES)
        if not received:
            raise WireError("the gateway closed the connection")
        answer += received
    head, _, body = answer.partition(b"\r\n\r\n")
    if not head.startswith(b"HTTP/1.1 %d" % request.status):
        raise WireError(f"answered with {head[:40]!r} instead of {request.status}")
    _, field, rest = head.lower().partition(b"content-length: ")
    missing = int(rest.partition(b"\r\n")[0]) - len(body) if field else 0
    while missing > 0:
        missing -= len(sock.recv(RECEIVE_BYTES))
