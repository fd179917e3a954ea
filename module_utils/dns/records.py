# SPDX-License-Identifier: Apache-2.0
"""What names are to be in a zone: from the entries of a list to checked records, and what is wrong with an entry."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Dict, Tuple

from ..base.errors import InputError
from ..base.findings import ERROR, WARNING, Finding
from .names import domain_name, is_below, is_wildcard

A, AAAA, CNAME = "A", "AAAA", "CNAME"
# The types that belong to whoever has the name's mark. Others of the name stay as they are.
TYPES = (A, AAAA, CNAME)
# RFC 2181, section 8.
_MOST_SECONDS = 2**31 - 1
_DAY = 86400
_VERSIONS = ((A, 4), (AAAA, 6))

Values = Dict[str, Tuple[str, ...]]


@dataclass(frozen=True)
class Record:
    """The records of one name. where: the place in the list. values: by types, sorted. ttl: in seconds."""

    where: str
    name: str
    present: bool
    ttl: int = 0
    values: Values = field(default_factory=dict)


def parse_records(entries: Sequence[Mapping[str, Any]], zone: str, ttl: int) -> list[Record]:
    """All entries as records. ttl: of entries without one. Raises InputError for the first that cannot be meant."""
    zone = domain_name(zone)
    for finding in entry_findings(entries, zone, ttl):
        if finding.severity == ERROR:
            raise InputError(f"{finding.place}: {finding.what}. Next: {finding.remedy}.")
    return [_record(f"records[{index}]", entry, ttl) for index, entry in enumerate(entries)]


def entry_findings(entries: Sequence[Mapping[str, Any]], zone: str, ttl: int) -> Iterator[Finding]:
    """What is wrong with each entry, and with names that are given twice."""
    places: dict[str, str] = {}
    for index, entry in enumerate(entries):
        where = f"records[{index}]"
        try:
            name = domain_name(entry["name"], wildcard=True)
        except InputError as error:
            what, _next, remedy = str(error).rstrip(".").partition(". Next: ")
            yield Finding(what, remedy, place=where)
            continue
        first = places.setdefault(name, where)
        if first != where:
            yield Finding(f"the name {name} is given twice, first at {first}", "make one entry of the two", place=where)
        for finding in _of_entry(name, entry, zone, ttl):
            yield finding._replace(place=where)


def _record(where: str, entry: Mapping[str, Any], ttl: int) -> Record:
    name = domain_name(entry["name"], wildcard=True)
    if entry.get("state", "present") != "present":
        return Record(where, name, False)
    return Record(where, name, True, _ttl(entry, ttl), _values(entry))


def _ttl(entry: Mapping[str, Any], default: int) -> int:
    own = entry.get("ttl")
    return default if own is None else int(own)


def _values(entry: Mapping[str, Any]) -> Values:
    if entry.get("target"):
        return {CNAME: (domain_name(entry["target"]),)}
    addresses = sorted({ipaddress.ip_address(text) for text in entry.get("addresses") or []}, key=str)
    by_type = {kind: tuple(str(one) for one in addresses if one.version == version) for kind, version in _VERSIONS}
    return {kind: found for kind, found in by_type.items() if found}


def _of_entry(name: str, entry: Mapping[str, Any], zone: str, ttl: int) -> Iterator[Finding]:
    if not is_below(name, zone):
        yield Finding(f"the name {name} is outside the zone {zone}", "name the zone that has it, or leave it out")
    if entry.get("state", "present") != "present":
        return
    addresses, target = entry.get("addresses") or [], entry.get("target") or ""
    if bool(addresses) == bool(target):
        what = f"the name {name} has {'both addresses and a target' if target else 'neither an address nor a target'}"
        yield Finding(what, "give addresses, or the name that the name stands for as target")
    if target:
        yield from _of_target(name, target, zone)
    for address in addresses:
        yield from _of_address(name, address)
    yield from _of_ttl(name, _ttl(entry, ttl))


def _of_target(name: str, target: str, zone: str) -> Iterator[Finding]:
    if name == zone:
        what = f"{name} is the top of its zone, where no CNAME may be (RFC 1034, 3.6.2)"
        yield Finding(what, "give addresses instead of a target")
    try:
        aim = domain_name(target)
    except InputError as error:
        what, _next, remedy = str(error).rstrip(".").partition(". Next: ")
        yield Finding(f"the target of {name}: {what}", remedy)
        return
    if aim == name or (is_wildcard(name) and is_below(aim, name[2:]) and aim != name[2:]):
        yield Finding(f"the target of {name} is {aim}, so the name leads to itself", "name another target")


def _of_address(name: str, text: str) -> Iterator[Finding]:
    try:
        # A scope ("%eth0") has no place in a record.
        address = ipaddress.ip_address(text.replace("%", " "))
    except ValueError:
        yield Finding(f"the address '{text}' of {name} is no IP address", "give an address, or a name as target")
        return
    if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped:
        yield Finding(f"the address {text} of {name} is an IPv4 address", f"write {address.ipv4_mapped}")
    elif address.is_unspecified or address.is_multicast:
        yield Finding(f"nobody can connect to the address {text} of {name}", "give an address of one host")
    elif address.is_loopback or address.is_link_local:
        what = f"the address {text} of {name} is good on its own host or link only"
        yield Finding(what, "give an address that clients reach", severity=WARNING)


def _of_ttl(name: str, ttl: int) -> Iterator[Finding]:
    if not 0 <= ttl <= _MOST_SECONDS:
        yield Finding(f"the TTL {ttl} of {name} is not from 0 to {_MOST_SECONDS} seconds", "take 300, for example")
    elif ttl > _DAY:
        what = f"resolvers keep {name} for {ttl} seconds, so that a change takes longer than a day"
        yield Finding(what, f"take a TTL of at most {_DAY}", severity=WARNING)
