# SPDX-License-Identifier: Apache-2.0
"""How a host and a port are written together: in listeners, in published ports and in URLs (RFC 3986, 3.2.2)."""

from __future__ import annotations

from typing import Union

# An address that means all of a host's, and where a program on that host reaches what listens there.
_NEAR = {"0.0.0.0": "127.0.0.1", "*": "127.0.0.1", "": "127.0.0.1", "::": "::1"}  # noqa: S104


def bare_host(host: str) -> str:
    """The host without the brackets that an IPv6 address has before a port."""
    return host[1:-1] if host.startswith("[") and host.endswith("]") else host


def url_host(host: str) -> str:
    """The host as it stands before a port: an IPv6 address in brackets."""
    host = bare_host(host)
    return f"[{host}]" if ":" in host else host


def host_port(host: str, port: Union[int, str]) -> str:
    """HOST:PORT; an IPv6 address may be given with or without brackets."""
    return f"{url_host(host)}:{port}"


def near_host(address: str) -> str:
    """Where a program on the same host reaches what listens on the address, without brackets."""
    host = bare_host(address)
    return _NEAR.get(host, host)


def url(host: str, port: Union[int, str], scheme: str = "http", path: str = "") -> str:
    """The URL of what listens on that host and port."""
    return f"{scheme}://{host_port(host, port)}{path}"
