# SPDX-License-Identifier: Apache-2.0
"""What about a cluster would keep a gateway from working, seen from the gateway's host."""

from __future__ import annotations

import re
import socket
import time
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, NamedTuple

from ..base.findings import ERROR, WARNING, Finding
from ..base.host_port import bare_host
from ..base.managed_file import read_text

# Tickets are good for an hour (auth_service_ticket_ttl), S3 signatures for 15 minutes: less than both, and more than
# passes between the look at the monitor's clock and the look at this one.
_CLOCK_SECONDS = 300
_REACH_SECONDS = 3.0
# RGW itself takes object names of up to 1024 bytes, and a registry's segments have up to 800.
_NAME_BYTES = 1024

# Health checks that make a gateway fail or hang (doc/rados/operations/health-checks.rst), and their remedies.
_FATAL_HEALTH = {
    "OSD_FULL": "add OSDs, or delete data; nothing can be written until then",
    "POOL_FULL": "raise the pool's quota, or delete from it",
    "PG_AVAILABILITY": "bring the OSDs back (`ceph health detail`): requests to these placement groups hang",
    "OSDMAP_FLAGS": "`ceph osd unset` the flag when the work that it was set for is over",
}
# OSDMAP_FLAGS is raised for harmless flags, too; these stop clients.
_STOPPING_FLAGS = re.compile(r"\b(full|pauserd|pausewr)\b")


# As Ceph reads it: names of options may have blanks or dashes for underscores, values may be in quotes.
_FSID = re.compile(r"^[ \t]*fsid[ \t]*=[ \t]*[\"']?([0-9a-f-]{36})", re.MULTILINE | re.IGNORECASE)


class Expected(NamedTuple):
    """What is asked of the cluster; empty for what may be any."""

    fsid: str
    realm: str
    zonegroup: str
    zone: str


class Ours(NamedTuple):
    """The gateways. version: theirs, None when not known yet; runtime: what runs them (role rgw_gateway)."""

    version: str | None
    runtime: str


def look_at_cluster(cluster: Mapping[str, Any], expected: Expected, ours: Ours, conf: str) -> Iterator[Finding]:
    """All findings; conf: path of this host's ceph.conf."""
    if "fsid" not in cluster:
        problem = f"the cluster cannot be asked: {cluster.get('msg', 'nothing was said')}"
        yield Finding(problem, "mend that first; nothing else is known of the cluster until it answers")
        return
    checks = (
        _identity(cluster, expected, conf),
        _orchestrator(cluster["orchestrator"], ours.runtime),
        _versions(cluster, ours.version),
        _clock(cluster),
        _names(cluster),
        _zones(cluster, expected),
    )
    for findings in checks:
        yield from findings
    yield from _older(cluster["versions"].get("rgw", []), ours.version)
    yield from _reach(cluster["monitors"])
    yield from _health(cluster["health"]["checks"])


def _identity(cluster: Mapping[str, Any], expected: Expected, conf: str) -> Iterator[Finding]:
    real = cluster["fsid"]
    if expected.fsid and expected.fsid.lower() != real.lower():
        remedy = "correct rgw_gateway_fsid, or the group mons"
        yield Finding(f"rgw_gateway_fsid is {expected.fsid}, the monitors' cluster is {real}", remedy)
    own = _FSID.search(read_text(conf) or "")
    if own and own.group(1).lower() != real.lower():
        remedy = f"this host belongs to another cluster; if it no longer does, move {conf} away"
        yield Finding(f"{conf} is of cluster {own.group(1)}, the monitors' cluster is {real}", remedy)


def _versions(cluster: Mapping[str, Any], version: str | None) -> Iterator[Finding]:
    osds = cluster["versions"]["osd"]
    if not osds:
        yield Finding("the cluster has no OSD that is up", "bring the OSDs up first: `ceph osd tree`")
    elif version and _release(version) > _release(osds[0]):
        yield Finding(
            f"the gateway would be {version}, and OSDs are {osds[0]}: it asks them for operations that "
            "they do not know, and PUT fails",
            f"upgrade the OSDs first, or install a gateway of Ceph {_release(osds[0])}",
        )


def _older(others: Sequence[str], version: str | None) -> Iterator[Finding]:
    """Gateways write buckets in the form of their own release (14.2.21 reads none of 16.2.15's). No error: while all
    are upgraded one by one, the older ones go on.
    """
    if version and others and _release(version) < _release(others[-1]):
        problem = f"the gateway would be {version}, and another one is {others[-1]}, whose new buckets it cannot read"
        remedy = f"it answers HTTP 500 for them: make none until all gateways are of Ceph {_release(others[-1])}"
        yield Finding(problem, remedy, severity=WARNING)


def _release(version: str) -> int:
    return int(version.partition(".")[0])


def _clock(cluster: Mapping[str, Any]) -> Iterator[Finding]:
    ahead = time.time() - cluster["time"]
    if abs(ahead) > _CLOCK_SECONDS:
        side = "ahead of" if ahead > 0 else "behind"
        problem = f"the clock of this host is {abs(ahead):.0f} s {side} the monitor's"
        yield Finding(problem, "let both keep time (chrony, ntpd): keys and signatures are good for minutes")


def _names(cluster: Mapping[str, Any]) -> Iterator[Finding]:
    longest = cluster["osd_max_object_name_len"]
    if longest is not None and longest < _NAME_BYTES:
        remedy = "set it to 2048 on the OSDs, in ceph.conf where it stands there (that wins over `ceph config set`)"
        yield Finding(f"osd_max_object_name_len is {longest}: the names of a registry's segments are longer", remedy)


def _orchestrator(backend: str, runtime: str) -> Iterator[Finding]:
    if runtime == "cephadm":
        if backend != "cephadm":
            problem = f"cephadm is to make the gateways, and the cluster's orchestrator is {backend or 'none'}"
            yield Finding(problem, "choose another rgw_gateway_runtime, or `ceph orch set backend cephadm`")
    elif backend == "cephadm":
        problem = "cephadm manages this cluster's daemons, and would not know of this gateway"
        yield Finding(problem, "let it make the gateways: rgw_gateway_runtime: cephadm")
    elif backend:
        problem = f"{backend} manages this cluster's daemons, and would not know of this gateway"
        yield Finding(problem, f"have {backend} make the gateways; users, ingress and registries work on those, too")


def _zones(cluster: Mapping[str, Any], expected: Expected) -> Iterator[Finding]:
    for kind in ("realm", "zonegroup", "zone"):
        name = getattr(expected, kind)
        if name and name not in cluster[f"{kind}s"]:
            known = ", ".join(cluster[f"{kind}s"]) or "none"
            remedy = f"make it (`radosgw-admin {kind} create --rgw-{kind}={name}`, then `period update --commit`)"
            yield Finding(f"the cluster has no {kind} {name} (it has: {known})", remedy)


def _reach(monitors: Sequence[Sequence[str]]) -> Iterator[Finding]:
    with ThreadPoolExecutor(max(1, len(monitors))) as threads:
        away = [addresses for addresses, near in zip(monitors, threads.map(_any_answers, monitors)) if not near]
    if away:
        none = len(away) == len(monitors)
        who = "no monitor answers" if none else f"{len(away)} of {len(monitors)} monitors do not answer"
        names = "; ".join(", ".join(addresses) for addresses in away)
        remedy = "is the monitor up, and does a firewall or route keep this host from it (ports 3300 and 6789)?"
        yield Finding(
            f"{who} this host within {_REACH_SECONDS:.0f} s: {names}", remedy, severity=ERROR if none else WARNING
        )


def _any_answers(addresses: Sequence[str]) -> bool:
    return any(_answers(address) for address in addresses)


def _answers(address: str) -> bool:
    host, _colon, port = address.rpartition(":")
    try:
        with socket.create_connection((bare_host(host), int(port)), timeout=_REACH_SECONDS / 2):
            return True
    except OSError:
        return False


def _health(checks: Mapping[str, str]) -> Iterator[Finding]:
    for code, message in sorted(checks.items()):
        fatal = code in _FATAL_HEALTH and (code != "OSDMAP_FLAGS" or _STOPPING_FLAGS.search(message) is not None)
        remedy = _FATAL_HEALTH[code] if fatal else "look at `ceph health detail`"
        yield Finding(f"the cluster says {code}: {message}", remedy, severity=ERROR if fatal else WARNING)
