# SPDX-License-Identifier: Apache-2.0
"""Where a gateway listens, and a socket to it: name lookup, TCP and TLS, all within one deadline."""

from __future__ import annotations

import functools
import re
import socket
import ssl
import threading
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from ..base.errors import InputError
from ..base.host_port import bare_host, host_port, url_host
from .deadline import Deadline
from .verdicts import REFUSED, TIMEOUT, TLS_ERROR

# No credentials, no query: nothing that an endpoint does not have, and nothing secret.
_URL = re.compile(
    r"(?P<scheme>https?)://(?P<host>\[[0-9a-f:.]+\]|[a-z0-9._-]+)(:(?P<port>[0-9]{1,5}))?(?P<path>/[\w/.~%-]*)?\Z",
    re.IGNORECASE | re.ASCII,
)


NOT_RESOLVED = "does not resolve"


class UrlParts(NamedTuple):
    """What an http or https URL says. path: without a slash at its end."""

    scheme: str
    host: str
    port: int
    path: str


class Broken(Exception):
    """The exchange cannot begin or go on. Its arguments: a verdict word and what exactly happened."""


@dataclass(frozen=True)
class Endpoint:
    """A gateway's address. `tls` is None for plain HTTP; `path` is what comes before the gateway's own paths.

    `server_name` is whom the certificate has to be for, where that is not `host`. `address` is where to connect, where
    that is not what this host's resolver says. `trust` is what parse was told of certificates: authorities, whether to
    check, certificate and key to show.
    """

    host: str
    port: int
    path: str = ""
    tls: ssl.SSLContext | None = field(default=None, repr=False)
    server_name: str = ""
    trust: tuple[str | None, bool, str | None, str | None] = field(
        default=(None, True, None, None), repr=False, compare=False
    )
    address: str = ""

    @classmethod
    def parse(
        cls,
        url: str,
        ca_file: str | None = None,
        validate_certs: bool = True,
        client_cert: str | None = None,
        client_key: str | None = None,
        server_name: str = "",
    ) -> Endpoint:
        """Read an http or https URL. `client_cert` and `client_key` are PEM files, which may be one and the same.

        Raises InputError for a URL or a file that cannot be used.
        """
        parts = split_url(url)
        tls = None
        if parts.scheme == "https":
            tls = _tls_context(ca_file, validate_certs)
            _add_client_certificate(tls, client_cert, client_key)
        trust = (ca_file, validate_certs, client_cert, client_key)
        return cls(parts.host, parts.port, parts.path, tls, server_name, trust)

    def elsewhere(self, url: str) -> Endpoint:
        """Another address, with the same trust in certificates. Raises InputError as parse does."""
        return Endpoint.parse(url, *self.trust)

    def __str__(self) -> str:
        return f"{self.scheme}://{self.authority}{self.path}"

    @property
    def scheme(self) -> str:
        """The URL's scheme."""
        return "https" if self.tls else "http"

    @functools.cached_property
    def authority(self) -> str:
        """`host:port` as the Host header wants it; the port is left out when it is the scheme's own."""
        own = self.port == (443 if self.tls else 80)
        return url_host(self.host) if own else host_port(self.host, self.port)

    def connect(self, deadline: Deadline) -> socket.socket:
        """A connected socket, the TLS handshake done. Raises Broken for whatever stands in the way."""
        addresses = self._resolve(deadline)
        failure: OSError = socket.timeout()
        for index, (family, kind, protocol, _name, address) in enumerate(addresses):
            # A share of the time for each address, so that one which swallows packets leaves some for the next.
            share = deadline.at_most(deadline.left() / (len(addresses) - index))
            try:
                return self._open(socket.socket(family, kind, protocol), address, share)
            except OSError as error:
                # Who answered, if only with a bad handshake, tells more than an address where nobody listens.
                failure = failure if isinstance(failure, ssl.SSLError) else error
        raise Broken(_connect_word(failure), f"{self.host} port {self.port}: {reason(failure)}")

    def _open(self, sock: socket.socket, address: Any, deadline: Deadline) -> socket.socket:
        try:
            deadline.arm(sock).connect(address)
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            name = self.server_name or self.host
            return self.tls.wrap_socket(deadline.arm(sock), server_hostname=name) if self.tls else sock
        except OSError:
            sock.close()
            raise

    def _resolve(self, deadline: Deadline) -> list[Any]:
        try:
            return look_up(self.address or self.host, self.port, deadline)
        except socket.timeout:
            raise Broken(TIMEOUT, f"the name {self.address or self.host} was not resolved in time") from None
        except OSError as error:
            raise Broken(REFUSED, f"the name {self.address or self.host} {NOT_RESOLVED}: {error}") from None


def split_url(url: str) -> UrlParts:
    """The parts of an http or https URL. Raises InputError for one that no endpoint can have."""
    parts = _URL.match(url)
    if parts is None:
        raise InputError("the endpoint must be a URL like http://gateway.example:8080, without user or query")
    scheme = parts["scheme"].lower()
    port = int(parts["port"]) if parts["port"] else 443 if scheme == "https" else 80
    if not 1 <= port <= 65535:
        raise InputError("the endpoint must be a URL like http://gateway.example:8080, with a port of 1 to 65535")
    return UrlParts(scheme, bare_host(parts["host"]), port, (parts["path"] or "").rstrip("/"))


def look_up(host: str, port: int, deadline: Deadline) -> list[Any]:
    """The addresses of a host, as socket.getaddrinfo gives them. Raises socket.gaierror, or socket.timeout.

    The resolver knows no deadline: it works in a thread that is left behind if late.
    """
    found: list[Any] = []

    def ask() -> None:
        try:
            found.append(socket.getaddrinfo(host, port, type=socket.SOCK_STREAM))
        except (OSError, UnicodeError) as error:
            found.append(error if isinstance(error, OSError) else socket.gaierror(str(error)))

    thread = threading.Thread(target=ask, daemon=True)
    thread.start()
    thread.join(deadline.left())
    if not found:
        raise socket.timeout
    if isinstance(found[0], OSError):
        raise found[0]
    return list(found[0])


def reason(error: OSError) -> str:
    """What the operating system or the TLS library says."""
    return error.strerror or str(error) or "no answer in time"


def _connect_word(error: OSError) -> str:
    if isinstance(error, socket.timeout):
        return TIMEOUT
    return TLS_ERROR if isinstance(error, ssl.SSLError) else REFUSED


def _tls_context(ca_file: str | None, validate_certs: bool) -> ssl.SSLContext:
    try:
        context = ssl.create_default_context(cafile=ca_file)
    except OSError as error:
        raise InputError(f"the CA file {ca_file} cannot be used: {reason(error)}") from error
    if not validate_certs:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    return context


def _add_client_certificate(context: ssl.SSLContext, certificate: str | None, key: str | None) -> None:
    if certificate is None:
        return
    try:
        # A key with a passphrase would ask for it on the terminal: an empty one makes that an error.
        context.load_cert_chain(certificate, key, password="")
    except OSError as error:
        raise InputError(f"the client certificate {certificate} cannot be used: {reason(error)}") from error
