# SPDX-License-Identifier: Apache-2.0
"""The connection against peers on real sockets: what is sent, what is kept open, and that every deadline holds."""

from __future__ import annotations

import socket
import threading
import time
from contextlib import closing, suppress
from typing import Callable
from unittest.mock import Mock

import pytest
from ansible_collections.rgwkit.ceph.plugins.module_utils.http.deadline import Deadline
from ansible_collections.rgwkit.ceph.plugins.module_utils.http.endpoint import Broken, Endpoint
from ansible_collections.rgwkit.ceph.plugins.module_utils.http.messages import Request
from ansible_collections.rgwkit.ceph.plugins.module_utils.http.prober import RECEIVE_BYTES, Connection
from ansible_collections.rgwkit.ceph.plugins.module_utils.http.reader import MAX_HEAD, AnswerReader
from ansible_collections.rgwkit.ceph.plugins.module_utils.http.verdicts import MEANINGS
from hypothesis import given, settings
from hypothesis import strategies as st

HEAD = Request("HEAD", "/o")
GET = Request("GET", "/o")
NO_CONTENT = b"HTTP/1.1 204 No Content\r\n\r\n"
SLACK = 0.5


class Peer:
    """The other end of each connection, played by `act` in a thread; stands in for an Endpoint."""

    authority = "peer"

    def __init__(self, act: Callable[[socket.socket], None]) -> None:
        self._act = act
        self._threads: list[threading.Thread] = []
        self.connections = 0

    def connect(self, deadline: Deadline) -> socket.socket:
        ours, theirs = socket.socketpair()
        self.connections += 1
        thread = threading.Thread(target=self._play, args=(theirs,), daemon=True)
        thread.start()
        self._threads.append(thread)
        return ours

    def _play(self, sock: socket.socket) -> None:
        with closing(sock), suppress(OSError):
            self._act(sock)


def receive_head(sock: socket.socket) -> bytes:
    data = b""
    while not data.endswith(b"\r\n\r\n"):
        data += sock.recv(1)
        if not data:
            raise OSError("closed")
    return data


def answering(*answers: bytes) -> Callable[[socket.socket], None]:
    def act(sock: socket.socket) -> None:
        for answer in answers:
            receive_head(sock)
            sock.sendall(answer)
        sock.recv(1)

    return act


def test_one_connection_carries_many_exchanges() -> None:
    peer = Peer(answering(NO_CONTENT, NO_CONTENT, NO_CONTENT))
    connection = Connection(peer)
    answers = [connection.exchange(HEAD, 5) for _ in range(3)]
    assert [answer.status for answer in answers] == [204, 204, 204]
    assert [answer.reused for answer in answers] == [False, True, True]
    assert peer.connections == 1


@pytest.mark.parametrize(
    ("answer", "method", "word"),
    [
        (b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n", "HEAD", "body-on-head"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", "GET", "connection-desync"),
    ],
)
def test_bytes_that_come_late_are_found_by_the_next_exchange(answer: bytes, method: str, word: str) -> None:
    sent = threading.Event()

    def act(sock: socket.socket) -> None:
        receive_head(sock)
        sock.sendall(answer)
        late.wait(5)
        sock.sendall(b"hello")
        sent.set()
        sock.recv(1)

    late = threading.Event()
    connection = Connection(Peer(act))
    assert connection.exchange(Request(method, "/o"), 5).fault is None
    late.set()
    assert sent.wait(5)
    second = connection.exchange(GET, 5)
    assert (second.fault, second.status) == (word, None)
    assert "hello" in second.detail


def test_a_fault_or_a_close_begins_a_new_connection() -> None:
    peer = Peer(answering(b"Content-Length: 0\r\n\r\n"))
    connection = Connection(peer)
    assert [connection.exchange(HEAD, 5).fault for _ in range(2)] == ["no-status-line"] * 2
    assert peer.connections == 2

    closing_peer = Peer(answering(b"HTTP/1.1 204 x\r\nConnection: close\r\n\r\n"))
    connection = Connection(closing_peer)
    assert [connection.exchange(HEAD, 5).status for _ in range(2)] == [204, 204]
    assert closing_peer.connections == 2


def test_an_interrupted_exchange_does_not_spoil_the_next(monkeypatch: pytest.MonkeyPatch) -> None:
    peer = Peer(answering(NO_CONTENT, NO_CONTENT))
    connection = Connection(peer)
    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(AnswerReader, "feed", Mock(side_effect=KeyboardInterrupt))
        connection.exchange(HEAD, 5)
    answer = connection.exchange(GET, 5)
    assert (answer.status, answer.reused, peer.connections) == (204, False, 2)


def test_the_body_waits_for_continue() -> None:
    seen = []

    def act(sock: socket.socket) -> None:
        seen.append(receive_head(sock))
        sock.settimeout(0.05)
        with suppress(socket.timeout):
            seen.append(sock.recv(100))
        sock.settimeout(None)
        sock.sendall(b"HTTP/1.1 100 CONTINUE\r\n\r\n")
        seen.append(sock.recv(100))
        sock.sendall(b"HTTP/1.1 201 Created\r\nContent-Length: 0\r\n\r\n")

    request = Request("PUT", "/o", [("X-Object-Manifest", "c/none")], b"", chunked=True, expect_continue=True)
    answer = Connection(Peer(act)).exchange(request, 5)
    assert (answer.status, answer.interim, answer.fault) == (201, 1, None)
    head, body = seen
    assert body == b"0\r\n\r\n"
    assert head == (
        b"PUT /o HTTP/1.1\r\nHost: peer\r\nUser-Agent: rgwkit\r\nX-Object-Manifest: c/none\r\n"
        b"Transfer-Encoding: chunked\r\nExpect: 100-continue\r\n\r\n"
    )


def test_a_final_answer_instead_of_continue_keeps_the_body_back() -> None:
    seen = []

    def act(sock: socket.socket) -> None:
        receive_head(sock)
        sock.sendall(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n")
        seen.append(receive_head(sock))
        sock.sendall(NO_CONTENT)

    connection = Connection(Peer(act))
    assert connection.exchange(Request("PUT", "/o", body=b"hello", expect_continue=True), 5).status == 404
    assert connection.exchange(GET, 5).status == 204
    assert seen[0].startswith(b"GET /o HTTP/1.1\r\n")


def test_a_body_that_was_asked_for_is_sent_even_when_the_answer_is_there() -> None:
    """RGW 16 and 20 send 100 and 413 together and read the body after them: kept back, it would be the next request."""
    bodies: list[bytes] = []

    def refuse_but_read(sock: socket.socket) -> None:
        receive_head(sock)
        sock.sendall(b"HTTP/1.1 100 CONTINUE\r\n\r\nHTTP/1.1 413 Too Large\r\nContent-Length: 0\r\n\r\n")
        bodies.append(sock.recv(4, socket.MSG_WAITALL))
        receive_head(sock)
        sock.sendall(NO_CONTENT)

    connection = Connection(Peer(refuse_but_read))
    put = connection.exchange(Request("PUT", "/o", (), b"body", expect_continue=True), 5)
    after = connection.exchange(GET, 5)
    assert (put.status, bodies, after.status, after.reused) == (413, [b"body"], 204, True)


@pytest.mark.parametrize(("then", "stays"), [(b"", False), (None, True)], ids=["closes", "waits"])
def test_a_connection_that_stays_open_is_told_from_one_that_does_not(then: bytes | None, stays: bool) -> None:
    over = threading.Event()

    def answer_once(sock: socket.socket) -> None:
        receive_head(sock)
        sock.sendall(NO_CONTENT)
        if then is None:
            over.wait(5)

    connection = Connection(Peer(answer_once))
    connection.exchange(GET, 5)
    assert connection.stays_open(0.1) is stays
    over.set()


def test_bytes_that_come_while_waiting_are_a_fault() -> None:
    def say_more(sock: socket.socket) -> None:
        receive_head(sock)
        sock.sendall(b"HTTP/1.1 404 Not Found\r\nContent-Length: 9\r\n\r\n")
        time.sleep(0.02)
        sock.sendall(b"NoSuchKey")

    connection = Connection(Peer(say_more))
    assert connection.exchange(HEAD, 5).status == 404
    with pytest.raises(Broken) as broken:
        connection.stays_open(1)
    assert broken.value.args[0] == "body-on-head"


def test_an_answer_before_the_end_of_the_request_is_read() -> None:
    def act(sock: socket.socket) -> None:
        receive_head(sock)
        sock.sendall(b"HTTP/1.1 413 Too Large\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")

    answer = Connection(Peer(act)).exchange(Request("PUT", "/o", body=bytes(4_000_000)), 5)
    assert (answer.status, answer.fault) in [(413, None), (None, "closed")]


@pytest.mark.parametrize(
    ("request_", "content"),
    [
        (Request("PUT", "/o"), b""),
        (Request("PUT", "/o", body=b"hi"), b"hi"),
        (Request("PUT", "/o", body=b"hi", chunked=True), b"2\r\nhi\r\n0\r\n\r\n"),
    ],
)
def test_a_body_is_framed_as_asked(request_: Request, content: bytes) -> None:
    assert request_.content() == content
    head = request_.head("peer")
    assert (b"Content-Length: 2" in head) == (content == b"hi")


@pytest.mark.parametrize(
    "request_",
    [
        Request("GET", "/a b"),
        Request("GET", "/a\r\nX: y"),
        Request("GET\r\n", "/"),
        Request("GET", "/", [("X-Auth-User", "demo\r\nX-Injected: yes")]),
        Request("GET", "/", [("X Auth", "demo")]),
        Request("GET", "/", [("X-Auth-User", "d€mo")]),
    ],
)
def test_a_request_that_would_break_out_of_its_line_is_refused(request_: Request) -> None:
    with pytest.raises(ValueError, match=r"HTTP allows|HTTP does not allow") as caught:
        request_.head("peer")
    assert "demo" not in str(caught.value)


def dripping(sock: socket.socket) -> None:
    for byte in b"HTTP/1.1 200 OK\r\nX-Slow: " + b"x" * 100_000:
        sock.sendall(bytes([byte]))
        time.sleep(0.005)


def endless(sock: socket.socket) -> None:
    sock.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
    while True:
        sock.sendall(bytes(65536))


def endless_interim(sock: socket.socket) -> None:
    while True:
        sock.sendall(b"HTTP/1.1 100 Continue\r\n\r\n" * 100)


def silent(sock: socket.socket) -> None:
    while sock.recv(100):
        pass


def deaf(sock: socket.socket) -> None:
    time.sleep(2)


@pytest.mark.parametrize("act", [dripping, silent, deaf])
def test_the_deadline_holds(act: Callable[[socket.socket], None]) -> None:
    began = time.monotonic()
    answer = Connection(Peer(act)).exchange(Request("PUT", "/o", body=bytes(5_000_000)), 0.1)
    assert time.monotonic() - began < 0.1 + SLACK
    assert answer.fault == "timeout"


@pytest.mark.parametrize("act", [endless, endless_interim])
def test_an_endless_answer_is_given_up(act: Callable[[socket.socket], None]) -> None:
    answer = Connection(Peer(act)).exchange(GET, 5, max_body=100_000)
    assert answer.fault == "too-large"
    assert answer.seconds < SLACK


@settings(max_examples=30, deadline=None)
@given(st.lists(st.binary(max_size=200), max_size=10), st.booleans(), st.sampled_from([HEAD, GET]))
def test_no_peer_breaks_an_exchange(chunks: list[bytes], closes: bool, request: Request) -> None:
    def act(sock: socket.socket) -> None:
        for chunk in chunks:
            sock.sendall(chunk)
        if not closes:
            silent(sock)

    connection = Connection(Peer(act))
    began = time.monotonic()
    answer = connection.exchange(request, 0.02, max_body=100)
    connection.close()
    assert time.monotonic() - began < 0.02 + SLACK
    assert answer.fault in {None, *MEANINGS}
    assert (answer.status is None) == (answer.fault is not None)
    assert len(answer.body) <= 100


def test_no_more_is_read_than_the_bound() -> None:
    taken = []

    def act(sock: socket.socket) -> None:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 4096)
        with suppress(OSError):
            while True:
                taken.append(sock.send(b"x" * 4096))

    Connection(Peer(act)).exchange(GET, 5, max_body=1000)
    assert sum(taken) < MAX_HEAD + 2 * RECEIVE_BYTES + 500_000


@pytest.mark.parametrize(
    ("url", "host", "port", "path", "authority"),
    [
        ("http://gw:8080", "gw", 8080, "", "gw:8080"),
        ("http://gw", "gw", 80, "", "gw"),
        ("https://gw/", "gw", 443, "", "gw"),
        ("http://10.0.0.1:7480/ceph/", "10.0.0.1", 7480, "/ceph", "10.0.0.1:7480"),
        ("http://[::1]:8080", "::1", 8080, "", "[::1]:8080"),
    ],
)
def test_an_endpoint_is_read_from_its_url(url: str, host: str, port: int, path: str, authority: str) -> None:
    endpoint = Endpoint.parse(url)
    assert (endpoint.host, endpoint.port, endpoint.path, endpoint.authority) == (host, port, path, authority)
    assert (endpoint.tls is not None) == url.startswith("https")


@pytest.mark.parametrize(
    "url",
    [
        "gw:8080",
        "ftp://gw",
        "http://",
        "http://gw:99999",
        "http://gw:port",
        "http://u:hunter22@gw",
        "http://gw/?a=b",
        "http://g w",
    ],
)
def test_what_is_no_endpoint_is_refused_without_repeating_it(url: str) -> None:
    with pytest.raises(ValueError, match="must be a URL like") as caught:
        Endpoint.parse(url)
    assert "hunter22" not in str(caught.value)


def test_nobody_listening_is_refused() -> None:
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        port = sock.getsockname()[1]
    answer = Connection(Endpoint("127.0.0.1", port)).exchange(GET, 5)
    assert (answer.fault, answer.status) == ("refused", None)
    assert answer.detail == f"127.0.0.1 port {port}: Connection refused"


def test_a_name_that_does_not_resolve_is_refused() -> None:
    assert Connection(Endpoint("no-such-host.invalid", 80)).exchange(GET, 5).fault == "refused"


def test_a_slow_resolver_does_not_outlive_the_deadline(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: time.sleep(1))
    began = time.monotonic()
    assert Connection(Endpoint("slow.example", 80)).exchange(GET, 0.05).fault == "timeout"
    assert time.monotonic() - began < 0.5
