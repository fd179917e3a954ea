# SPDX-License-Identifier: Apache-2.0
"""How systemd confines Debian's docker-registry: the properties of the service, of its trial and of its collector."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .config.sections import FOLDER

# The program of Debian's package.
PROGRAM = "docker-registry"
PROGRAM_FILE = f"/usr/bin/{PROGRAM}"
# Confinement of a program that only uses the network and writes its data (systemd.exec; systemd 245 knows all of these
# settings).
_CONFINEMENT = (
    "NoNewPrivileges=yes",
    "PrivateDevices=yes",
    "PrivateTmp=yes",
    "ProtectClock=yes",
    "ProtectControlGroups=yes",
    "ProtectHome=yes",
    "ProtectHostname=yes",
    "ProtectKernelLogs=yes",
    "ProtectKernelModules=yes",
    "ProtectKernelTunables=yes",
    "ProtectSystem=strict",
    "LockPersonality=yes",
    "MemoryDenyWriteExecute=yes",
    "RestrictAddressFamilies=AF_INET AF_INET6 AF_UNIX",
    "RestrictNamespaces=yes",
    "RestrictRealtime=yes",
    "RestrictSUIDSGID=yes",
    "SystemCallArchitectures=native",
    "SystemCallFilter=@system-service",
    "SystemCallFilter=~@privileged",
    "SystemCallErrorNumber=EPERM",
)
_NO_RIGHTS = ("CapabilityBoundingSet=",)
_PRIVILEGED_PORT_ONLY = ("CapabilityBoundingSet=CAP_NET_BIND_SERVICE", "AmbientCapabilities=CAP_NET_BIND_SERVICE")
_FIRST_UNPRIVILEGED_PORT = 1024


def unit_properties(role: Mapping[str, Any]) -> list[str]:
    """NAME=VALUE of each property.

    The folders have the same paths as in the container, so that one configuration serves both runtimes, and no parent
    folder has to be accessible to the user. No root privileges, except to bind a privileged port.
    """
    privileged = int(role["port"]) < _FIRST_UNPRIVILEGED_PORT
    data = [f"BindPaths={role['dir']}/data:{role['filesystem_rootdirectory']}"]
    return [
        "Type=exec",
        f"User={role['uid']}",
        f"BindReadOnlyPaths={role['dir']}:{FOLDER}",
        *_CONFINEMENT,
        *(_PRIVILEGED_PORT_ONLY if privileged else _NO_RIGHTS),
        *(data if role["storage"] == "filesystem" else []),
    ]
