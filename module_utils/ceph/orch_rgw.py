# SPDX-License-Identifier: Apache-2.0
"""Gateways as a service of the orchestrator: what it is asked to be, compared with what it should be, applied, awaited.

Fields of its specification that are not ours (networks, extra_container_args ...) stay what somebody made them; so do
those that a later release adds of its own.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from ..base.errors import InputError, ToolError
from .orch import Awaited, Daemon, Orchestrator

_CERTIFICATE = "rgw_frontend_ssl_certificate"
# Changing these, the orchestrator makes other daemons; of every other field those that run learn nothing (16.2, 18.2).
_MAKES_OTHERS = ("hosts", "rgw_frontend_port")


class Wanted(NamedTuple):
    """A service of gateways. name: the orchestrator's service_id; certificate: chain and private key in PEM, if any."""

    name: str
    hosts: Sequence[str]
    port: int
    frontend_args: Sequence[str] = ()
    realm: str = ""
    zone: str = ""
    certificate: str = ""

    @property
    def service(self) -> str:
        """Its name among all services."""
        return f"rgw.{self.name}"

    def fields(self) -> dict[str, Any]:
        """Our fields as they should be; those that are empty are left out, as the orchestrator does."""
        fields = {
            "hosts": sorted(self.hosts),
            "rgw_frontend_port": self.port,
            "rgw_frontend_type": "beast",
            "rgw_frontend_extra_args": list(self.frontend_args),
            "rgw_realm": self.realm,
            "rgw_zone": self.zone,
            "ssl": bool(self.certificate),
            _CERTIFICATE: self.certificate.strip(),
            "unmanaged": False,
        }
        return {name: value for name, value in fields.items() if value}

    def serves(self, daemons: Sequence[Daemon]) -> bool:
        """Whether these are the daemons that it should have, and they run."""
        there = sorted((one.host, one.ports) for one in daemons if one.status == "running")
        return len(there) == len(daemons) and there == sorted((host, [self.port]) for host in self.hosts)


class Outcome(NamedTuple):
    """What was done, or in check mode would be. before, after: our fields, None without a service; changes: words."""

    before: dict[str, Any] | None
    after: dict[str, Any] | None
    daemons: list[Daemon]
    changes: list[str]


def fields_of(specification: Mapping[str, Any]) -> dict[str, Any]:
    """Our fields of what the orchestrator exports. What it fills in when nothing is said is filled in here, too."""
    spec = specification.get("spec") or {}
    placement = dict(specification.get("placement") or {})
    certificate = spec.get(_CERTIFICATE) or ""
    fields = {
        "hosts": sorted(placement.pop("hosts", [])),
        # A label, a count, a pattern: another way to place them than ours.
        "placement": placement,
        "unmanaged": specification.get("unmanaged"),
        "rgw_frontend_type": spec.get("rgw_frontend_type") or "beast",
        "rgw_frontend_port": spec.get("rgw_frontend_port") or (443 if spec.get("ssl") else 80),
        # Text, or a list of texts.
        _CERTIFICATE: (certificate if isinstance(certificate, str) else "\n".join(certificate)).strip(),
    }
    fields.update({name: spec.get(name) for name in ("rgw_frontend_extra_args", "rgw_realm", "rgw_zone", "ssl")})
    return {name: value for name, value in fields.items() if value}


def merged(found: Mapping[str, Any] | None, wanted: Wanted) -> dict[str, Any]:
    """The specification to apply: ours, and of the one that was found what is not ours."""
    base = dict(found or {})
    ours = wanted.fields()
    spec = {name: value for name, value in (base.get("spec") or {}).items() if name not in _OURS}
    spec.update({name: value for name, value in ours.items() if name != "hosts"})
    for name in ("service_name", "unmanaged", "status", "events"):
        base.pop(name, None)
    head = {"service_type": "rgw", "service_id": wanted.name, "placement": {"hosts": ours["hosts"]}}
    return {**base, **head, "spec": spec}


_OURS = (
    "rgw_frontend_port",
    "rgw_frontend_type",
    "rgw_frontend_extra_args",
    "rgw_realm",
    "rgw_zone",
    "ssl",
    _CERTIFICATE,
)


def shown(fields: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """Fields as they may be seen: of the certificate, whose key is with it, a short digest."""
    if fields is None or _CERTIFICATE not in fields:
        return None if fields is None else dict(fields)
    digest = hashlib.sha256(fields[_CERTIFICATE].encode()).hexdigest()[:12]
    return {**fields, _CERTIFICATE: f"sha256:{digest}..."}


def differences(before: Mapping[str, Any] | None, after: Mapping[str, Any]) -> list[str]:
    """What has to change, in words, by name of the field. No secret is in it."""
    if before is None:
        return ["service made"]
    old, new = shown(before) or {}, shown(after) or {}
    names = sorted(name for name in {*old, *new} if old.get(name) != new.get(name))
    return [f"{name}: {json.dumps(old.get(name))} -> {json.dumps(new.get(name))}" for name in names]


def make(orchestrator: Orchestrator, wanted: Wanted, restart: bool, wait: float, check: bool) -> Outcome:
    """Have the service be what it should, its daemons run, and with restart run anew. Raises ToolError, InputError."""
    _known_hosts(orchestrator, wanted)
    found = orchestrator.specification(wanted.service)
    before, after = None if found is None else fields_of(found), wanted.fields()
    changes = differences(before, after)
    daemons = orchestrator.daemons(wanted.service)
    told = _to_tell(daemons, wanted, before, after) if changes else []
    anew = {one.name: one for one in told or (daemons if restart and not changes else [])}
    changes += [f"{name} restarted" for name in anew]
    if check:
        return Outcome(before, after, daemons, changes)
    known = orchestrator.troubles(wanted.service)
    if before != after:
        orchestrator.apply(merged(found, wanted))
        _reread(orchestrator, wanted)
    # Also when only a restart is asked for: a run that was cut off may have left the old one.
    if anew and wanted.certificate:
        orchestrator.give_certificate(wanted.service, wanted.certificate)
    for name in anew:
        orchestrator.act("redeploy" if told else "restart", name)
    if _CERTIFICATE in (before or {}) and not wanted.certificate:
        orchestrator.forget_certificate(wanted.service)

    def done(now: Sequence[Daemon]) -> bool:
        return wanted.serves(now) and not any(
            one.name in anew and one.container == anew[one.name].container for one in now
        )

    now = orchestrator.wait(wanted.service, Awaited("the daemons", done, known), wait)
    return Outcome(before, after, now, changes)


def remove(orchestrator: Orchestrator, wanted: Wanted, wait: float, check: bool) -> Outcome:
    """Have the service and its daemons gone. Raises ToolError, InputError."""
    found = orchestrator.specification(wanted.service)
    daemons = orchestrator.daemons(wanted.service)
    before = None if found is None else fields_of(found)
    if before is None and not daemons:
        return Outcome(None, None, [], [])
    _is_ours(wanted, before or {})

    def gone(now: Sequence[Daemon]) -> bool:
        return not now and orchestrator.specification(wanted.service) is None

    if not check:
        known = orchestrator.troubles(wanted.service)
        if before is not None:
            orchestrator.remove(wanted.service)
        daemons = orchestrator.wait(wanted.service, Awaited("the end", gone, known), wait)
    return Outcome(before, None, daemons, ["service removed"])


def _is_ours(wanted: Wanted, before: Mapping[str, Any]) -> None:
    others = sorted(set(before.get("hosts", [])) - set(wanted.hosts))
    if others or "placement" in before:
        raise InputError(
            f"service '{wanted.service}' has other hosts, too ({', '.join(others) or before['placement']}): somebody "
            f"else made it, and it is not removed. If it may go: `ceph orch rm {wanted.service}`."
        )


def _known_hosts(orchestrator: Orchestrator, wanted: Wanted) -> None:
    known = orchestrator.hosts()
    unknown = sorted(set(wanted.hosts) - set(known))
    if unknown:
        raise InputError(
            f"the orchestrator has no host {', '.join(unknown)} (it has: {', '.join(known) or 'none'}). Make it known "
            "by `ceph orch host add`, or correct the name."
        )


def _to_tell(
    daemons: Sequence[Daemon], wanted: Wanted, before: Mapping[str, Any] | None, after: Mapping[str, Any]
) -> list[Daemon]:
    """The daemons that outlive a change and have to be told of it."""
    changed = {name for name in {*(before or {}), *after} if (before or {}).get(name) != after.get(name)}
    if before is None or changed <= {*_MAKES_OTHERS, "placement", "unmanaged"}:
        return []
    return [one for one in daemons if one.host in wanted.hosts and one.ports == [wanted.port]]


def _reread(orchestrator: Orchestrator, wanted: Wanted) -> None:
    found = orchestrator.specification(wanted.service)
    left = differences(None if found is None else fields_of(found), wanted.fields())
    if left:
        hint = "Its release may not know the field, or somebody else changes it, too."
        raise ToolError(
            "apply", f"service '{wanted.service}'", f"it is not what was asked for: {', '.join(left)}", hint
        )
