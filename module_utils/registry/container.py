# SPDX-License-Identifier: Apache-2.0
"""How a registry's container was run, from docker's record of it, so that it can be run so again."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..base.host_port import host_port


def registry_container(inspected: Mapping[str, Any]) -> dict[str, Any]:
    """mounts: as the module docker_container takes them; ports: HOST:PORT:INSIDE; address: HOST:PORT of the first."""
    host = inspected["HostConfig"]
    mounts = [
        {
            "type": mount["Type"],
            "source": mount["Source"],
            "target": mount["Target"],
            "read_only": mount.get("ReadOnly", False),
        }
        for mount in host.get("Mounts") or []
    ]
    bound = [
        (host_port(one["HostIp"], one["HostPort"]), inside.partition("/")[0])
        for inside, outside in (host.get("PortBindings") or {}).items()
        for one in outside
    ]
    ports = [f"{where}:{inside}" for where, inside in bound]
    return {"mounts": mounts, "ports": ports, "address": bound[0][0] if bound else ""}
