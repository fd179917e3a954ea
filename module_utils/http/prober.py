# SPDX-License-Identifier: Apache-2.0
"""A strict HTTP/1.1 prober on a raw socket: it reports what is on the wire and repairs nothing."""

from __future__ import annotations

import select
import socket
import ssl
import time
from typing import Callable, cast

from .deadline import Deadline
from .endpoint import Broken, Endpoint, reason
from .messages import Answer, Raw, Request
from .reader import MAX_BODY, AnswerReader, HastyReader
from .verdicts import BODY_ON_HEAD, CLOSED, CONNECTION_DESYNC, TIMEOUT, TLS_ERROR

# How long to wait for `100 Continue` before the body is sent anyway (RFC 9110, section 10.1.1; curl waits as long).
CONTINUE_SECONDS = 1.0
RECEIVE_BYTES = 64 * 1024
# Linux only.
_TCP_QUICKACK = getattr(socket, "TCP_QUICKACK", None)


class Connection:
    """One keep-alive connection, opened when it is needed and closed after a fault, so that the next exchange begins
    clean. `exchange` raises for nothing that the peer or the network does.

    A gateway without tcp_nodelay holds the body of an answer back until the segment with the headers is acknowledged,
    and the kernel delays that by 40 ms. `acknowledges_at_once` sends the acknowledgement off, which hides the delay
    from whoever measures it.
    """

    def __init__(self, endpoint: Endpoint, acknowledges_at_once: bool = False) -> None:
        self._endpoint = endpoint
        self._acknowledges = acknowledges_at_once and _TCP_QUICKACK is not None
        self._socket: socket.socket | None = None
        self._last_method = ""
        self._finished = False

    def exchange(self, request: Request, seconds: float, max_body: int = MAX_BODY) -> Answer:
        """Send `request` and read its answer, in `seconds` at most for everything from the name lookup on.

        `max_body` bounds the bytes of the body that are read. Raises ValueError for a request that is not HTTP.
        """
        head = request.head(self._endpoint.authority)
        began = time.monotonic()
        reader = AnswerReader(request.method, max_body)
        reused = self._carry_out(request, head, reader, seconds)
        self._finished = not reader.keeps_alive
        return _answer(request, head, reader, time.monotonic() - began, reused)

    def exchange_in_haste(self, request: Request, is_right: Callable[[bytes], bool], seconds: float) -> Answer | None:
        """The same for one request of thousands; None if the answer is right.

        To read an answer strictly takes several times as long as to send and receive it. Here that is only done with
        those that `is_right` does not know at first sight. It is given the first bytes that arrive, and has to see in
        them that the answer is complete and leaves the connection open.
        """
        head = request.head(self._endpoint.authority)
        began = time.monotonic()
        reader = HastyReader(request.method, is_right)
        reused = self._carry_out(request, head, reader, seconds)
        if reader.right:
            return None
        self._finished = not reader.keeps_alive
        return _answer(request, head, reader, time.monotonic() - began, reused)

    def stays_open(self, seconds: float) -> bool:
        """Whether the peer leaves the connection open for `seconds`. Raises Broken for bytes that nobody asked for."""
        if self._socket is None:
            return False
        self._socket.settimeout(seconds)
        try:
            unasked = self._socket.recv(RECEIVE_BYTES)
        except (socket.timeout, BlockingIOError, ssl.SSLWantReadError):
            return True
        except OSError:
            unasked = b""
        self.close()
        if unasked:
            word = BODY_ON_HEAD if self._last_method == "HEAD" else CONNECTION_DESYNC
            raise Broken(word, f"{len(unasked)} bytes after the answer to {self._last_method}: {unasked[:40]!r}")
        return False

    def close(self) -> None:
        """Close the connection; the next exchange opens another."""
        if self._socket is not None:
            self._socket.close()
            self._socket = None

    def _is_reusable(self) -> bool:
        """Whether the connection can carry another exchange. Raises Broken for bytes that nobody asked for."""
        if self._finished:
            self.close()
        if self._socket is None:
            return False
        return not _has_something(self._socket) or self.stays_open(0)

    def _carry_out(self, request: Request, head: bytes, reader: AnswerReader, seconds: float) -> bool:
        """Let `reader` have the answer; whether the connection had carried an exchange before."""
        deadline = Deadline(seconds)
        reused = False
        try:
            reused = self._is_reusable()
            if self._socket is None:
                self._socket = self._endpoint.connect(deadline)
            self._converse(self._socket, head, request, reader, deadline)
        except Broken as broken:
            reader.stop(*broken.args)
        except BaseException:
            self.close()  # Interrupted: what comes on it later answers no question of ours.
            raise
        if reader.fault:
            self.close()
        self._last_method = request.method
        return reused

    def _converse(
        self, sock: socket.socket, head: bytes, request: Request, reader: AnswerReader, deadline: Deadline
    ) -> None:
        if request.expect_continue:
            _send(sock, head, deadline)
            patience = deadline.at_most(CONTINUE_SECONDS)
            while not (reader.interim or reader.done) and _receive(sock, reader, patience):
                pass
            # After 100 the peer counts on the body, even when its final answer has come together with it.
            if reader.interim or not reader.done:
                _send(sock, request.content(), deadline)
        else:
            _send(sock, head + request.content(), deadline)
        while not reader.done:
            if not _receive(sock, reader, deadline):
                raise Broken(TIMEOUT, f"{reader.received} bytes of the answer came in time")
            if self._acknowledges and not reader.done:
                # Setting the flag sends the acknowledgement off; the flag does not last (tcp(7)).
                sock.setsockopt(socket.IPPROTO_TCP, cast(int, _TCP_QUICKACK), 1)


def _has_something(sock: socket.socket) -> bool:
    """Whether bytes, or the end of the connection, wait to be read. One system call, where a read would take three."""
    if isinstance(sock, ssl.SSLSocket) and sock.pending():
        return True
    events = select.poll()
    events.register(sock, select.POLLIN)
    return bool(events.poll(0))


def _send(sock: socket.socket, data: bytes, deadline: Deadline) -> None:
    view = memoryview(data)
    while view:
        try:
            view = view[deadline.arm(sock).send(view) :]
        except socket.timeout:
            raise Broken(TIMEOUT, f"{len(view)} bytes of the request could not be sent in time") from None
        except OSError:
            return  # A peer that reads no further may have answered before: reading will tell.


def _receive(sock: socket.socket, reader: AnswerReader, deadline: Deadline) -> bool:
    """Feed the next bytes to the reader; False when the deadline passed before any came."""
    try:
        reader.feed(deadline.arm(sock).recv(RECEIVE_BYTES))
    except socket.timeout:
        return False
    except ssl.SSLError as error:
        raise Broken(TLS_ERROR, reason(error)) from None
    except OSError as error:
        raise Broken(CLOSED, f"{reason(error)} after {reader.received} bytes of the answer") from None
    return True


def _answer(request: Request, head: bytes, reader: AnswerReader, seconds: float, reused: bool) -> Answer:
    raw = Raw(head, bytes(reader.head), reader.first_line, reader.detail, request.secrets())
    return Answer(
        method=request.method,
        status=None if reader.fault else reader.status,
        headers=reader.headers,
        body=bytes(reader.body),
        seconds=seconds,
        fault=reader.fault,
        interim=reader.interim,
        reused=reused,
        raw=raw,
    )
