# SPDX-License-Identifier: Apache-2.0
"""One keep-alive HTTP connection that streams bodies both ways, every call on its socket under one deadline."""

from __future__ import annotations

import http.client
import io
import socket
import ssl
from dataclasses import dataclass, field
from email.message import Message
from typing import Any, Callable, Iterable, Sequence, cast

from .deadline import Deadline
from .endpoint import Broken, Endpoint, reason
from .verdicts import BAD_HEADER, BAD_STATUS_LINE, CLOSED, TIMEOUT, TLS_ERROR, TOO_LARGE

RECEIVE_BYTES = 256 * 1024
# Manifests may have 4 MiB (OCI distribution specification, "Pushing Manifests"); no other answer is kept.
MAX_BODY = 4 * 1024 * 1024
# How long a peer may take to notice that its client is gone.
GOODBYE_SECONDS = 5.0

Sink = Callable[[bytes], None]


@dataclass(frozen=True)
class Call:
    """What to send. `blocks` are the `length` bytes of the body; None sends none and no field that announces one."""

    method: str
    target: str
    headers: Sequence[tuple[str, str]] = field(default=(), repr=False)
    blocks: Iterable[bytes] = field(default=(), repr=False)
    length: int | None = None

    @property
    def name(self) -> str:
        """Method and path. A query can hold what signs a request, so it is never shown."""
        return f"{self.method} {self.target.partition('?')[0]}"


@dataclass(frozen=True)
class Answer:
    """What came back for `call`, its `name`. `body` is empty where it was streamed elsewhere."""

    call: str
    status: int
    reason: str
    headers: Message = field(repr=False)
    body: bytes = field(repr=False)

    def header(self, name: str) -> str | None:
        """The value of the first header field of that name (any case), or None."""
        return self.headers.get(name)


class Wire:
    """The connection, opened when it is needed and closed after a fault, so that the next exchange begins clean."""

    def __init__(self, endpoint: Endpoint) -> None:
        self.endpoint = endpoint
        self._socket: socket.socket | None = None

    def exchange(self, call: Call, deadline: Deadline, sink: Sink | None = None) -> Answer:
        """Send `call` and read its answer, in time for `deadline`; the body of a 200 goes to `sink`, if there is one.

        Raises Broken for what is no whole answer.
        """
        sock = self._open(deadline)
        reusable = False
        try:
            connection = _begin(self.endpoint, sock, deadline, call)
            whole = _send(connection, call.blocks)
            response = connection.getresponse()
            body = _receive(response, sink if response.status == 200 else None)
            reusable = whole and not response.will_close
            return Answer(call.name, response.status, response.reason, response.headers, body)
        except (OSError, http.client.HTTPException, ValueError) as error:
            raise _broken(error) from None
        finally:
            if not reusable:
                self.close()

    def cut(self, call: Call, sent: int, deadline: Deadline) -> None:
        """Send `call` up to byte `sent` of its body, end the connection, and wait until the peer has seen that."""
        sock = self._open(deadline)
        try:
            connection = _begin(self.endpoint, sock, deadline, call)
            for block in call.blocks:
                connection.send(block[:sent])
                sent -= len(block)
                if sent <= 0:
                    break
            sock.shutdown(socket.SHUT_WR)
            patience = deadline.at_most(GOODBYE_SECONDS)
            while patience.arm(sock).recv(RECEIVE_BYTES):
                pass
        except (OSError, http.client.HTTPException, ValueError):
            pass  # Whatever came of a broken request, the next one asks what the peer has of it.
        finally:
            self.close()

    def close(self) -> None:
        """Close the connection; the next exchange opens another."""
        if self._socket is not None:
            self._socket.close()
            self._socket = None

    def _open(self, deadline: Deadline) -> socket.socket:
        if self._socket is not None and not _is_silent(self._socket):
            self.close()
        if self._socket is None:
            self._socket = self.endpoint.connect(deadline)
        return self._socket


class _TimedSocket:
    """What http.client needs of a socket. Closing the socket is left to the wire."""

    def __init__(self, sock: socket.socket, deadline: Deadline) -> None:
        self._sock = sock
        self._deadline = deadline

    def sendall(self, data: bytes) -> None:
        view = memoryview(data)
        while view:
            view = view[self._deadline.arm(self._sock).send(view) :]

    def recv_into(self, buffer: Any) -> int:
        return self._deadline.arm(self._sock).recv_into(buffer)

    def makefile(self, mode: str) -> io.BufferedReader:
        return io.BufferedReader(_Incoming(self), RECEIVE_BYTES)

    def close(self) -> None:
        pass


class _Incoming(io.RawIOBase):
    def __init__(self, sock: _TimedSocket) -> None:
        self._sock = sock

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        return self._sock.recv_into(buffer)


def _is_silent(sock: socket.socket) -> bool:
    """Whether an idle connection is still open, with nothing on it that nobody asked for."""
    sock.settimeout(0)
    try:
        sock.recv(1)
    except (BlockingIOError, ssl.SSLWantReadError):
        return True
    except OSError:
        return False
    return False


def _begin(endpoint: Endpoint, sock: socket.socket, deadline: Deadline, call: Call) -> http.client.HTTPConnection:
    """Send the head of `call`."""
    connection = http.client.HTTPConnection(endpoint.host, endpoint.port)
    connection.sock = cast(Any, _TimedSocket(sock, deadline))
    connection.putrequest(call.method, call.target, skip_host=True, skip_accept_encoding=True)
    fields = [("Host", endpoint.authority), ("User-Agent", "rgwkit"), *call.headers]
    if call.length is not None:
        fields.append(("Content-Length", str(call.length)))
    for name, value in fields:
        connection.putheader(name, value)
    connection.endheaders()
    return connection


def _send(connection: http.client.HTTPConnection, blocks: Iterable[bytes]) -> bool:
    """Send the body; whether all of it went out."""
    try:
        for block in blocks:
            connection.send(block)
    except socket.timeout:
        raise
    except OSError:
        return False  # A peer that reads no further may have answered before: reading will tell.
    return True


def _receive(response: http.client.HTTPResponse, sink: Sink | None) -> bytes:
    """Read the body into `sink`, or keep it."""
    announced = response.length
    kept = bytearray()
    received = 0
    while True:
        block = response.read(RECEIVE_BYTES)
        if not block:
            break
        received += len(block)
        if sink:
            sink(block)
        elif received > MAX_BODY:
            raise Broken(TOO_LARGE, f"a body of more than {MAX_BODY} bytes")
        else:
            kept += block
    if announced is not None and received < announced:
        raise Broken(CLOSED, f"closed after {received} of {announced} bytes of the body")
    return bytes(kept)


def _broken(error: Exception) -> Broken:
    if isinstance(error, socket.timeout):
        return Broken(TIMEOUT, "the answer was not complete in time")
    if isinstance(error, ssl.SSLError):
        return Broken(TLS_ERROR, reason(error))
    if isinstance(error, (OSError, http.client.IncompleteRead)):  # RemoteDisconnected is an OSError, too
        return Broken(CLOSED, f"closed before the answer was complete: {error}")
    if isinstance(error, http.client.BadStatusLine):
        return Broken(BAD_STATUS_LINE, "something that is no status line of HTTP")
    return Broken(BAD_HEADER, f"what HTTP does not allow: {type(error).__name__}")
