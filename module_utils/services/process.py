# SPDX-License-Identifier: Apache-2.0
"""The process of a service: whether a container or unit runs, and a digest of what somebody could change in it."""

from __future__ import annotations

import hashlib
import json
from typing import Any, Dict, List, Mapping, NamedTuple, Optional

from ..host.docker.client import connect
from ..host.program import refusal, run_program
from ..host.unit_scope import SYSTEM, systemctl
from .docker_source import DockerSource
from .watch import Ready, watch

__all__ = ["Process", "process_of"]

# What `docker create` and `docker update` set. The rest of a container's description changes by itself.
_CONTAINER_PARTS = ("Image", "Config", "HostConfig", "Mounts")
# systemctl(1), "show": the last two name the files that systemd has read the unit from.
_UNIT_PROPERTIES = (
    "LoadState",
    "ActiveState",
    "SubState",
    "UnitFileState",
    "NeedDaemonReload",
    "FragmentPath",
    "DropInPaths",
)


class Process(NamedTuple):
    """objection: why the process needs attention, empty for none. digest: of its definition, SHA-256 in hex digits."""

    objection: str
    digest: str = ""


def process_of(container: Optional[str], unit: Optional[str], scope: str = SYSTEM) -> Optional[Process]:
    """The process of a service that runs in a container of docker's, or as a systemd unit; None for neither.

    scope: whose systemd runs the unit.
    Raises InputError, ToolError and OSError.
    """
    if container:
        return _container_process(container)
    return _unit_process(unit, scope) if unit else None


def _container_process(name: str) -> Process:
    """The process in a container of docker's. Raises InputError and ToolError."""
    docker = connect()
    container = docker.container(name)
    if container is None:
        return Process("missing")
    seen = watch(DockerSource(docker, name), Ready(), 0, [], 1)
    objection = "restarted again and again" if seen.looping else "" if seen.state == "running" else seen.state
    parts = {part: container.get(part) for part in _CONTAINER_PARTS}
    # docker reads the mounts from a map, so their order changes from one answer to the next.
    parts["Mounts"] = sorted(parts["Mounts"] or [], key=lambda mount: str(mount.get("Destination")))
    return Process(objection, _digest(parts))


def _unit_process(name: str, scope: str) -> Process:
    """The main process of a systemd unit, which has to be enabled. Raises ToolError and OSError."""
    shown = _properties(name, scope)
    if shown["LoadState"] != "loaded":
        return Process("missing" if shown["LoadState"] == "not-found" else shown["LoadState"])
    return Process(_unit_objection(shown), _digest(_unit_files(shown)))


def _unit_objection(shown: Mapping[str, str]) -> str:
    if shown["ActiveState"] != "active":
        return f"{shown['ActiveState']} ({shown['SubState']})"
    if shown["NeedDaemonReload"] == "yes":
        return "changed since systemd read the unit"
    # A unit that nothing is to start at boot is static.
    return "" if shown["UnitFileState"] in ("enabled", "static") else "not enabled"


def _unit_files(shown: Mapping[str, str]) -> Dict[str, str]:
    texts = {}
    for path in [shown["FragmentPath"], *shown["DropInPaths"].split()]:
        with open(path, encoding="utf-8", errors="surrogateescape") as file:
            texts[path] = file.read()
    return texts


def _properties(name: str, scope: str) -> Dict[str, str]:
    command: List[str] = [*systemctl(scope, "show"), f"--property={','.join(_UNIT_PROPERTIES)}", "--", name]
    done = run_program(command)
    if done.returncode:
        raise refusal(done, "Check systemd on this host.")
    found = dict(line.split("=", 1) for line in done.stdout.splitlines() if "=" in line)
    return {name: found.get(name, "") for name in _UNIT_PROPERTIES}


def _digest(value: Any) -> str:
    return hashlib.sha256(json.dumps(value, sort_keys=True).encode()).hexdigest()
