# SPDX-License-Identifier: Apache-2.0
"""What rgw_gateway tells radosgw about its web server, on the real one: with and without TLS, IPv4 and IPv6."""

from __future__ import annotations

import shlex
import time
from contextlib import suppress

import pytest
import requests
from ansible_collections.rgwkit.ceph.plugins.module_utils.gateway.instances import rgw_instances

from tests.ceph import RELEASE
from tests.certificates import write_self_signed
from tests.integration.gateway import running_gateway

TLS = {"certificate": "/etc/tls.pem"}


@pytest.fixture(scope="module")
def gateway(tmp_path_factory):
    folder = tmp_path_factory.mktemp("frontends")
    certificate = write_self_signed(folder / "tls.pem", "127.0.0.1")
    with running_gateway(folder, certificate, ipv6=True) as running:
        until = time.monotonic() + 60
        while not _answers(running):
            assert time.monotonic() < until, running.logs()
            time.sleep(0.2)
        yield running


@pytest.mark.parametrize("frontend", ["beast", "civetweb"])
@pytest.mark.parametrize("address", ["0.0.0.0", "127.0.0.1", "::", "::1"])
@pytest.mark.parametrize("tls", [{}, TLS], ids=["plain", "tls"])
def test_radosgw_listens(gateway, frontend, address, tls):
    if frontend == "civetweb" and RELEASE > 16:
        pytest.skip(f"Ceph {RELEASE} has no civetweb; make matrix runs this test with 14 and 16")
    if tls and frontend == "civetweb":
        pytest.skip("with TLS, civetweb of Debian's build does not answer")
    given = {"name": "a", "port": 8090, "address": address, "frontend": frontend, **tls}
    (one,) = rgw_instances([given], "h", {"tcp_nodelay": 1})
    assert _status(gateway, one) == "200"


def _status(gateway, one):
    """The status of its answer, by a radosgw that is started for that and ended."""
    words = ["radosgw", "-f", f"--name=client.rgw.{gateway.run('hostname')}", f"--rgw-frontends={one['text']}"]
    number = gateway.run("sh", "-c", f"{shlex.join(words)} >/dev/null 2>&1 & echo $!")
    context = "ssl._create_unverified_context()" if one["certificate"] else "None"
    asks = f"import ssl, urllib.request as u; print(u.urlopen({one['url']!r}, context={context}, timeout=5).status)"
    ask = f"{shlex.join(['python3', '-c', asks])} 2>/dev/null || true"
    try:
        for _attempt in range(100):
            status = gateway.run("sh", "-c", ask)
            if status:
                return status
            time.sleep(0.1)
        return "no answer"
    finally:
        gateway.run("sh", "-c", f"kill {number}; while kill -0 {number}; do sleep 0.1; done 2>/dev/null")


def _answers(gateway):
    """Whether its own web server does: from then on radosgw's key is there."""
    with suppress(requests.RequestException):
        return requests.get(gateway.url, timeout=5, verify=False).ok
    return False
