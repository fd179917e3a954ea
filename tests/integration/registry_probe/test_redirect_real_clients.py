# SPDX-License-Identifier: Apache-2.0
"""docker and skopeo, redirected from a registry with TLS and users to a gateway with TLS of another authority."""

from __future__ import annotations

import io
import os
import secrets
import subprocess
import tarfile
from pathlib import Path
from typing import Iterator, Protocol

import pytest
from ansible_collections.rgwkit.ceph.plugins.module_utils.base.login import Login
from ansible_collections.rgwkit.ceph.plugins.module_utils.doctor.runner import wait_ready
from ansible_collections.rgwkit.ceph.plugins.module_utils.http.endpoint import Endpoint

from tests.certificates import write_self_signed
from tests.integration.gateway import Gateway, running_gateway
from tests.integration.registry_probe.conftest import ETC, PASSWORD, USER, Start, htpasswd, swift

pytestmark = pytest.mark.long

KEY = "key-of-temporary-urls"
# Above the least chunk size of the swift driver, so that the layer has several segments.
LAYER_BYTES = 3 << 20


class Run(Protocol):
    """Runs a client's command, which gets the user's password as its input."""

    def __call__(self, *command: str) -> subprocess.CompletedProcess[str]: ...


@pytest.fixture(scope="module")
def gateway_certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_self_signed(tmp_path_factory.mktemp("gateway-tls") / "gateway.pem", subject="the gateway's authority")


@pytest.fixture(scope="module")
def tls_gateway(tmp_path_factory: pytest.TempPathFactory, gateway_certificate: Path) -> Iterator[Gateway]:
    with running_gateway(tmp_path_factory.mktemp("tls-gateway"), gateway_certificate) as running:
        endpoint = Endpoint.parse(running.url, str(gateway_certificate))
        ready = wait_ready(endpoint, Login(running.user, running.secret), 120)
        assert ready.ok, f"{ready}\n{running.logs()[-4000:]}"
        running.run("radosgw-admin", "user", "modify", "--uid=demo", f"--temp-url-key={KEY}")
        yield running


@pytest.fixture
def authority(tls_gateway: Gateway, start: Start, certificate: Path) -> str:
    """Address and port of a registry that redirects."""
    storage = swift(tls_gateway, redirect={"disable": False})
    # The driver knows no file with authorities.
    signing = {"secretkey": KEY, "tempurlcontainerkey": True, "tempurlmethods": ["GET", "HEAD"]}
    storage["swift"] |= {**signing, "insecureskipverify": True}
    users = htpasswd()
    registry = start(
        storage=storage,
        http={"tls": {"certificate": f"{ETC}/tls.pem", "key": f"{ETC}/tls.pem"}},
        files={**users["files"], "tls.pem": certificate.read_bytes()},
        auth=users["auth"],
    )
    return registry.url.partition("//")[2]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Log-ins stay in a folder of the test."""
    monkeypatch.setenv("DOCKER_CONFIG", str(tmp_path))
    monkeypatch.setenv("REGISTRY_AUTH_FILE", str(tmp_path / "config.json"))
    return lambda *command: subprocess.run(command, input=PASSWORD, capture_output=True, text=True, check=False)


@pytest.fixture
def pushed(authority: str, run: Run) -> Iterator[str]:
    """An image that docker has pushed and has no more."""
    name, layer = f"{authority}/rgwkit-test/{secrets.token_hex(4)}:1", io.BytesIO()
    with tarfile.open(fileobj=layer, mode="w") as archive:
        member = tarfile.TarInfo("random")
        member.size = LAYER_BYTES
        archive.addfile(member, io.BytesIO(os.urandom(LAYER_BYTES)))
    subprocess.run(["docker", "import", "-", name], input=layer.getvalue(), capture_output=True, check=True)
    try:
        login = run("docker", "login", f"--username={USER}", "--password-stdin", authority)
        assert login.returncode == 0, login.stderr
        there = run("docker", "push", name)
        assert there.returncode == 0, there.stderr
    finally:
        run("docker", "rmi", "--force", name)
    yield name
    run("docker", "rmi", "--force", name)


def trust(folder: Path, *certificates: Path) -> str:
    """A folder as of certs.d, with authorities; the option of skopeo that names the folder."""
    folder.mkdir()
    begin = "-----BEGIN CERTIFICATE-----"
    shown = [begin + file.read_text().partition(begin)[2] for file in certificates]
    (folder / "ca.crt").write_text("".join(shown))
    return f"--src-cert-dir={folder}"


def fetched(gateway: Gateway, client: str) -> list[str]:
    """The gateway's log of temporary URLs that a client has fetched in full."""
    lines = gateway.logs().splitlines()
    return [line for line in lines if "temp_url_sig=" in line and f'"{client}/' in line and '" 200 ' in line]


def test_docker_fetches_layers_from_the_gateway(tls_gateway: Gateway, run: Run, pushed: str) -> None:
    """The daemon asks nobody for a certificate on loopback; test_redirect_clients.py has another address."""
    pulled = run("docker", "pull", pushed)
    assert pulled.returncode == 0, pulled.stderr
    assert fetched(tls_gateway, "docker")


def test_skopeo_trusts_the_gateway_by_the_registry_s_authorities(
    tls_gateway: Gateway, run: Run, pushed: str, certificate: Path, gateway_certificate: Path, tmp_path: Path
) -> None:
    both, half = (
        trust(tmp_path / "both", certificate, gateway_certificate),
        trust(tmp_path / "half", certificate),
    )
    copied = run("skopeo", "copy", both, f"docker://{pushed}", f"dir:{tmp_path / 'copy'}")
    assert copied.returncode == 0, copied.stderr
    assert len(fetched(tls_gateway, "skopeo")) >= 2
    refused = run("skopeo", "copy", half, f"docker://{pushed}", f"dir:{tmp_path / 'refused'}")
    assert refused.returncode != 0
    assert "x509: certificate signed by unknown authority" in refused.stderr
