# SPDX-License-Identifier: Apache-2.0
"""What a service needs of its host, and the names that it uses there."""

from __future__ import annotations

from typing import Any, Dict, Iterable, List, Mapping

from ..host.unit_scope import SYSTEM
from .beside import ONCE, TRIAL
from .definition import CONTAINERS
from .unit import unit_name

__all__ = ["needs", "things"]


def needs(
    runtime: str,
    images: Iterable[Mapping[str, Any]] = (),
    present: bool = True,
    named: bool = False,
    packages: Iterable[Mapping[str, Any]] = (),
    scope: str = SYSTEM,
) -> Dict[str, Any]:
    """The options of the module host_preflight for a runtime.

    images: name, source and pull of images that the run gets. present: whether the service is to be there. To be
    removed, it needs its container engine only: a host without systemd has no unit. named: whether its container has to
    find others by name in a network. packages: what the package runtime needs in a minimum version. Modules of
    community.docker need requests, those of containers.podman only the command. scope: whose systemd runs the service.
    """
    return {
        "scope": scope,
        "docker": runtime == "docker",
        "podman": runtime == "podman",
        "podman_network": runtime == "podman" and present and named,
        "commands": {"docker": ["docker"], "podman": ["podman"]}.get(runtime, [])
        + (["systemctl"] if present and runtime in ("podman", "package") else []),
        "python_modules": ["requests"] if runtime == "docker" else [],
        "images": [dict(image) for image in images] if present and runtime in CONTAINERS else [],
        "packages": [dict(package) for package in packages] if present and runtime == "package" else [],
    }


def things(definition: Mapping[str, Any]) -> List[Dict[str, Any]]:
    """The names that a service, its trial and its commands use in its runtime, for the module ownership.

    A unit of the distribution is no name of ours: its files are those of the distribution, but for a drop-in.
    """
    name, runtime = definition["name"], definition["runtime"]
    names = []
    if runtime in CONTAINERS:
        names += [("container", f"{name}{suffix}") for suffix in ("", TRIAL, ONCE)]
    if runtime != "docker":
        own = not (runtime == "package" and definition["unit"])
        names += [("unit", unit_name(definition))] if own else []
        names += [("unit", f"{name}{TRIAL}.service")]
    if runtime in CONTAINERS:
        names += [("network", definition["network"])] if definition["own_network"] else []
        names += [("volume", volume) for volume in definition["volumes"]]
    uses = {"folder": definition["folder"], "variable": definition["variable"]}
    return [{"kind": kind, "name": one, **uses} for kind, one in names]
