# SPDX-License-Identifier: Apache-2.0
"""Bad input, met on the real thing: each is told apart, in one sentence, and leaves nothing behind."""

from __future__ import annotations

import http.server
import socket
import threading
import time
from pathlib import Path
from typing import Callable, Iterator

import pytest
import requests
from ansible_collections.rgwkit.ceph.plugins.module_utils.base.login import Login
from ansible_collections.rgwkit.ceph.plugins.module_utils.doctor.catalogue import select
from ansible_collections.rgwkit.ceph.plugins.module_utils.doctor.runner import ProbeVerdict, Report, verify
from ansible_collections.rgwkit.ceph.plugins.module_utils.http.endpoint import Endpoint

from tests.faulty_gateway import FaultyGateway
from tests.integration.gateway import Gateway, second_gateway
from tests.integration.rgw_verify.conftest import make_subuser, token_of

SECRET = "key-of-a-subuser"


def first_failure(
    url: str, user: str, secret: str, ca_file: Path | None = None, leftover: list[str] | None = None
) -> ProbeVerdict:
    """The only probe that fails; all after it are skipped. `leftover` takes what stays behind, where that is right."""
    endpoint = Endpoint.parse(url, str(ca_file) if ca_file else None)
    report: Report = verify(endpoint, Login(user, secret), select([]), 10)
    failed = [verdict for verdict in report.verdicts if verdict.failed]
    assert len(failed) == 1, failed
    after = report.verdicts[report.verdicts.index(failed[0]) + 1 :]
    assert {verdict.verdict for verdict in after} == {"skipped"}
    if leftover is not None and report.leftover:
        leftover.append(report.leftover)
    else:
        assert report.leftover is None
    return failed[0]


def test_no_route(gateway: Gateway) -> None:
    """TEST-NET-1, which nobody routes (RFC 5737): refused at once, or silent until the deadline."""
    verdict = first_failure("http://192.0.2.1:8080", gateway.user, gateway.secret)
    assert verdict.verdict in ("refused", "timeout")
    assert verdict.seconds < 4


def test_a_closed_port(gateway: Gateway) -> None:
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        verdict = first_failure(f"http://127.0.0.1:{sock.getsockname()[1]}", gateway.user, gateway.secret)
    assert (verdict.verdict, verdict.cause) == ("refused", "Nothing accepts connections at this address.")


@pytest.fixture
def web_server(tmp_path: Path) -> Iterator[str]:
    """A server that is no gateway."""

    class Handler(http.server.SimpleHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def test_another_server(gateway: Gateway, web_server: str) -> None:
    verdict = first_failure(web_server, gateway.user, gateway.secret)
    assert verdict.got.startswith("HTTP/1.0 404 ")
    assert verdict.cause == "This is not a swift endpoint: it has no /auth/v1."


@pytest.mark.parametrize(
    ("apis", "cause"),
    [
        ("s3, admin", "The gateway took the request for one of S3: its swift API is off, or has another prefix."),
        ("s3, swift_auth, admin", "The gateway authenticates swift users but has no swift API."),
    ],
    ids=["s3-only", "auth-only"],
)
def test_a_gateway_without_swift(gateway: Gateway, apis: str, cause: str) -> None:
    with second_gateway(gateway, rgw_enable_apis=apis) as url:
        verdict = first_failure(url, gateway.user, gateway.secret)
    assert (verdict.probe, verdict.verdict, verdict.cause) == ("auth", "wrong-status", cause)


def test_a_certificate_that_signs_itself(gateway: Gateway, certificate: Path) -> None:
    with FaultyGateway(gateway.host, gateway.port, certificate=certificate) as proxy:
        verdict = first_failure(proxy.url, gateway.user, gateway.secret)
        trusted = verify(
            Endpoint.parse(proxy.url, str(certificate)),
            Login(gateway.user, gateway.secret),
            select(["plain-object"]),
            10,
        )
    assert verdict.verdict == "tls-error"
    assert "self" in verdict.got
    assert "ca_file" in verdict.remedy
    assert trusted.passed


def test_tls_where_there_is_none(gateway: Gateway) -> None:
    url = gateway.url.replace("http://", "https://")
    assert first_failure(url, gateway.user, gateway.secret).verdict == "tls-error"


@pytest.mark.parametrize("access", ["write", ""], ids=["write", "none"])
def test_a_subuser_that_may_not_read(gateway: Gateway, access: str) -> None:
    login = Login(f"{access or 'none'}only:swift", SECRET)
    make_subuser(gateway, login, access)
    verdict = first_failure(gateway.url, login.user, login.secret)
    assert (verdict.probe, verdict.got) == ("auth", "HTTP/1.1 403 Forbidden")
    assert verdict.cause == "The subuser may not read its account."


def test_a_subuser_that_may_only_read(gateway: Gateway) -> None:
    """RGW lets it make a container, which it may not remove: it is named, and left to somebody who may."""
    login = Login("readonly:swift", SECRET)
    make_subuser(gateway, login, "read")
    leftover: list[str] = []
    verdict = first_failure(gateway.url, login.user, login.secret, leftover=leftover)
    assert (verdict.probe, verdict.got) == ("store-object", "HTTP/1.1 403 Forbidden")
    assert verdict.cause == "The subuser may not write."
    gateway.run("radosgw-admin", "bucket", "rm", f"--bucket={leftover[0]}")


def test_a_suspended_user(gateway: Gateway) -> None:
    login = Login("asleep:swift", SECRET)
    make_subuser(gateway, login, "full")
    gateway.run("radosgw-admin", "user", "suspend", "--uid=asleep")
    verdict = first_failure(gateway.url, login.user, login.secret)
    assert (verdict.probe, verdict.got) == ("auth", "HTTP/1.1 401 Unauthorized")
    assert "suspended" in verdict.cause


def test_a_user_whose_quota_is_used_up(gateway: Gateway) -> None:
    login = Login("full:swift", SECRET)
    make_subuser(gateway, login, "full")
    gateway.run("radosgw-admin", "quota", "set", "--uid=full", "--quota-scope=user", "--max-size=1")
    gateway.run("radosgw-admin", "quota", "enable", "--uid=full", "--quota-scope=user")
    verdict = first_failure(gateway.url, login.user, login.secret)
    assert (verdict.probe, verdict.got) == ("store-object", "HTTP/1.1 413 Request Entity Too Large")
    assert verdict.cause == "The quota of the user is used up."


def test_a_pool_that_is_full(gateway: Gateway) -> None:
    """Writes to it wait, and so does the PUT up to Ceph 18; what only reads is answered."""
    pool = "default.rgw.buckets.data"
    token = {"X-Auth-Token": token_of(gateway)}
    container = f"{gateway.url}/swift/v1/rgwkit-test-full"
    for path in ("", "/1", "/2"):
        requests.put(container + path, headers=token, timeout=10).raise_for_status()
    gateway.run("ceph", "osd", "pool", "set-quota", pool, "max_objects", "1")
    try:
        wait_until(lambda: "full" in flags_of(gateway, pool))
        verdict = first_failure(gateway.url, gateway.user, gateway.secret)
    finally:
        gateway.run("ceph", "osd", "pool", "set-quota", pool, "max_objects", "0")
        wait_until(lambda: "full" not in flags_of(gateway, pool))
        for path in ("/1", "/2", ""):
            requests.delete(container + path, headers=token, timeout=10).raise_for_status()
    assert verdict.probe == "store-object"
    assert verdict.verdict == "timeout" or verdict.got == "HTTP/1.1 507 Insufficient Storage"
    assert "a pool or the OSDs are full" in verdict.cause


def flags_of(gateway: Gateway, pool: str) -> str:
    line = next(line for line in gateway.run("ceph", "osd", "dump").splitlines() if f"'{pool}'" in line)
    return line.partition(" flags ")[2]


def wait_until(holds: Callable[[], bool]) -> None:
    until = time.monotonic() + 30
    while not holds():
        assert time.monotonic() < until
        time.sleep(0.2)
