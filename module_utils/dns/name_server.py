# SPDX-License-Identifier: Apache-2.0
"""One name server over TCP: an exchange of messages, and what clients are told who sign nothing."""

from __future__ import annotations

import socket
from collections.abc import Iterable
from typing import Any

from ..base.errors import InputError, ToolError
from ..base.host_port import host_port
from .records import TYPES, Values

try:
    import dns.exception
    import dns.flags
    import dns.message
    import dns.name
    import dns.query
    import dns.rcode
    import dns.rdatatype
    import dns.tsig

    HAS_DNSPYTHON = True
except ImportError:
    HAS_DNSPYTHON = False

_NO_LIBRARY = "Install it for the Python of this task: requirements/run.txt has it, Debian has python3-dnspython."
DNS_PORT = 53


class NameServer:
    """host: name or address. timeout: seconds for each exchange."""

    def __init__(self, host: str, port: int, timeout: float) -> None:
        if not host.strip():
            raise InputError("the name server is empty. Next: give its name or address.")
        if not HAS_DNSPYTHON:
            raise ToolError("ask", f"the DNS server {host_port(host, port)}", "dnspython is not there", _NO_LIBRARY)
        self._host, self._port, self._timeout = host, port, timeout
        self._address = ""

    def __str__(self) -> str:
        return host_port(self._host, self._port)

    def answers(self, name: str) -> Values:
        """What clients are told: by types. Raises ToolError."""
        told = {}
        for kind in TYPES:
            answer = self.exchange(query(name, kind), "read", f"{kind} of {name} at {self}")
            if answer.rcode() not in (dns.rcode.NOERROR, dns.rcode.NXDOMAIN):
                hint = "Let the server answer for this zone, and its allow-query have this host."
                raise ToolError("read", f"{kind} of {name} at {self}", dns.rcode.to_text(answer.rcode()), hint)
            for rrset in answer.answer:
                if rrset.name == dns.name.from_text(name) and dns.rdatatype.to_text(rrset.rdtype) == kind:
                    told[kind] = texts_of(rrset)
        return told

    def exchange(self, message: Any, operation: str, target: str) -> Any:
        """One message and its answer, whose signature is checked if the message has one. Raises ToolError."""
        try:
            return dns.query.tcp(message, self._where(), timeout=self._timeout, port=self._port)
        except dns.tsig.PeerError as error:
            # BADKEY, BADSIG, BADTIME, BADTRUNC (RFC 8945, 5.3).
            word = type(error).__name__.replace("Peer", "").upper()
            raise ToolError(operation, target, f"the server refuses the signature ({word})", _of_key(word)) from error
        except dns.exception.Timeout as error:
            hint = "Check the address, and that TCP is let through to the server's port."
            raise ToolError(operation, target, f"no answer in {self._timeout:g} s", hint) from error
        except (OSError, EOFError) as error:
            said = getattr(error, "strerror", None) or str(error) or "the server closed the connection"
            raise ToolError(operation, target, said, "Check that the server listens there on TCP.") from error
        except dns.exception.DNSException as error:
            hint = "Check that a DNS server with this key is there, and the clocks of both hosts."
            raise ToolError(operation, target, f"{type(error).__name__}: {error}", hint) from error

    def _where(self) -> str:
        if not self._address:
            try:
                found = socket.getaddrinfo(self._host, self._port, type=socket.SOCK_STREAM)
            except OSError as error:
                hint = "Give the server's address, or a name that this host resolves."
                raise ToolError("find", f"the DNS server {self._host}", error.strerror or str(error), hint) from error
            self._address = str(found[0][4][0])
        return self._address


def query(name: str, kind: str) -> Any:
    """A question that only a server answers that has the zone."""
    message = dns.message.make_query(dns.name.from_text(name), kind)
    message.flags &= ~int(dns.flags.RD)
    return message


def texts_of(rrset: Iterable[Any]) -> tuple[str, ...]:
    """The values of a set of records as Values has them."""
    return tuple(sorted(record.to_text().rstrip(".").lower() for record in rrset))


def _of_key(word: str) -> str:
    if word == "BADTIME":
        return "The clocks of this host and of the server differ by more than the server allows: set them."
    return "Check name, algorithm and secret of the key against the server's configuration."
