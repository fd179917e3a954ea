# SPDX-License-Identifier: Apache-2.0
"""A daemon on a socket of the test's own, and the client of it."""

from __future__ import annotations

import socket

import pytest
from ansible_collections.rgwkit.ceph.plugins.module_utils.host.docker.client import connect

from tests.unit.host.docker.daemon_double import Daemon


@pytest.fixture
def daemon(tmp_path):
    """A daemon on a Unix socket; its environment is what a module would have."""
    path = str(tmp_path / "docker.sock")
    double = Daemon()
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(path)
        server.listen()
        double.serve(server)
        double.environment = {"DOCKER_HOST": f"unix://{path}"}
        yield double
        server.shutdown(socket.SHUT_RDWR)


@pytest.fixture
def docker(daemon):
    """The client, with a second for each call."""
    return connect(1, daemon.environment)
