# SPDX-License-Identifier: Apache-2.0
"""Where the daemon is, by the variables that the docker command reads, and what is said when it is not there."""

from __future__ import annotations

import os
import socket
import ssl

import pytest
from ansible_collections.rgwkit.ceph.plugins.module_utils.base.errors import InputError, ToolError
from ansible_collections.rgwkit.ceph.plugins.module_utils.host.docker.client import connect
from ansible_collections.rgwkit.ceph.plugins.module_utils.host.docker.endpoint import Endpoint, endpoint_of

from tests.certificates import write_self_signed
from tests.unit.host.docker.daemon_double import Daemon


@pytest.mark.parametrize(
    ("given", "endpoint"),
    [
        ({}, Endpoint(path="/var/run/docker.sock")),
        ({"DOCKER_HOST": ""}, Endpoint(path="/var/run/docker.sock")),
        ({"DOCKER_HOST": "unix:///run/user/1000/docker.sock"}, Endpoint(path="/run/user/1000/docker.sock")),
        ({"DOCKER_HOST": "unix:///x.sock", "DOCKER_TLS_VERIFY": "1"}, Endpoint(path="/x.sock")),
        ({"DOCKER_HOST": "tcp://docker.example"}, Endpoint(host="docker.example", port=2375)),
        ({"DOCKER_HOST": "tcp://[2001:db8::1]:99"}, Endpoint(host="2001:db8::1", port=99)),
        ({"DOCKER_HOST": "tcp://127.0.0.1:99", "DOCKER_TLS_VERIFY": ""}, Endpoint(host="127.0.0.1", port=99)),
    ],
)
def test_the_endpoint_is_the_docker_command_s(given, endpoint):
    assert endpoint_of(given) == endpoint


def test_tls_has_a_port_of_its_own_and_verifies_on_demand(tmp_path):
    certificates = {"DOCKER_HOST": "tcp://docker.example", "DOCKER_CERT_PATH": str(tmp_path)}
    assert endpoint_of(certificates).tls is None
    verified = endpoint_of({**certificates, "DOCKER_TLS_VERIFY": "1"})
    assert (verified.port, verified.tls.verify_mode, verified.tls.check_hostname) == (2376, ssl.CERT_REQUIRED, True)
    assert endpoint_of({**certificates, "DOCKER_TLS": "1"}).tls.verify_mode == ssl.CERT_NONE


@pytest.mark.parametrize(
    "given",
    ["ssh://host", "npipe:////./pipe/docker_engine", "unix://", "tcp://", "tcp://x:port", "docker", "tcp://[::1"],
)
def test_an_address_that_no_module_can_use_is_named(given):
    with pytest.raises(InputError, match=r"DOCKER_HOST is .*unix:///PATH or tcp://HOST:PORT"):
        endpoint_of({"DOCKER_HOST": given})


def test_a_missing_socket_says_how_to_get_one(tmp_path):
    with pytest.raises(
        ToolError, match=r"connect to the docker daemon at .*/none: No such file.*Start the docker daemon"
    ):
        connect(1, {"DOCKER_HOST": f"unix://{tmp_path}/none"})


def test_a_socket_without_a_daemon_says_so(tmp_path):
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(f"{tmp_path}/left")
    with pytest.raises(ToolError, match=r"/left: Connection refused.*Start the docker daemon"):
        connect(1, {"DOCKER_HOST": f"unix://{tmp_path}/left"})


def test_a_socket_that_the_user_may_not_use_names_root_and_the_group(tmp_path, monkeypatch):
    def refuse(*_arguments):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    monkeypatch.setattr(socket.socket, "connect", refuse)
    with pytest.raises(ToolError, match=r"permission denied to user id 1000.*become.*group docker") as failure:
        connect(1, {})
    assert isinstance(failure.value.__cause__, PermissionError)


@pytest.fixture
def tls(tmp_path):
    """A daemon with TLS on loopback; returns the environment that leads there."""
    certificate = write_self_signed(tmp_path / "ca.pem", "127.0.0.1")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    with socket.create_server(("127.0.0.1", 0)) as server:
        Daemon().serve(server, context)
        yield {"DOCKER_HOST": f"tcp://127.0.0.1:{server.getsockname()[1]}", "DOCKER_CERT_PATH": str(tmp_path)}
        server.shutdown(socket.SHUT_RDWR)


def test_a_daemon_by_tls_is_asked(tls):
    assert connect(5, {**tls, "DOCKER_TLS_VERIFY": "1"}).version == "1.41"
    assert connect(5, {**tls, "DOCKER_TLS": "1", "DOCKER_CERT_PATH": "/nonexistent"}).version == "1.41"


def test_a_daemon_that_is_not_trusted_is_not_asked(tls):
    with pytest.raises(ToolError, match=r"(?i)certificate.*verify.*Check DOCKER_TLS_VERIFY"):
        connect(5, {**tls, "DOCKER_TLS_VERIFY": "1", "DOCKER_CERT_PATH": "/nonexistent"})


def test_certificates_that_cannot_be_read_are_named(tmp_path):
    (tmp_path / "ca.pem").write_text("no certificate")
    given = {"DOCKER_HOST": "tcp://127.0.0.1:1", "DOCKER_TLS_VERIFY": "1", "DOCKER_CERT_PATH": str(tmp_path)}
    with pytest.raises(ToolError, match=f"read docker's certificates in {tmp_path}"):
        endpoint_of(given)
