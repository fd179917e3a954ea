# SPDX-License-Identifier: Apache-2.0
"""One keep-alive HTTP connection to a gateway."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Mapping
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from ..base.errors import InputError
from .deadline import Deadline
from .endpoint import look_up
from .reader import AnswerReader
from .verdicts import CLOSED

# A user record is a few KiB. More than this is no answer of an admin API.
_MAX_BODY_BYTES = 4 * 1024 * 1024
_RECEIVE_BYTES = 64 * 1024

# Linux only; elsewhere the stall described in Connection.exchange stays, nothing else.
_TCP_QUICKACK = getattr(socket, "TCP_QUICKACK", None)


class Answer(NamedTuple):
    """What came back: status, headers (names in lower case) and the whole body."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class Endpoint(NamedTuple):
    """Where a gateway listens. netloc is also the Host header that is signed."""

    tls: bool
    netloc: str
    host: str
    port: int

    @classmethod
    def parse(cls, url: str) -> Endpoint:
        """Read "http[s]://host[:port]". Raises InputError, whose text never repeats the URL: it may hold a password."""
        try:
            parts = urlsplit(url)
            port = parts.port
        except ValueError as error:
            raise InputError("endpoint is no URL; write it like http://gateway.example:8080.") from error
        if parts.username is not None or parts.password is not None:
            raise InputError("endpoint must not hold credentials; give access_key and secret_key instead.")
        if parts.scheme not in ("http", "https") or not parts.hostname or not parts.netloc.isascii():
            raise InputError("endpoint is no gateway URL; write it like http://gateway.example:8080.")
        if parts.path not in ("", "/") or parts.query or parts.fragment:
            raise InputError("endpoint must end after host and port: the admin API is at the gateway's root.")
        if port == 0:
            raise InputError("endpoint has the port 0, and there is no such port; take one of 1 to 65535.")
        tls = parts.scheme == "https"
        return cls(tls, parts.netloc, parts.hostname, port or (443 if tls else 80))

    def __str__(self) -> str:
        return f"{'https' if self.tls else 'http'}://{self.netloc}"


def tls_context(ca_file: str | None, validate_certs: bool) -> ssl.SSLContext:
    """Build the TLS settings: the system's CAs, or only those of ca_file. Raises InputError if ca_file is unusable."""
    try:
        context = ssl.create_default_context(cafile=ca_file)
    except (OSError, ssl.SSLError) as error:
        raise InputError(f"ca_file '{ca_file}' cannot be used: {error.strerror or error}.") from error
    if not validate_certs:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    return context


class NotHttp(Exception):
    """What came back is no HTTP answer, or not the whole of one; its argument says why, as a word of rgw_wire_words."""


class Connection:
    """Sends one request at a time and keeps the connection open between them."""

    def __init__(self, endpoint: Endpoint, tls: ssl.SSLContext | None) -> None:
        self._endpoint = endpoint
        self._tls = tls
        self._socket: socket.socket | None = None

    def close(self) -> None:
        """Drop the connection; the next exchange opens a new one."""
        if self._socket is not None:
            self._socket.close()
            self._socket = None

    def exchange(self, method: str, target: str, headers: Mapping[str, str], body: bytes, timeout: float) -> Answer:
        """Send one request and read the whole answer. headers: all but Content-Length.

        timeout (seconds) bounds all of it, from the name look-up to the answer's last byte. Raises OSError or NotHttp;
        the connection is closed then, so that half an answer is never taken for the next one.
        """
        reader = AnswerReader(method, _MAX_BODY_BYTES)
        deadline = Deadline(timeout)
        try:
            sock = self._open(deadline)
            deadline.arm(sock).sendall(_head(method, target, headers, body) + body)
            while not reader.done:
                reader.feed(deadline.arm(sock).recv(_RECEIVE_BYTES))
                # A gateway without tcp_nodelay holds the body back until the segment with the headers is acknowledged,
                # and the kernel delays that by 40 ms. Setting the flag sends it off; it does not last.
                if _TCP_QUICKACK is not None and not reader.done:
                    sock.setsockopt(socket.IPPROTO_TCP, _TCP_QUICKACK, 1)
            if reader.fault == CLOSED:
                raise ConnectionError
            if reader.fault or reader.status is None:
                raise NotHttp(reader.fault)
        except BaseException:
            self.close()
            raise
        if not reader.keeps_alive:
            self.close()
        return Answer(reader.status, {name.lower(): value for name, value in reader.headers}, bytes(reader.body))

    def _open(self, deadline: Deadline) -> socket.socket:
        """The connected socket."""
        if self._socket is None:
            failure: OSError = socket.timeout()
            for family, kind, protocol, _name, address in look_up(self._endpoint.host, self._endpoint.port, deadline):
                try:
                    self._socket = self._connect(socket.socket(family, kind, protocol), address, deadline)
                    break
                except OSError as error:
                    failure = error
            else:
                raise failure
        return self._socket

    def _connect(self, sock: socket.socket, address: Any, deadline: Deadline) -> socket.socket:
        try:
            deadline.arm(sock).connect(address)
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            if self._tls is None:
                return sock
            return self._tls.wrap_socket(deadline.arm(sock), server_hostname=self._endpoint.host)
        except BaseException:
            sock.close()
            raise


def _head(method: str, target: str, headers: Mapping[str, str], body: bytes) -> bytes:
    fields = {**headers, "content-length": str(len(body))}
    lines = [f"{method} {target} HTTP/1.1", *(f"{name}: {value}" for name, value in fields.items())]
    return "\r\n".join([*lines, "", ""]).encode("ascii")
