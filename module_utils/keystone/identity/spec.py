# SPDX-License-Identifier: Apache-2.0
"""What Keystone is to have: services with their endpoints, and roles; from a module's parameters to checked values."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ...base.errors import InputError

SERVICE, ENDPOINT, ROLE = "service", "endpoint", "role"
# What goes first where things are created; removal goes the other way.
ORDER = (ROLE, SERVICE, ENDPOINT)
_MARK = re.compile(r"^(?P<text>.*?) ?\(rgwkit: (?P<home>.*)\)\Z", re.DOTALL)
_URL = re.compile(r"https?://[^\s/]+(/\S*)?\Z")


@dataclass(frozen=True)
class Owner:
    """home: the identity of the inventory. takeover: whether what another inventory has created counts as ours."""

    home: str
    takeover: bool = False


@dataclass(frozen=True)
class Wanted:
    """One object. key: what no other object of the kind has. values: what Keystone is to keep of it.

    description: without the mark. where: its place in the parameters, for errors.
    """

    kind: str
    key: tuple[str, ...]
    present: bool
    where: str
    values: Mapping[str, Any] = field(default_factory=dict)
    description: str = ""

    @property
    def name(self) -> str:
        """For people: "endpoint public of swift (object-store) in region north"."""
        if self.kind == ROLE:
            return f"role {self.key[0]}"
        name, kind = self.key[:2]
        if self.kind == SERVICE:
            return f"service {name} ({kind})"
        return f"endpoint {self.key[3]} of {name} ({kind}) in region {self.key[2]}"


def marked(description: str, home: str) -> str:
    """A description that says whose the object is, as descriptions of units do."""
    return f"{description} (rgwkit: {home})".strip()


def mark_of(description: str | None) -> tuple[str, str]:
    """The description without its mark, and whose it says that the object is; empty without a mark."""
    found = _MARK.match(description or "")
    return (found["text"], found["home"]) if found else (description or "", "")


def parse(services: Sequence[Mapping[str, Any]], roles: Sequence[Mapping[str, Any]]) -> list[Wanted]:
    """All objects of the parameters. Raises InputError, whose text names the place."""
    wanted = [one for place, role in enumerate(roles) for one in _role(f"roles[{place}]", role)]
    wanted += [one for place, service in enumerate(services) for one in _service(f"services[{place}]", service)]
    places: dict[tuple[str, ...], str] = {}
    for one in wanted:
        first = places.setdefault((one.kind, *one.key), one.where)
        if first != one.where:
            raise InputError(f"{one.where}: the {one.name} is given twice, first at {first}.")
    return wanted


def _role(where: str, role: Mapping[str, Any]) -> Iterator[Wanted]:
    if not role["name"].strip():
        raise InputError(f"{where}: name is empty.")
    yield Wanted(ROLE, (role["name"],), role["state"] == "present", where, {}, role["description"])


def _service(where: str, service: Mapping[str, Any]) -> Iterator[Wanted]:
    name, kind, present = service["name"], service["type"], service["state"] == "present"
    if not (name.strip() and kind.strip()):
        raise InputError(f"{where}: name or type is empty.")
    yield Wanted(SERVICE, (name, kind), present, where, {"enabled": True}, service["description"])
    for place, endpoint in enumerate(service["endpoints"]):
        here = f"{where}.endpoints[{place}]"
        there = present and endpoint["state"] == "present"
        url = endpoint["url"] or ""
        if there and not _URL.match(url):
            raise InputError(f"{here}: url must be a URL like https://objects.example.com/swift/v1.")
        key = (name, kind, endpoint["region"], endpoint["interface"])
        yield Wanted(ENDPOINT, key, there, here, {"url": url, "enabled": True}, service["description"])
