# SPDX-License-Identifier: Apache-2.0
"""What a run does to one volume, from what is there and what is wanted."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from typing import Any, Dict, List, Mapping, Optional, Sequence

from ..base.errors import InputError, ToolError
from ..base.words import listed
from ..host.ownership import Thing, Verdict, judge, labels
from ..rgw.report_words import NOTHING, change_line, shown
from .claims import ID, Claim, claim_field, claims_of
from .spec import MANY_WRITERS, ONE_WRITER, READ_ONLY, DesiredVolume

__all__ = ["ID_LABEL", "Found", "Plan", "Site", "check_claims", "container_of", "plan_volume"]

# The label of the volume that has the id of its container.
ID_LABEL = "io.rgwkit.container-id"
_NEW_ID = "(a new id)"


@dataclass(frozen=True)
class Site:
    """Where a run works. home: the inventory's identity. host: this host's name among those that use the containers.

    driver: the name of the volume driver. remote: the name of the gateway's account in the driver's configuration.
    takeover: whether the run takes over what the toolkit created for another inventory. dry: check mode, which has no
    ids for new containers.
    """

    home: str
    host: str
    driver: str
    remote: str
    takeover: bool = False
    dry: bool = False


@dataclass(frozen=True)
class Found:
    """What is there. volume: docker's; users: containers that use it; metadata: of the swift container."""

    volume: Optional[Mapping[str, Any]]
    users: Sequence[str]
    metadata: Optional[Mapping[str, str]]


@dataclass(frozen=True)
class Plan:
    """before, after: the volume as options, None where there is none. metadata: what the container is told.

    creates_container: whether there is no container yet. identity: the id of the container, now or afterwards.
    left: the container that the volume was for before, if that is another one.
    """

    desired: DesiredVolume
    before: Optional[Mapping[str, Any]]
    after: Optional[Mapping[str, Any]]
    creates_container: bool = False
    metadata: Mapping[str, str] = field(default_factory=dict)
    identity: str = ""
    left: str = ""

    @property
    def touches_volume(self) -> bool:
        """Whether the volume of docker is created, removed or created anew."""
        return self.before != self.after

    @property
    def changed(self) -> bool:
        """Whether anything is to be done."""
        return self.touches_volume or self.creates_container or bool(self.metadata)

    @property
    def changes(self) -> List[str]:
        """What is to be done, a line for each."""
        lines = [f"container {self.desired.container}: created"] if self.creates_container else []
        lines += [f"metadata {name}: {value or 'removed'}" for name, value in self.metadata.items()]
        if self.before is None or self.after is None:
            return lines + (["volume created" if self.after else "volume removed"] if self.touches_volume else [])
        names = [name for name in {**self.before, **self.after} if self.before.get(name) != self.after.get(name)]
        return lines + [change_line(name, _told(self.before, name), _told(self.after, name)) for name in names]


def plan_volume(desired: DesiredVolume, found: Found, site: Site, keeps_claim: bool = False) -> Plan:
    """The plan for one volume. Raises InputError and ToolError for what must not be changed.

    keeps_claim: whether another volume of this host writes into the container, too.
    """
    before = _state(found.volume) if found.volume is not None else None
    if found.volume is not None:
        _check_kind(desired, found.volume, site)
        _check_ownership(desired, found.volume, site)
    metadata = dict(found.metadata or {})
    mine = claim_field(site.host)
    if not desired.present:
        plan = Plan(desired, before, None, metadata={mine: ""} if mine in metadata and not keeps_claim else {})
    else:
        _check_container(desired, before, found.metadata)
        identity = metadata.get(ID) or (_NEW_ID if site.dry else secrets.token_hex(16))
        check_claims(desired, claims_of(metadata), site.host)
        wanted = _wanted_metadata(desired, site, identity)
        if keeps_claim and not desired.writes:
            del wanted[mine]
        changes = {name: value for name, value in wanted.items() if metadata.get(name, "") != value}
        after = _wanted_state(desired, site, identity)
        was = container_of(found.volume)
        left = was if was != desired.container else ""
        plan = Plan(desired, before, after, found.metadata is None, changes, identity, left)
    if plan.touches_volume and found.users:
        raise _in_use(desired, found.users, plan)
    return plan


def container_of(volume: Optional[Mapping[str, Any]]) -> str:
    """The container of a volume of docker; empty where there is none."""
    options = (volume or {}).get("Options") or {}
    return str(options.get("remote", "")).partition(":")[2]


def check_claims(desired: DesiredVolume, claims: Sequence[Claim], host: str) -> None:
    """Refuse a second writer. Raises ToolError."""
    if not desired.writes:
        return
    shares = desired.access_mode == MANY_WRITERS
    others = [one for one in claims if one.host not in (host, desired.moves_from) and not (shares and one.shared)]
    if others:
        hosts = listed([one.host for one in others])
        raise ToolError(
            "use",
            f"container '{desired.container}' as volume '{desired.name}' on {host}",
            f"{hosts} writes into this container already",
            f"Hosts that write the same file overwrite each other. Next: remove the volume there; if {hosts} is down "
            f"for good, set moves_from: {others[0].host}; to read only, set access_mode: {READ_ONLY}; if the programs "
            f"never write the same file, set access_mode: {MANY_WRITERS} on every host.",
        )


def _wanted_metadata(desired: DesiredVolume, site: Site, identity: str) -> Dict[str, str]:
    claim = Claim(site.host, desired.access_mode != ONE_WRITER, claim_field(site.host))
    wanted = {ID: identity, claim.field: claim.value if desired.writes else ""}
    if desired.moves_from:
        wanted[claim_field(desired.moves_from)] = ""
    return wanted


def _wanted_state(desired: DesiredVolume, site: Site, identity: str) -> Dict[str, Any]:
    own = {**labels(site.home, "volume", desired.name), ID_LABEL: identity}
    return {"options": {"remote": f"{site.remote}:{desired.container}", **desired.options}, "labels": own}


def _state(volume: Mapping[str, Any]) -> Dict[str, Any]:
    return {"options": dict(volume.get("Options") or {}), "labels": dict(volume.get("Labels") or {})}


def _check_kind(desired: DesiredVolume, volume: Mapping[str, Any], site: Site) -> None:
    driver = volume.get("Driver")
    if driver == site.driver:
        return
    if driver != "local":
        hint = f"Next: choose another name, or remove that volume (docker volume rm {desired.name})."
        raise InputError(f"{desired.where}: a volume '{desired.name}' of the driver {driver} exists. {hint}")
    raise InputError(
        f"{desired.where}: a local volume '{desired.name}' exists at {volume.get('Mountpoint')}. docker makes one "
        "without a word when a container names a volume that docker does not know, as when the driver was away. Next: "
        f"copy what it holds, remove its containers and the volume (docker volume rm {desired.name}), and run again."
    )


def _check_ownership(desired: DesiredVolume, volume: Mapping[str, Any], site: Site) -> None:
    verdict: Verdict = judge(Thing("volume", desired.name, "", ""), volume, site.home)
    if not (verdict.ours or (site.takeover and verdict.made_here)):
        raise InputError(f"{desired.where}: {verdict.objection(site.home)}")


def _check_container(
    desired: DesiredVolume, before: Optional[Mapping[str, Any]], metadata: Optional[Mapping[str, str]]
) -> None:
    """Refuse a container that is not the one on which the volume was made."""
    known = before["labels"].get(ID_LABEL) if before else None
    remote = before["options"].get("remote", "") if before else ""
    if not known or remote.partition(":")[2] != desired.container:
        return
    now = (metadata or {}).get(ID)
    if now != known:
        what = "is gone" if metadata is None else "is another one: somebody has removed and created it, or its metadata"
        raise ToolError(
            "use",
            f"container '{desired.container}' as volume '{desired.name}'",
            f"the container on which the volume was made (id {known}) {what}",
            "Programs would find an empty volume. Next: look for the data; then remove the volume (state: absent), and "
            "create it again.",
        )


def _in_use(desired: DesiredVolume, users: Sequence[str], plan: Plan) -> ToolError:
    does = "remove" if plan.after is None else "change"
    told = "; ".join(plan.changes)
    return ToolError(
        does,
        f"volume '{desired.name}'",
        f"in use by {listed(list(users))}",
        f"docker changes no volume, so that it has to be removed first ({told}). Next: remove these containers "
        "(docker rm), and run again.",
    )


def _told(state: Mapping[str, Any], name: str) -> str:
    return shown(state[name]) if name in state else NOTHING
