# SPDX-License-Identifier: Apache-2.0
"""Where the docker daemon listens, by the environment variables that the docker command reads, and the way there."""

from __future__ import annotations

import os
import socket
import ssl
from typing import Mapping, NamedTuple, Optional
from urllib.parse import urlsplit

from ...base.errors import InputError, ToolError

DEFAULT_SOCKET = "/var/run/docker.sock"
_PLAIN_PORT, _TLS_PORT = 2375, 2376
_START = (
    "Start the docker daemon (systemctl start docker), install docker (Debian and Ubuntu: docker.io), or point "
    "DOCKER_HOST at the daemon."
)


class Endpoint(NamedTuple):
    """A Unix socket (path), or a TCP port, with TLS where there is a context."""

    path: str = ""
    host: str = ""
    port: int = 0
    tls: Optional[ssl.SSLContext] = None

    def __str__(self) -> str:
        return self.path or f"{self.host}:{self.port}"

    def connect(self, seconds: float) -> socket.socket:
        """A connection; seconds: how long to wait for it. Raises ToolError."""
        try:
            return self._connected(seconds)
        except OSError as error:  # socket.timeout and ssl.SSLError are, too
            raise ToolError(
                "connect to", f"the docker daemon at {self}", self._said(error), self._hint(error)
            ) from error

    def _connected(self, seconds: float) -> socket.socket:
        if not self.path:
            plain = socket.create_connection((self.host, self.port), seconds)
            return self.tls.wrap_socket(plain, server_hostname=self.host) if self.tls else plain
        sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            sock.settimeout(seconds)
            sock.connect(self.path)
        except BaseException:
            sock.close()
            raise
        return sock

    def _said(self, error: OSError) -> str:
        if isinstance(error, PermissionError):
            return f"permission denied to user id {os.geteuid()}"
        return error.strerror or str(error)

    def _hint(self, error: OSError) -> str:
        if isinstance(error, PermissionError):
            return (
                "Run this with become (ansible-playbook -b) or as root, or add the user to the group docker, which "
                "gives the user all rights of root."
            )
        if isinstance(error, ssl.SSLError):
            return "Check DOCKER_TLS_VERIFY and the certificates in DOCKER_CERT_PATH."
        return _START


def endpoint_of(environment: Mapping[str, str]) -> Endpoint:
    """The daemon's endpoint: DOCKER_HOST, with DOCKER_TLS_VERIFY, DOCKER_TLS and DOCKER_CERT_PATH for TCP.

    Raises InputError for an address that this client does not know, ToolError for certificates that cannot be read.
    """
    given = environment.get("DOCKER_HOST") or f"unix://{DEFAULT_SOCKET}"
    kind, _separator, rest = given.partition("://")
    if kind == "unix" and rest:
        return Endpoint(path=rest)
    try:
        host, port = urlsplit(given).hostname, urlsplit(given).port
    except ValueError:
        host = port = None
    if kind != "tcp" or not host:
        raise InputError(f"DOCKER_HOST is '{given}'; set it to unix:///PATH or tcp://HOST:PORT, which modules can use")
    tls = _tls(environment)
    return Endpoint(host=host, port=port or (_TLS_PORT if tls else _PLAIN_PORT), tls=tls)


def _tls(environment: Mapping[str, str]) -> Optional[ssl.SSLContext]:
    """As the docker command has it: DOCKER_TLS without DOCKER_TLS_VERIFY is TLS with a server that is not verified."""
    verify = bool(environment.get("DOCKER_TLS_VERIFY"))
    if not verify and not environment.get("DOCKER_TLS"):
        return None
    folder = environment.get("DOCKER_CERT_PATH") or os.path.expanduser("~/.docker")
    ca, certificate, key = (os.path.join(folder, name) for name in ("ca.pem", "cert.pem", "key.pem"))
    context = ssl.create_default_context()
    try:
        if not verify:
            context.check_hostname = False
            context.verify_mode = ssl.CERT_NONE
        elif os.path.exists(ca):
            context = ssl.create_default_context(cafile=ca)
        if os.path.exists(certificate):
            context.load_cert_chain(certificate, key)
    except OSError as error:
        raise ToolError(
            "read", f"docker's certificates in {folder}", error.strerror or str(error), "Check DOCKER_CERT_PATH."
        ) from error
    return context
