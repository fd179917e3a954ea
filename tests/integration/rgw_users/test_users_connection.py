# SPDX-License-Identifier: Apache-2.0
"""TLS, and the delayed-ACK stall, on a gateway of their own."""

from __future__ import annotations

import secrets
import subprocess

import pytest
from ansible_collections.rgwkit.ceph.plugins.module_utils.rgw_admin import AdminClient
from ansible_collections.rgwkit.ceph.plugins.module_utils.rgw_errors import RgwError
from ansible_collections.rgwkit.ceph.plugins.module_utils.rgw_session import Credentials

from tests.integration.gateway import IMAGE, running_gateway

# The published port speaks TLS. Plain HTTP is at the container's own address.
FRONTEND = "beast ssl_port=8080 ssl_certificate=/etc/tls.pem port=8081 tcp_nodelay=0"


def output_of(*command):
    return subprocess.run(command, check=True, capture_output=True, text=True, timeout=120).stdout.strip()


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    """A self-signed certificate for localhost, and the file radosgw wants: key and certificate in one."""
    directory = tmp_path_factory.mktemp("tls")
    key, certificate = directory / "key.pem", directory / "certificate.pem"
    output_of(
        *("openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"),
        *("-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost", "-days", "2"),
        *("-keyout", str(key), "-out", str(certificate)),
    )
    (directory / "tls.pem").write_text(key.read_text() + certificate.read_text())
    return certificate


@pytest.fixture(scope="module")
def image(certificate):
    """The gateway's image with the certificate in it."""
    (certificate.parent / "Dockerfile").write_text(f"FROM {IMAGE}\nCOPY tls.pem /etc/tls.pem\n")
    tag = f"rgwkit-test-tls:{secrets.token_hex(4)}"
    output_of("docker", "build", "--tag", tag, str(certificate.parent))
    yield tag
    output_of("docker", "rmi", tag)


@pytest.fixture(scope="module")
def gateway(image, tmp_path_factory):
    with running_gateway(tmp_path_factory.mktemp("tls-gateway"), image, RGW_FRONTEND=FRONTEND) as demo:
        make_client(demo, validate_certs=False, wait=60).read_user("demo")
        yield demo


def make_client(demo, host="localhost", **options):
    credentials = Credentials(demo.access_key, demo.secret)
    return AdminClient(f"https://{host}:{demo.port}", credentials, **{"wait": 0, **options})


def test_certificate_of_a_known_authority(gateway, certificate):
    assert make_client(gateway, ca_file=str(certificate)).read_user("demo") is not None


def test_certificate_of_an_unknown_authority(gateway):
    with pytest.raises(RgwError) as caught:
        make_client(gateway).read_user("demo")
    assert caught.value.code == "certificate refused (self-signed certificate)"
    assert "ca_file" in caught.value.hint


def test_certificate_for_another_name(gateway, certificate):
    with pytest.raises(RgwError, match=r"certificate refused.*127\.0\.0\.1"):
        make_client(gateway, host="127.0.0.1", ca_file=str(certificate)).read_user("demo")


def test_unchecked_certificate(gateway):
    assert make_client(gateway, host="127.0.0.1", validate_certs=False).read_user("demo") is not None


def test_plain_http_to_the_tls_port(gateway):
    client = AdminClient(f"http://localhost:{gateway.port}", Credentials("demo", gateway.secret), wait=0)
    with pytest.raises(RgwError, match="does the port speak what the endpoint says"):
        client.read_user("demo")
