# SPDX-License-Identifier: Apache-2.0
"""The registry as a service: what runs in its container, or in its systemd unit, in the words of the role service."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..base.host_port import host_port, near_host
from ..host.relabel import SHARED
from ..host.unit_scope import USER
from .config.sections import FOLDER, PORT_ON_A_NETWORK
from .unit import PROGRAM, unit_properties

# What the image that this host makes consists of.
_SUITE, _PACKAGES = "bookworm", ("docker-registry", "ca-certificates")
# Debian's package enables this unit, which would listen on port 5000, open to everybody.
_DISTRIBUTION_UNIT = "docker-registry.service"
# What the registry logs when it is ready, at one of these levels.
LISTENS, _SAYS_SO = "listening on", ("debug", "info")
# In a container of an ordinary user, root is that user, whose files the registry reads. It has no capabilities there.
_ROOT_OF_A_USER = "0:0"
# A stopping registry finishes its open requests for up to 25 s (draintimeout).
_STOP_SECONDS = 30


def running(role: Mapping[str, Any], layer: str) -> dict[str, Any]:
    """The part of the definition that says what runs.

    role: the role's variables, without `registry_` before their names. layer: folder of the image's layer.
    """
    return _package(role) if role["runtime"] == "package" else _container(role, layer)


def readiness(role: Mapping[str, Any]) -> dict[str, Any]:
    """The part that says how to find out whether the registry listens: by its log, or at a higher level by its port."""
    return {
        "ready_log": LISTENS if role["log_level"] in _SAYS_SO else "",
        "ready_port": {"address": near_host(role["address"]), "port": int(role["port"])},
        "ready_timeout": int(role["ready_timeout"]),
        "stop_timeout": _STOP_SECONDS,
    }


def mounts(role: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Mounts of the container and of its trial. The registry writes to its blobs alone."""
    files = {"type": "bind", "source": role["dir"], "target": FOLDER, "read_only": True, "relabel": SHARED}
    if role["storage"] != "filesystem":
        return [files]
    blobs = {"source": f"{role['dir']}/data", "target": role["filesystem_rootdirectory"]}
    return [files, {"type": "bind", **blobs, "relabel": SHARED}]


def published_ports(role: Mapping[str, Any]) -> list[str]:
    """HOST:PORT:INSIDE on a network of containers; nothing on the host's own network."""
    return [f"{host_port(role['address'], role['port'])}:{PORT_ON_A_NETWORK}"] if role["network"] else []


def _container(role: Mapping[str, Any], layer: str) -> dict[str, Any]:
    return {
        "image": role["image"],
        "image_options": {
            "source": role["image_source"],
            "pull": role["image_pull"],
            "suite": _SUITE,
            "packages": list(_PACKAGES),
            # The registry is one program without helpers.
            "configure": False,
            "layer": layer,
            # The upstream image has the same command line already.
            "layer_on_pull": False,
        },
        "user": _ROOT_OF_A_USER if role["scope"] == USER else f"{role['uid']}:{role['uid']}",
        "mounts": mounts(role),
        "tmpfs": ["/tmp"],  # noqa: S108 -- inside the container
        "capabilities": ["NET_BIND_SERVICE"],
        "network": role["network"] or "host",
        "publish_ports": published_ports(role),
        "pids_limit": int(role["pids_limit"]),
        "memory": role["memory"],
    }


def _package(role: Mapping[str, Any]) -> dict[str, Any]:
    # The role has its own unit: the distribution's exists only once, and may run somebody else's registry.
    return {
        "entrypoint": [PROGRAM],
        "properties": unit_properties(role),
        "packages": {"default": [PROGRAM]},
        "distribution_unit": _DISTRIBUTION_UNIT,
    }
