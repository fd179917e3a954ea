# SPDX-License-Identifier: Apache-2.0
"""What a gateway tells about itself to anyone who asks, without a login."""

from __future__ import annotations

import re

from ..base.remote_json import loads
from ..http.endpoint import Endpoint
from ..http.messages import Request
from ..http.prober import Connection

# Swift's discoverability call. RGW answers it since 0.94 and gives its own release as swift's version.
INFO_PATH = "/swift/info"
MAX_SECONDS = 2.0
# RGW's transaction ids end with the zone's name: seen on 14 to 20.
_TRANSACTION = re.compile(r"tx[0-9a-f]+-[0-9a-f]{10}-[0-9a-f]+-(?P<zone>[\w.~%-]+)\Z", re.ASCII)


def gateway_facts(endpoint: Endpoint, seconds: float) -> dict[str, str]:
    """`version`, `zone` and `server`, as far as the gateway tells them; `seconds` bounds the one request.

    `server` is the field of that name: a proxy's, or RGW's own from 20 on. No release tells its frontend to clients.
    Raises nothing that the peer or the network does.
    """
    connection = Connection(endpoint)
    try:
        answer = connection.exchange(Request("GET", endpoint.path + INFO_PATH), min(seconds, MAX_SECONDS))
    finally:
        connection.close()
    if answer.fault or answer.status != 200:
        return {}
    zone = _TRANSACTION.match(answer.header("X-Trans-Id") or "")
    facts = {
        "version": _version(answer.body),
        "zone": zone["zone"] if zone else "",
        "server": answer.header("Server") or "",
    }
    return {name: fact for name, fact in facts.items() if fact}


def _version(body: bytes) -> str:
    try:
        version = loads(body)["swift"]["version"]
    except (ValueError, LookupError, TypeError, RecursionError):
        return ""
    return version if isinstance(version, str) else ""
