# SPDX-License-Identifier: Apache-2.0
"""What would keep gateways of a cluster from working on this host. Looks, and changes nothing."""

from __future__ import annotations

import re
import socket
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, NamedTuple

from .host_certificates import Pair, check_certificate
from .host_checks import Finding, check_disk, check_port
from .managed_file import read_text
from .rgw_frontend import LAST_WITH_CIVETWEB, beast_options, unknown_options

# Tickets are good for an hour (auth_service_ticket_ttl), S3 signatures for 15 minutes: less than both, and more than
# passes between the look at the monitor's clock and the look at this one.
_CLOCK_SECONDS = 300
_REACH_SECONDS = 3.0
# RGW itself takes object names of up to 1024 bytes, and a registry's segments have up to 800.
_NAME_BYTES = 1024
_DISK_BYTES = 512 << 20

# Health checks that make a gateway fail or hang (doc/rados/operations/health-checks.rst), and their remedies.
_FATAL_HEALTH = {
    "OSD_FULL": "Add OSDs, or delete data; nothing can be written until then.",
    "POOL_FULL": "Raise the pool's quota, or delete from it.",
    "PG_AVAILABILITY": "Look at `ceph health detail` and bring the OSDs back: requests to these placement groups hang.",
    "TOO_FEW_OSDS": "Add OSDs: there are fewer than a pool has copies.",
    "OSDMAP_FLAGS": "`ceph osd unset` the flag when the work it was set for is over.",
}
# OSDMAP_FLAGS is raised for harmless flags, too; these stop clients (doc/rados/operations/health-checks.rst).
_STOPPING_FLAGS = re.compile(r"\b(full|pauserd|pausewr)\b")


class Wanted(NamedTuple):
    """What is to run here: the instances as the role has them, and what is asked of their cluster."""

    cluster: Mapping[str, Any]
    instances: Sequence[Mapping[str, Any]]
    version: str | None
    fsid: str
    runtime: str
    realm: str
    zonegroup: str
    zone: str
    conf: str
    data: str


class Found(NamedTuple):
    """Findings that keep a gateway from working, and those that do not, yet."""

    errors: list[Finding]
    warnings: list[Finding]


def look(wanted: Wanted) -> Found:
    """All that is wrong, in bounded time."""
    errors = list(_instances(wanted))
    warnings: list[Finding] = []
    if "fsid" in wanted.cluster:
        errors += [
            *_identity(wanted),
            *_orchestrator(wanted),
            *_versions(wanted),
            *_clock(wanted),
            *_names(wanted),
            *_zones(wanted),
        ]
        for found, severe in (*_reach(wanted), *_health(wanted)):
            (errors if severe else warnings).append(found)
    else:
        said = str(wanted.cluster.get("msg", "nothing was said"))
        errors.append(Finding(f"the cluster cannot be asked: {said}", "until it answers nothing else of it is known"))
    for found, severe in _certificates(wanted):
        (errors if severe else warnings).append(found)
    errors += filter(None, [check_disk(wanted.data, _DISK_BYTES, "the gateway's logs and data")])
    return Found(errors, warnings)


def _instances(wanted: Wanted) -> Iterator[Finding]:
    names = [f"name {one['name']}" for one in wanted.instances]
    listeners = [f"address and port {one['address']}:{one['port']}" for one in wanted.instances]
    for twice, count in Counter(names + listeners).items():
        if count > 1:
            yield Finding(f"{count} instances have the {twice}", "give each instance of a host its own")
    if not wanted.instances:
        yield Finding("no instance is to run here", "list one in rgw_gateway_instances")
    for one in wanted.instances:
        yield from _frontend(one, wanted.version)
        if not _own_address(one["address"]):
            remedy = "name one of this host's (`ip address` lists them), or 0.0.0.0 for all"
            yield Finding(f"{one['name']}: {one['address']} is on no interface of this host", remedy)
            continue
        taken = check_port(one["port"], f"the gateway {one['name']}", "rgw_gateway_instances", owner=one["entity"])
        yield from [taken] if taken else []


def _frontend(instance: Mapping[str, Any], version: str | None) -> Iterator[Finding]:
    if version is None:
        return
    release = int(version.partition(".")[0])
    if instance["frontend"] == "civetweb":
        if release > LAST_WITH_CIVETWEB:
            problem = f"{instance['name']}: Ceph {release} has no civetweb, and would run without listening"
            yield Finding(problem, "use beast")
        return
    unknown = unknown_options(instance["frontend_options"], release)
    if unknown:
        problem = f"{instance['name']}: beast of Ceph {release} ignores {', '.join(unknown)} without a word"
        yield Finding(problem, f"its options are {', '.join(beast_options(release))}")


def _own_address(address: str) -> bool:
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        try:
            probe.bind((address.strip("[]"), 0))
        except OSError:
            return False
    return True


def _identity(wanted: Wanted) -> Iterator[Finding]:
    real = wanted.cluster["fsid"]
    if wanted.fsid and wanted.fsid != real:
        remedy = "correct rgw_gateway_fsid, or the group mons"
        yield Finding(f"rgw_gateway_fsid is {wanted.fsid}, the monitors' cluster is {real}", remedy)
    own = re.search(r"^\s*fsid\s*=\s*([0-9a-f-]{36})", read_text(wanted.conf) or "", re.MULTILINE)
    if own and own.group(1) != real:
        remedy = f"this host belongs to another cluster; if it no longer does, move {wanted.conf} away"
        yield Finding(f"{wanted.conf} is of cluster {own.group(1)}, the monitors' cluster is {real}", remedy)


def _versions(wanted: Wanted) -> Iterator[Finding]:
    osds = wanted.cluster["versions"]["osd"]
    if not osds:
        yield Finding("the cluster has no OSD that is up", "bring the OSDs up first: `ceph osd tree`")
    elif wanted.version and _release(wanted.version) > _release(osds[0]):
        yield Finding(
            f"the gateway would be {wanted.version}, and OSDs are {osds[0]}: it asks them for operations that "
            "they do not know, and PUT fails",
            f"upgrade the OSDs first, or install a gateway of Ceph {_release(osds[0])}",
        )


def _release(version: str) -> int:
    return int(version.partition(".")[0])


def _clock(wanted: Wanted) -> Iterator[Finding]:
    ahead = time.time() - wanted.cluster["time"]
    if abs(ahead) > _CLOCK_SECONDS:
        side = "ahead of" if ahead > 0 else "behind"
        problem = f"the clock of this host is {abs(ahead):.0f} s {side} the monitor's"
        yield Finding(problem, "let both keep time (chrony, ntpd): keys and signatures are good for minutes")


def _names(wanted: Wanted) -> Iterator[Finding]:
    longest = wanted.cluster["osd_max_object_name_len"]
    if longest is not None and longest < _NAME_BYTES:
        remedy = "set it to 2048 on the OSDs, in ceph.conf where it stands there (that wins over `ceph config set`)"
        yield Finding(f"osd_max_object_name_len is {longest}: the names of a registry's segments are longer", remedy)


def _orchestrator(wanted: Wanted) -> Iterator[Finding]:
    if wanted.cluster["orchestrator"] and wanted.runtime != "cephadm":
        problem = f"{wanted.cluster['orchestrator']} manages this cluster's daemons, and would not know of this gateway"
        yield Finding(problem, "let it: rgw_gateway_runtime=cephadm applies a specification through it")


def _zones(wanted: Wanted) -> Iterator[Finding]:
    for kind in ("realm", "zonegroup", "zone"):
        name = getattr(wanted, kind)
        if name and name not in wanted.cluster[f"{kind}s"]:
            known = ", ".join(wanted.cluster[f"{kind}s"]) or "none"
            remedy = f"make it (`radosgw-admin {kind} create --rgw-{kind}={name}`, then `period update --commit`)"
            yield Finding(f"the cluster has no {kind} {name} (it has: {known})", remedy)


def _reach(wanted: Wanted) -> Iterator[tuple[Finding, bool]]:
    monitors = wanted.cluster["monitors"]
    with ThreadPoolExecutor(max(1, len(monitors))) as threads:
        away = [addresses for addresses, near in zip(monitors, threads.map(_any_answers, monitors)) if not near]
    if away:
        names = "; ".join(", ".join(addresses) for addresses in away)
        remedy = "is the monitor up, and does a firewall or route keep this host from it (ports 3300 and 6789)?"
        none = len(away) == len(monitors)
        count = "none of the monitors" if none else f"{len(away)} of {len(monitors)} monitors do not"
        problem = f"{count} answer{'s' if none else ''} here within {_REACH_SECONDS:.0f} s: {names}"
        yield Finding(problem, remedy), none


def _any_answers(addresses: Sequence[str]) -> bool:
    return any(_answers(address) for address in addresses)


def _answers(address: str) -> bool:
    host, _, port = address.rpartition(":")
    try:
        with socket.create_connection((host.strip("[]"), int(port)), timeout=_REACH_SECONDS / 2):
            return True
    except OSError:
        return False


def _health(wanted: Wanted) -> Iterator[tuple[Finding, bool]]:
    for code, message in sorted(wanted.cluster["health"]["checks"].items()):
        fatal = code in _FATAL_HEALTH and (code != "OSDMAP_FLAGS" or _STOPPING_FLAGS.search(message) is not None)
        remedy = _FATAL_HEALTH[code] if fatal else "Look at `ceph health detail`."
        yield Finding(f"the cluster says {code}: {message}", remedy), fatal


def _certificates(wanted: Wanted) -> Iterator[tuple[Finding, bool]]:
    for one in wanted.instances:
        if one["certificate"]:
            purpose = f"the gateway {one['name']}"
            key = one["private_key"] or one["certificate"]
            pair = Pair(one["certificate"], key, [one["server_name"]], purpose, "rgw_gateway_instances")
            refused, ends_soon = check_certificate(pair)
            yield from ((finding, True) for finding in refused)
            yield from [(ends_soon, False)] if ends_soon else []
