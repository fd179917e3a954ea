# SPDX-License-Identifier: Apache-2.0
"""What a gateway's host has to know of the cluster, read where there is an administrator's keyring."""

from __future__ import annotations

import re
import time
from typing import Any

from ..base.remote_json import loads
from .tool import CephTool

_VERSION = re.compile(r"ceph version (\d+)\.(\d+)\.(\d+)")


def read_cluster(ceph: CephTool) -> dict[str, Any]:
    """The facts; each of them is described in the module ceph_cluster_info. Raises ToolError, InputError."""
    monitors = _ask(ceph, "the monitors' map", "mon", "dump")
    health = _ask(ceph, "the health", "health", "detail")
    return {
        "fsid": monitors["fsid"],
        "monitors": [_addresses(monitor) for monitor in monitors["mons"]],
        "versions": _versions(_ask(ceph, "the versions", "versions")),
        "health": {
            "status": health["status"],
            "checks": {code: check["summary"]["message"] for code, check in health["checks"].items()},
        },
        "osd_max_object_name_len": _longest_name(ceph),
        "orchestrator": _orchestrator(ceph),
        "minimal_conf": _minimal_conf(ceph),
        "time": time.time(),
    }


def read_zones(radosgw_admin: CephTool) -> dict[str, list[str]]:
    """The names of realms, zonegroups and zones. Raises ToolError, InputError."""
    return {
        "realms": _names(radosgw_admin, "realm", "realms"),
        "zonegroups": _names(radosgw_admin, "zonegroup", "zonegroups"),
        "zones": _names(radosgw_admin, "zone", "zones"),
    }


def read_hostnames(radosgw_admin: CephTool) -> dict[str, list[str]]:
    """The host names of all zonegroups, for S3 and for web sites, sorted. Raises ToolError, InputError."""
    fields = ("hostnames", "hostnames_s3website")
    found: dict[str, set[str]] = {field: set() for field in fields}
    for name in _names(radosgw_admin, "zonegroup", "zonegroups"):
        done = radosgw_admin.run("zonegroup", "get", f"--rgw-zonegroup={name}")
        zonegroup = loads(radosgw_admin.success("read", f"the zonegroup {name}", done))
        for field in fields:
            found[field].update(map(str, zonegroup.get(field) or []))
    return {field: sorted(names) for field, names in found.items()}


def version_of(text: str) -> str | None:
    """The version in what Ceph's programs say of themselves, "16.2.15"; None if there is none."""
    found = _VERSION.search(text)
    return ".".join(found.groups()) if found else None


def _ask(ceph: CephTool, what: str, *command: str) -> Any:
    return loads(ceph.success("read", what, ceph.run(*command, "--format", "json")))


def _addresses(monitor: dict[str, Any]) -> list[str]:
    """Where a monitor listens, "host:port" each; the map of 13 and older has one address a monitor."""
    vector = monitor.get("public_addrs", {}).get("addrvec") or [{"addr": monitor["addr"].partition("/")[0]}]
    return [address["addr"] for address in vector]


def _versions(answer: dict[str, dict[str, int]]) -> dict[str, list[str]]:
    """The versions that run of each kind of daemon, oldest first."""
    kinds = {
        kind: {version_of(text) for text in answer.get(kind, {})} - {None} for kind in ("mon", "mgr", "osd", "rgw")
    }
    return {
        kind: sorted(map(str, found), key=lambda text: [int(part) for part in text.split(".")])
        for kind, found in kinds.items()
    }


def _longest_name(ceph: CephTool) -> int | None:
    """osd_max_object_name_len as one OSD that is up has it in force, from whatever source; None if none tells."""
    up = [osd["osd"] for osd in _ask(ceph, "the OSD map", "osd", "dump")["osds"] if osd["up"]]
    if not up:
        return None
    done = ceph.run("config", "show", f"osd.{up[0]}", "osd_max_object_name_len")
    return int(done.stdout) if done.returncode == 0 and done.stdout.strip().isdigit() else None


def _orchestrator(ceph: CephTool) -> str:
    """The orchestrator's backend, such as "cephadm"; empty without one (`ceph orch` exits 2, and 22 on 14)."""
    done = ceph.run("orch", "status", "--format", "json")
    try:
        return str(loads(done.stdout)["backend"]) if done.returncode == 0 else ""
    except (ValueError, KeyError):
        return ""


def _minimal_conf(ceph: CephTool) -> str:
    return ceph.success("make", "a minimal ceph.conf", ceph.run("config", "generate-minimal-conf"))


def _names(radosgw_admin: CephTool, kind: str, field: str) -> list[str]:
    done = radosgw_admin.run(kind, "list")
    if done.returncode == 2 and "No such file or directory" in done.stderr:
        return []
    return [str(name) for name in loads(radosgw_admin.success("list", f"{kind}s", done))[field]]
