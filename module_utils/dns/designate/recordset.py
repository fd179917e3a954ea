# SPDX-License-Identifier: Apache-2.0
"""Recordsets of Designate, and their values as the toolkit has them.

Designate keeps addresses and names in the form in which they were given.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ..master_file import TXT, text_of
from ..records import AAAA, CNAME

ACTIVE, ERROR, _DELETE = "ACTIVE", "ERROR", "DELETE"


@dataclass(frozen=True)
class Recordset:
    """name: lower case, without the dot at the end. ttl: that of the zone where the recordset has none of its own.

    status: ACTIVE, PENDING or ERROR. leaving: whether it is on its way out of the name servers.
    """

    identity: str
    name: str
    kind: str
    values: tuple[str, ...]
    ttl: int
    status: str
    leaving: bool

    @classmethod
    def of(cls, given: Mapping[str, Any], zone_ttl: int) -> Recordset:
        """A recordset as the API tells it."""
        kind, ttl = str(given["type"]), given.get("ttl")
        return cls(
            str(given["id"]),
            plain(str(given["name"])),
            kind,
            tuple(sorted(_value(kind, str(one)) for one in given.get("records") or [])),
            zone_ttl if ttl is None else int(ttl),
            str(given.get("status") or ACTIVE),
            given.get("action") == _DELETE,
        )

    @property
    def what(self) -> str:
        """As messages call it."""
        return what(self.kind, self.name)


def what(kind: str, name: str) -> str:
    """As messages call the records of a type at a name."""
    return f"{kind} of {name}"


def plain(name: str) -> str:
    """A name of the API in the one form of the toolkit."""
    return name.rstrip(".").lower()


def _value(kind: str, text: str) -> str:
    if kind == CNAME:
        return plain(text)
    if kind == TXT:
        return text_of(text)
    try:
        return str(ipaddress.ip_address(text)) if kind == AAAA else text
    except ValueError:
        return text
