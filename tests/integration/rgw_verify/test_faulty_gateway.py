# SPDX-License-Identifier: Apache-2.0
"""The proxy itself: what it does not break on purpose, it passes on unchanged."""

from __future__ import annotations

import re
import secrets
import socket
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import requests
from ansible_collections.rgwkit.ceph.plugins.module_utils.base.login import Login
from ansible_collections.rgwkit.ceph.plugins.module_utils.doctor.catalogue import select
from ansible_collections.rgwkit.ceph.plugins.module_utils.doctor.runner import verify
from ansible_collections.rgwkit.ceph.plugins.module_utils.http.endpoint import Endpoint

from tests.faulty_gateway import FaultyGateway
from tests.integration.gateway import Gateway

ROOT = Path(__file__).parents[3]


@pytest.fixture
def container(gateway: Gateway) -> str:
    return f"rgwkit-test-{secrets.token_hex(4)}"


def test_a_chunked_body_may_be_split_anywhere(gateway: Gateway, container: str) -> None:
    login = {"X-Auth-User": gateway.user, "X-Auth-Key": gateway.secret}
    with FaultyGateway(gateway.host, gateway.port) as proxy, requests.Session() as session:
        auth = session.get(f"{proxy.url}/auth/v1", headers=login, timeout=10)
        storage = auth.headers["X-Storage-Url"]
        assert storage.startswith(proxy.url)
        token = auth.headers["X-Auth-Token"]
        session.headers["X-Auth-Token"] = token
        session.put(f"{storage}/{container}", timeout=10).raise_for_status()

        path = f"/swift/v1/{container}/split"
        head = f"PUT {path} HTTP/1.1\r\nHost: gw\r\nX-Auth-Token: {token}\r\nTransfer-Encoding: chunked\r\n\r\n"
        endpoint = Endpoint.parse(proxy.url)
        with socket.create_connection((endpoint.host, endpoint.port), timeout=10) as sock:
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            for piece in (head.encode(), b"5\r", b"\nhel", b"lo\r\n", b"6\r\n world\r", b"\n0", b"\r\n\r", b"\n"):
                sock.sendall(piece)
                time.sleep(0.02)
            assert sock.recv(4096).startswith(b"HTTP/1.1 201 Created\r\n")
            sock.sendall(f"HEAD {path} HTTP/1.1\r\nHost: gw\r\nX-Auth-Token: {token}\r\n\r\n".encode())
            assert b"Content-Length: 11\r\n" in sock.recv(4096)

        assert session.get(f"{storage}/{container}/split", timeout=10).content == b"hello world"
        session.delete(f"{storage}/{container}/split", timeout=10).raise_for_status()
        session.delete(f"{storage}/{container}", timeout=10).raise_for_status()


def test_many_clients_are_served_at_once(gateway: Gateway) -> None:
    with FaultyGateway(gateway.host, gateway.port, "head-no-status-line") as proxy:
        endpoint = Endpoint.parse(proxy.url)
        with ThreadPoolExecutor(8) as pool:
            probes = select(["plain-object", "head-empty-manifest"])
            login = Login(gateway.user, gateway.secret)
            runs = [pool.submit(verify, endpoint, login, probes, 10) for _ in range(8)]
            reports = [run.result() for run in runs]
    expected = {"auth": "ok", "plain-object": "ok", "head-empty-manifest": "no-status-line"}
    assert [{verdict.probe: verdict.verdict for verdict in report.verdicts} for report in reports] == [expected] * 8
    assert [report.leftover for report in reports] == [None] * 8
    assert len(proxy.injected) == 8


def test_the_command_line_serves_and_logs(gateway: Gateway) -> None:
    proxy = subprocess.Popen(
        [
            *(sys.executable, "-m", "tests.faulty_gateway", "--listen", "127.0.0.1:0"),
            *("--upstream", f"{gateway.host}:{gateway.port}", "--fault", "name-too-long"),
        ],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert proxy.stdout
        listening = re.match(r"listening on (\S+), before \S+, with name-too-long$", proxy.stdout.readline())
        assert listening
        endpoint = Endpoint.parse(f"http://{listening[1]}")
        report = verify(endpoint, Login(gateway.user, gateway.secret), select(["long-object-name"]), 5)
        assert [verdict.verdict for verdict in report.verdicts] == ["ok", "wrong-status"]
    finally:
        proxy.terminate()
        log = proxy.communicate(timeout=10)[0]
    assert "GET /auth/v1 HTTP/1.1\n" in log
    assert "name-too-long: HEAD /swift/v1/rgwkit-verify-" in log
    assert gateway.secret not in log
