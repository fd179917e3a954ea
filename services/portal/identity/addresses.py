# SPDX-License-Identifier: Apache-2.0
"""Addresses from which requests come."""

from __future__ import annotations

import ipaddress
from collections.abc import Collection, Iterable
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network

# As many addresses of IPv6 as one subscriber has at least (RFC 6177).
_ONE_SITE = 64


def address_of(peer: str) -> IPv4Address | IPv6Address | None:
    """The address, an IPv4 address as such where a socket of IPv6 has taken the connection; None for no address."""
    try:
        address = ipaddress.ip_address(peer)
    except ValueError:
        return None
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return mapped or address


def is_in(peer: str, networks: Iterable[IPv4Network | IPv6Network]) -> bool:
    """Whether a request comes from one of the networks."""
    address = address_of(peer)
    return address is not None and any(address in network for network in networks)


def client_of(peer: str, forwarded: Iterable[str], fronts: Collection[IPv4Network | IPv6Network]) -> str:
    """Where a request comes from: the peer, or, if that is a server in front of the portal, who has asked that server.

    forwarded: the X-Forwarded-For fields. Each server adds the address of its own client at the end, and anybody may
    have written what is before the last address that is no server's in front.
    """
    client = peer
    for hop in reversed([one.strip() for field in forwarded for one in field.split(",")]):
        if not is_in(client, fronts) or address_of(hop) is None:
            break
        client = hop
    return client


def site_of(peer: str) -> str:
    """What one sender can hardly have many of: an address of IPv4, or a network of IPv6 with 64 bits."""
    address = address_of(peer)
    if isinstance(address, IPv6Address):
        return str(IPv6Network((address, _ONE_SITE), strict=False))
    return str(address or peer)
