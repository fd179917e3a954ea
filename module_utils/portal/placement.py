# SPDX-License-Identifier: Apache-2.0
"""Where the portal's process finds its files and listens: as a unit of systemd, or in a container."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Mapping

from ..services.definition import CONTAINERS

__all__ = ["CONFIG", "FOLDER", "INSIDE_PORT", "STATE", "VERDICTS", "Placement", "placement"]

CONFIG = "portal.json"
# In a container.
FOLDER, STATE, VERDICTS, INSIDE_PORT = "/etc/portal", "/var/lib/portal", "/run/verdicts", 8088


@dataclass(frozen=True)
class Placement:
    """Paths and address as the process has them. credentials: the folder with one file for each secret."""

    config: str
    credentials: str
    state: str
    address: str
    port: int


def placement(role: Mapping[str, Any], state_folder: str) -> Placement:
    """Of a portal. role: the role's variables. state_folder: the folder of the SQLite database on the host.

    On a network of containers, the published port leads to a port of the container's own. A unit gets its files as
    credentials (systemd.exec(5), "LoadCredential="), as the folder of the configuration may be closed to its user.
    """
    address, port = str(role["address"]), int(role["port"])
    if role["runtime"] in CONTAINERS:
        listens = ("0.0.0.0", INSIDE_PORT) if role["network"] else (address, port)  # noqa: S104 -- in the container
        return Placement(f"{FOLDER}/{CONFIG}", f"{FOLDER}/credentials", STATE, *listens)
    credentials = f"/run/credentials/{role['name']}.service"
    return Placement(f"{credentials}/{CONFIG}", credentials, state_folder, address, port)
