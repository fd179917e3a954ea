# SPDX-License-Identifier: Apache-2.0
"""Requests of a client without a login to where a registry's redirects lead, each over a connection of its own."""

from __future__ import annotations

from typing import Sequence

from ...base.host_port import host_port
from ...http.deadline import Deadline
from ...http.endpoint import Broken, Endpoint
from ...http.stream import Answer, Call, Sink, Wire

_HANDSHAKE_SECONDS = 5.0


class Visitor:
    """ca_file: authorities that the client trusts, by default the host's. `begin` sets the deadline of what follows."""

    def __init__(self, ca_file: str | None = None, validate_certs: bool = True) -> None:
        self._tls = (ca_file, validate_certs)
        self._deadline = Deadline(0)

    def begin(self, seconds: float) -> None:
        """Give what follows `seconds` in all."""
        self._deadline = Deadline(seconds)

    def ask(
        self, origin: str, method: str, target: str, headers: Sequence[tuple[str, str]] = (), sink: Sink | None = None
    ) -> Answer:
        """One request. Raises Broken for what is no whole answer, and InputError for an origin that cannot be used."""
        wire = Wire(Endpoint.parse(origin, *self._tls))
        try:
            return wire.exchange(Call(method, target, headers), self._deadline, sink)
        finally:
            wire.close()

    def meets_tls(self, host: str, port: int) -> bool:
        """Whether a server at this address speaks TLS, whatever its certificate."""
        endpoint = Endpoint.parse(f"https://{host_port(host, port)}", None, False)
        try:
            endpoint.connect(self._deadline.at_most(_HANDSHAKE_SECONDS)).close()
        except Broken:
            return False
        return True
