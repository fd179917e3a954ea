# SPDX-License-Identifier: Apache-2.0
"""TLS: a trusted peer is served, and every way not to trust or to understand it has the same word."""

from __future__ import annotations

import socket
import ssl
import threading
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Iterator

import pytest
from ansible_collections.rgwkit.ceph.plugins.module_utils.http.endpoint import Endpoint
from ansible_collections.rgwkit.ceph.plugins.module_utils.http.messages import Request
from ansible_collections.rgwkit.ceph.plugins.module_utils.http.prober import Connection

from tests.certificates import write_self_signed

GET = Request("GET", "/o")


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file with a key and its self-signed certificate for 127.0.0.1."""
    return write_self_signed(tmp_path_factory.mktemp("tls") / "gateway.pem")


@pytest.fixture
def port(certificate: Path) -> Iterator[int]:
    """A TLS server that answers each request with 204; to `GET /cut` it cuts the answer in the middle."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)

    def serve(sock: socket.socket) -> None:
        with suppress(OSError), context.wrap_socket(sock, server_side=True) as tls:
            while request := tls.recv(4096):
                if b"/cut" in request:
                    tls.sendall(b"HTTP/1.1 204 No")
                    return
                tls.sendall(b"HTTP/1.1 204 No Content\r\n\r\n")

    def accept() -> None:
        with suppress(OSError):
            while True:
                threading.Thread(target=serve, args=(server.accept()[0],), daemon=True).start()

    with socket.create_server(("127.0.0.1", 0)) as server:
        threading.Thread(target=accept, daemon=True).start()
        yield server.getsockname()[1]
        server.shutdown(socket.SHUT_RDWR)


def test_a_trusted_gateway_is_served_and_kept_open(port: int, certificate: Path) -> None:
    connection = Connection(Endpoint.parse(f"https://127.0.0.1:{port}", str(certificate)))
    answers = [connection.exchange(GET, 5) for _ in range(2)]
    assert [(answer.status, answer.reused) for answer in answers] == [(204, False), (204, True)]
    assert connection.exchange(Request("GET", "/cut"), 5).fault == "closed"


def test_a_certificate_need_not_be_valid_where_that_is_said(port: int) -> None:
    endpoint = Endpoint.parse(f"https://127.0.0.1:{port}", validate_certs=False)
    assert Connection(endpoint).exchange(GET, 5).status == 204


def test_an_unknown_authority_is_a_tls_error(port: int) -> None:
    answer = Connection(Endpoint.parse(f"https://127.0.0.1:{port}")).exchange(GET, 5)
    assert answer.fault == "tls-error"
    assert "certificate verify failed" in answer.detail


def test_a_client_shows_its_certificate_where_it_is_asked_for(certificate: Path) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    context.verify_mode = ssl.CERT_REQUIRED
    context.load_verify_locations(certificate)

    def serve_two() -> None:
        for _ in range(2):
            with suppress(OSError), context.wrap_socket(server.accept()[0], server_side=True) as tls:
                tls.recv(4096)
                tls.sendall(b"HTTP/1.1 204 No Content\r\n\r\n")

    path = str(certificate)
    with socket.create_server(("127.0.0.1", 0)) as server:
        threading.Thread(target=serve_two, daemon=True).start()
        url = f"https://127.0.0.1:{server.getsockname()[1]}"
        assert Connection(Endpoint.parse(url, path, client_cert=path)).exchange(GET, 5).status == 204
        assert Connection(Endpoint.parse(url, path)).exchange(GET, 5).fault in ("tls-error", "closed")


def test_another_host_name_is_a_tls_error(port: int, certificate: Path) -> None:
    answer = Connection(Endpoint.parse(f"https://localhost:{port}", str(certificate))).exchange(GET, 5)
    assert answer.fault == "tls-error"
    assert "localhost" in answer.detail


def test_tls_to_a_plain_gateway_is_a_tls_error() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        threading.Thread(target=lambda: server.accept()[0].sendall(b"HTTP/1.1 400 Bad\r\n\r\n"), daemon=True).start()
        endpoint = Endpoint.parse(f"https://127.0.0.1:{server.getsockname()[1]}")
        assert Connection(endpoint).exchange(GET, 5).fault == "tls-error"


def test_a_silent_handshake_ends_at_the_deadline() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        endpoint = Endpoint.parse(f"https://127.0.0.1:{server.getsockname()[1]}")
        answer = Connection(endpoint).exchange(GET, 0.1)
    assert answer.fault == "timeout"
    assert answer.seconds < 0.6


def test_plain_http_to_a_tls_gateway_is_not_an_answer(port: int) -> None:
    answer = Connection(Endpoint.parse(f"http://127.0.0.1:{port}")).exchange(GET, 5)
    assert answer.fault in ("closed", "bad-status-line")


@pytest.mark.parametrize("content", [None, "no certificate"])
def test_a_ca_file_that_cannot_be_used_is_named(tmp_path: Path, content: str | None) -> None:
    path = tmp_path / "ca.pem"
    if content:
        path.write_text(content)
    with pytest.raises(ValueError, match=r"the CA file .*ca\.pem cannot be used"):
        Endpoint.parse("https://gw", str(path))


def test_the_certificate_is_for_the_name_wherever_the_connection_goes(tmp_path, port, certificate):
    """`address` replaces the lookup of the name, and nothing else: neither Host nor whom the certificate is for."""
    endpoint = Endpoint.parse(f"https://bucket.example.test:{port}", str(certificate))
    answer = Connection(replace(endpoint, address="127.0.0.1")).exchange(GET, 5)
    assert answer.fault == "tls-error" and "bucket.example.test" in answer.detail
    named = replace(Endpoint.parse(f"https://127.0.0.1:{port}", str(certificate)), address="127.0.0.1")
    assert Connection(named).exchange(GET, 5).status == 204
    assert replace(endpoint, address="127.0.0.1").authority == f"bucket.example.test:{port}"
