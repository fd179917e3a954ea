# SPDX-License-Identifier: Apache-2.0
"""Read, plan, apply, read again: services, endpoints and roles of one Keystone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ...base.errors import ToolError
from ..client import Keystone
from .plan import Plan, index, plan
from .spec import ENDPOINT, ORDER, ROLE, SERVICE, Owner, Wanted


def reconcile(keystone: Keystone, wanted: Sequence[Wanted], owner: Owner, check_mode: bool) -> list[Plan]:
    """Bring Keystone to what is wanted; the plans. Raises InputError before anything is changed, ToolError."""
    plans = plan(wanted, _read(keystone, wanted), owner)
    if check_mode or not any(one.changed for one in plans):
        return plans
    _apply(keystone, plans)
    left = [one.wanted.name for one in plan(wanted, _read(keystone, wanted), owner) if one.changed]
    if left:
        hint = "Look into Keystone's log and policy, and run again."
        raise ToolError("keep", f"{', '.join(left)} at Keystone {keystone.endpoint}", "something else is there", hint)
    return plans


def _read(keystone: Keystone, wanted: Sequence[Wanted]) -> dict[tuple[str, ...], Mapping[str, Any]]:
    kinds = {one.kind for one in wanted}
    services = keystone.objects("services") if kinds & {SERVICE, ENDPOINT} else []
    endpoints = keystone.objects("endpoints") if kinds & {SERVICE, ENDPOINT} else []
    return index(services, endpoints, keystone.objects("roles") if ROLE in kinds else [])


def _apply(keystone: Keystone, plans: Sequence[Plan]) -> None:
    services = {one.wanted.key: str(one.found["id"]) for one in plans if one.found and one.wanted.kind == SERVICE}
    for kind in ORDER:
        for one in plans:
            if one.wanted.kind == kind and one.told:
                done = _tell(keystone, one, services)
                if kind == SERVICE:
                    services[one.wanted.key] = str(done["id"])
    for kind in reversed(ORDER):
        for one in plans:
            if one.wanted.kind == kind and one.removed and one.found:
                keystone.remove(f"{kind}s", kind, str(one.found["id"]))


def _tell(keystone: Keystone, one: Plan, services: Mapping[tuple[str, ...], str]) -> dict[str, Any]:
    kind, key = one.wanted.kind, one.wanted.key
    if one.found:
        return keystone.change(f"{kind}s", kind, str(one.found["id"]), one.told)
    if kind == ROLE:
        named: dict[str, Any] = {"name": key[0]}
    elif kind == SERVICE:
        named = {"name": key[0], "type": key[1]}
    else:
        # By "region" Keystone creates a region that it does not have; by "region_id" it would refuse.
        named = {"service_id": services[key[:2]], "region": key[2], "interface": key[3]}
    return keystone.create(f"{kind}s", kind, {**named, **one.told})
