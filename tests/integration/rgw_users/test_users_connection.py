# SPDX-License-Identifier: Apache-2.0
"""TLS, and the delayed-ACK stall, on a gateway of their own."""

from __future__ import annotations

import pytest
from ansible_collections.rgwkit.ceph.plugins.module_utils.base.errors import ToolError
from ansible_collections.rgwkit.ceph.plugins.module_utils.base.login import Login
from ansible_collections.rgwkit.ceph.plugins.module_utils.doctor.runner import wait_ready
from ansible_collections.rgwkit.ceph.plugins.module_utils.http.endpoint import Endpoint
from ansible_collections.rgwkit.ceph.plugins.module_utils.rgw.admin_api import AdminClient

from tests.certificates import write_self_signed
from tests.integration.gateway import TLS_FRONTEND, running_gateway


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    return write_self_signed(tmp_path_factory.mktemp("tls") / "gateway.pem", "localhost")


@pytest.fixture(scope="module")
def gateway(tmp_path_factory, certificate):
    frontend = f"{TLS_FRONTEND} tcp_nodelay=0"
    with running_gateway(tmp_path_factory.mktemp("gateway"), certificate, RGW_FRONTEND=frontend) as demo:
        # The gateway listens before its user exists.
        endpoint = Endpoint.parse(demo.url, validate_certs=False)
        ready = wait_ready(endpoint, Login(demo.user, demo.secret), 60)
        assert ready.ok, f"{ready}\n{demo.logs()[-4000:]}"
        yield demo


def make_client(demo, host="localhost", **options):
    credentials = Login(demo.access_key, demo.secret)
    return AdminClient(f"https://{host}:{demo.port}", credentials, **{"wait": 0, **options})


def test_certificate_of_a_known_authority(gateway, certificate):
    assert make_client(gateway, ca_file=str(certificate)).read_user("demo") is not None


def test_certificate_of_an_unknown_authority(gateway):
    with pytest.raises(ToolError) as caught:
        make_client(gateway).read_user("demo")
    assert "certificate verify failed: self-signed certificate" in caught.value.code
    assert "ca_file" in caught.value.hint


def test_certificate_for_another_name(gateway, certificate):
    with pytest.raises(ToolError, match=r"certificate verify failed.*127\.0\.0\.1"):
        make_client(gateway, host="127.0.0.1", ca_file=str(certificate)).read_user("demo")


def test_unchecked_certificate(gateway):
    assert make_client(gateway, host="127.0.0.1", validate_certs=False).read_user("demo") is not None


def test_plain_http_to_the_tls_port(gateway):
    client = AdminClient(f"http://localhost:{gateway.port}", Login("demo", gateway.secret), wait=0)
    with pytest.raises(ToolError, match="does the port speak what the endpoint says"):
        client.read_user("demo")
