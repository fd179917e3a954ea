# SPDX-License-Identifier: Apache-2.0
"""One keep-alive HTTP connection to a gateway."""

from __future__ import annotations

import http.client
import socket
import ssl
from collections.abc import Mapping
from typing import NamedTuple
from urllib.parse import urlsplit

from .rgw_errors import InputError

# A user record is a few KiB. More than this is no answer of an admin API.
_MAX_BODY_BYTES = 4 * 1024 * 1024

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


class Connection:
    """Sends one request at a time and keeps the connection open between them."""

    def __init__(self, endpoint: Endpoint, tls: ssl.SSLContext | None) -> None:
        self._endpoint = endpoint
        self._tls = tls
        self._http: http.client.HTTPConnection | None = None

    def close(self) -> None:
        """Drop the connection; the next exchange opens a new one."""
        if self._http is not None:
            self._http.close()
            self._http = None

    def exchange(self, method: str, target: str, headers: Mapping[str, str], body: bytes, timeout: float) -> Answer:
        """Send one request and read the whole answer.

        timeout (seconds) bounds the connect and each wait for bytes. Raises OSError or http.client.HTTPException; the
        connection is closed then, so that half an answer is never taken for the next one.
        """
        try:
            connection = self._open(timeout)
            connection.request(method, target, body=body, headers=dict(headers))
            sock = connection.sock
            response = connection.getresponse()
            # A gateway without tcp_nodelay holds the body back until the segment with the headers is acknowledged, and
            # the kernel delays that acknowledgement by 40 ms. Setting the flag sends it off; it does not last.
            if _TCP_QUICKACK is not None:
                sock.setsockopt(socket.IPPROTO_TCP, _TCP_QUICKACK, 1)
            content = response.read(_MAX_BODY_BYTES + 1)
            if len(content) > _MAX_BODY_BYTES:
                raise http.client.HTTPException(f"an answer of more than {_MAX_BODY_BYTES} bytes")
        except BaseException:
            self.close()
            raise
        return Answer(response.status, {name.lower(): value for name, value in response.getheaders()}, content)

    def _open(self, timeout: float) -> http.client.HTTPConnection:
        if self._http is None:
            if self._tls is None:
                self._http = http.client.HTTPConnection(self._endpoint.host, self._endpoint.port)
            else:
                self._http = http.client.HTTPSConnection(self._endpoint.host, self._endpoint.port, context=self._tls)
        self._http.timeout = timeout
        if self._http.sock is None:
            self._http.connect()
        self._http.sock.settimeout(timeout)
        return self._http
