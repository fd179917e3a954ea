# SPDX-License-Identifier: Apache-2.0
"""What has to change in Keystone, and what must not: nothing of others is changed or removed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ...base.errors import InputError
from .spec import ENDPOINT, ROLE, SERVICE, Owner, Wanted, mark_of, marked


@dataclass(frozen=True)
class Plan:
    """One object: as it is (None if it is not there) and what is to be told to Keystone.

    told: values to set; empty without a change. spared: why an object that should go stays.
    """

    wanted: Wanted
    found: Mapping[str, Any] | None
    told: Mapping[str, Any] = field(default_factory=dict)
    removed: bool = False
    spared: str = ""

    @property
    def changed(self) -> bool:
        """Whether Keystone is told anything."""
        return bool(self.told) or self.removed

    @property
    def before(self) -> dict[str, Any]:
        """For the diff; empty if the object is not there."""
        return _shown(self.found) if self.found else {}

    @property
    def after(self) -> dict[str, Any]:
        """For the diff; empty if the object is not there any more."""
        return {} if self.removed else {**self.before, **self.told}


def index(
    services: Sequence[Mapping[str, Any]], endpoints: Sequence[Mapping[str, Any]], roles: Sequence[Mapping[str, Any]]
) -> dict[tuple[str, ...], Mapping[str, Any]]:
    """All objects of Keystone by kind and key. Roles of domains are none that a gateway could accept by name.

    Keystone lets several objects have one key. The first counts, and of an object that is marked the mark does.
    """
    found: dict[tuple[str, ...], Mapping[str, Any]] = {}
    names = {one["id"]: (str(one.get("name") or ""), str(one["type"])) for one in services}
    keyed: list[tuple[tuple[str, ...], Mapping[str, Any]]] = [((SERVICE, *names[one["id"]]), one) for one in services]
    for one in endpoints:
        if one["service_id"] in names:
            region = str(one.get("region_id") or one.get("region") or "")
            keyed.append(((ENDPOINT, *names[one["service_id"]], region, str(one["interface"])), one))
    keyed += [((ROLE, str(one["name"])), one) for one in roles if not one.get("domain_id")]
    for key, one in keyed:
        if key not in found or (mark_of(one.get("description"))[1] and not mark_of(found[key].get("description"))[1]):
            found[key] = one
    return found


def plan(wanted: Sequence[Wanted], found: Mapping[tuple[str, ...], Mapping[str, Any]], owner: Owner) -> list[Plan]:
    """The plans in the order of the list. Raises InputError for what would change an object of others."""
    return [_plan(one, found.get((one.kind, *one.key)), found, owner) for one in wanted]


def _plan(
    one: Wanted,
    there: Mapping[str, Any] | None,
    found: Mapping[tuple[str, ...], Mapping[str, Any]],
    owner: Owner,
) -> Plan:
    if not one.present:
        return _removal(one, there, found, owner)
    told = {**one.values, "description": marked(one.description, owner.home)}
    if there is None:
        return Plan(one, None, told)
    home = mark_of(there.get("description"))[1]
    if _is_ours(home, owner):
        return Plan(one, there, {name: value for name, value in told.items() if there.get(name) != value})
    different = [name for name, value in one.values.items() if there.get(name) != value]
    if different:
        raise InputError(
            f"{one.where}: the {one.name} {_whose(home)}, and has another {' and '.join(different)} "
            f"({', '.join(str(there.get(name)) for name in different)}). Next: {_next(home)}"
        )
    return Plan(one, there)


def _removal(
    one: Wanted,
    there: Mapping[str, Any] | None,
    found: Mapping[tuple[str, ...], Mapping[str, Any]],
    owner: Owner,
) -> Plan:
    if there is None:
        return Plan(one, None)
    home = mark_of(there.get("description"))[1]
    if not home:
        return Plan(one, there, spared=f"the {one.name} {_whose(home)}, and stays")
    if not _is_ours(home, owner):
        raise InputError(f"{one.where}: the {one.name} {_whose(home)}. Next: {_next(home)}")
    # Keystone removes the endpoints of a service together with it.
    others = [
        key
        for key, endpoint in found.items()
        if one.kind == SERVICE
        and key[:3] == (ENDPOINT, *one.key)
        and not _is_ours(mark_of(endpoint.get("description"))[1], owner)
    ]
    if others:
        places = ", ".join(f"{key[4]} in region {key[3]}" for key in sorted(others))
        return Plan(one, there, spared=f"the {one.name} has endpoints of others ({places}), and stays")
    return Plan(one, there, removed=True)


def _is_ours(home: str, owner: Owner) -> bool:
    return home == owner.home or bool(home and owner.takeover)


def _whose(home: str) -> str:
    return f"is of the inventory {home}" if home else "was not created by this toolkit"


def _next(home: str) -> str:
    if home:
        return "run this there, or take the object over with takeover."
    return "give the values that it has, choose another name or region, or change it yourself."


def _shown(there: Mapping[str, Any]) -> dict[str, Any]:
    return {name: there.get(name) for name in ("url", "enabled", "description") if name in there}
