# SPDX-License-Identifier: Apache-2.0
"""Makes docker's volumes what they are declared to be: read, plan, apply, read again."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, List, Mapping, Optional, Sequence

from ..base.errors import ToolError
from ..host.docker.volumes import Volumes
from .claims import ID, claim_field, claims_of
from .containers import Containers
from .plan import Found, Plan, Site, check_claims, container_of, plan_volume
from .spec import DesiredVolume

__all__ = ["Outcome", "others_of", "reconcile"]


@dataclass(frozen=True)
class Outcome:
    """A plan, and the id of the container then; empty for none."""

    plan: Plan
    identity: str


def others_of(volumes: Volumes, site: Site, desired: Sequence[DesiredVolume]) -> List[DesiredVolume]:
    """Entries that remove this inventory's volumes of the driver which the list does not have. Raises ToolError."""
    names = {one.name for one in desired}
    found = [one for one in volumes.labelled(io_rgwkit_home=site.home) if one["Driver"] == site.driver]
    return [_to_remove(one) for one in found if one["Name"] not in names]


def _to_remove(volume: Mapping[str, Any]) -> DesiredVolume:
    name = str(volume["Name"])
    return DesiredVolume(f"volume '{name}'", name, container_of(volume), present=False)


def reconcile(volumes: Volumes, containers: Containers, desired: Sequence[DesiredVolume], site: Site) -> List[Outcome]:
    """Plan all volumes, and only then apply the plans, one by one.

    Raises InputError and ToolError, before anything is written where that can be told from what is there.
    """
    plans = []
    for one in desired:
        keeps = any(other.writes and other is not one and other.container == one.container for other in desired)
        plans.append(_plan(volumes, containers, one, site, keeps))
    if not site.dry:
        for plan in plans:
            if plan.changed:
                _apply(volumes, containers, plan, site)
    return [Outcome(plan, plan.identity) for plan in plans]


def _plan(volumes: Volumes, containers: Containers, desired: DesiredVolume, site: Site, keeps_claim: bool) -> Plan:
    volume = volumes.find(desired.name)
    if not desired.present and volume is not None:
        # The entry of a volume that goes need not name its container.
        desired = replace(desired, container=container_of(volume) or desired.container)
    users = volumes.users(desired.name) if volume is not None else []
    return plan_volume(desired, Found(volume, users, containers.metadata(desired.container)), site, keeps_claim)


def _apply(volumes: Volumes, containers: Containers, plan: Plan, site: Site) -> None:
    """The container comes before the volume, and the right to write goes after it."""
    name, desired = plan.desired.name, plan.desired
    if plan.creates_container:
        containers.create(desired.container)
    if desired.present and plan.metadata:
        _claim(containers, plan, site)
    if plan.touches_volume and plan.before is not None:
        volumes.remove(name)
    if plan.touches_volume and plan.after is not None:
        volumes.create(name, site.driver, plan.after["options"], plan.after["labels"])
    if plan.touches_volume:
        _verify(volumes.find(name), plan, site)
    if not desired.present and plan.metadata:
        containers.write_metadata(desired.container, plan.metadata)
    if plan.left and claim_field(site.host) in (containers.metadata(plan.left) or {}):
        containers.write_metadata(plan.left, {claim_field(site.host): ""})


def _claim(containers: Containers, plan: Plan, site: Site) -> None:
    """Write the metadata and look who else has; of two hosts that write at the same time, one at least sees both."""
    name = plan.desired.container
    containers.write_metadata(name, plan.metadata)
    now = containers.metadata(name) or {}
    mine = claim_field(site.host)
    try:
        check_claims(plan.desired, claims_of(now), site.host)
        kept = {field: now.get(field, "") for field in plan.metadata}
        if kept != dict(plan.metadata):
            odd = ", ".join(sorted(field for field in kept if kept[field] != plan.metadata[field]))
            hint = f"Another host may create the same volume at this moment. Run this again. The id is {now.get(ID)}."
            raise ToolError("write", f"the metadata of container '{name}'", f"the gateway has another {odd}", hint)
    except ToolError:
        if plan.metadata.get(mine):
            containers.write_metadata(name, {mine: ""})
        raise


def _verify(found: Optional[Mapping[str, Any]], plan: Plan, site: Site) -> None:
    """Compare what docker has with what it was told. Raises ToolError."""
    name = f"volume '{plan.desired.name}'"
    if plan.after is None:
        if found is not None:
            raise ToolError("remove", name, "the volume is still there", "Look for somebody who creates it again.")
        return
    now = found or {}
    kept = {"options": dict(now.get("Options") or {}), "labels": dict(now.get("Labels") or {})}
    if now.get("Driver") != site.driver or kept != dict(plan.after):
        said = f"docker has the driver {now.get('Driver')} and {kept}"
        raise ToolError("create", name, said, "Look for somebody who creates a volume of this name, and run again.")
