# SPDX-License-Identifier: Apache-2.0
"""What runs the portal and its trial, in the words of the role service: the host's Python, or a container."""

from __future__ import annotations

from typing import Any, Dict, Mapping

from ..base.host_port import host_port
from ..host.relabel import SHARED
from .placement import CONFIG, FOLDER, INSIDE_PORT, STATE, Placement
from .python_image import MOST_THREADS

__all__ = ["PROGRAM", "in_container", "in_unit", "trial_in_container", "trial_in_unit"]

PROGRAM = "portal.zip"

_CONFINED = (
    "NoNewPrivileges=yes",
    "PrivateTmp=yes",
    "PrivateDevices=yes",
    "ProtectHome=yes",
    "ProtectSystem=strict",
    "ProtectKernelTunables=yes",
    "ProtectControlGroups=yes",
    "RestrictSUIDSGID=yes",
    "RestrictAddressFamilies=AF_INET AF_INET6 AF_UNIX",
    "CapabilityBoundingSet=",
    "UMask=0077",
)


def in_unit(name: str, place: Placement, python: str, program: str, credentials: Mapping[str, str]) -> Dict[str, Any]:
    """The part of the definition for a unit.

    python, program: paths of the interpreter and of the application. credentials: files on the host by their names.
    """
    loaded = [f"LoadCredential={one}:{path}" for one, path in sorted(credentials.items())]
    user = [f"User={name}", f"Group={name}"]
    return {
        "entrypoint": [python],
        "command": ["-m", "services.portal", place.config],
        "environment": _environment(program),
        "properties": [
            *user,
            f"WorkingDirectory={place.state}",
            f"ReadWritePaths={place.state}",
            *_CONFINED,
            *loaded,
        ],
    }


def in_container(
    role: Mapping[str, Any], place: Placement, state_folder: str, folders: Mapping[str, str]
) -> Dict[str, Any]:
    """The part of the definition for a container, whose image has interpreter and application.

    role: the role's variables. state_folder: the folder of the database on the host. folders: further folders of the
    host that the container may read, by their paths in the container. Their labels (SELinux) are the operator's.
    """
    published = [f"{host_port(role['address'], role['port'])}:{INSIDE_PORT}"] if role["network"] else []
    files = {"type": "bind", "source": role["dir"], "target": FOLDER, "read_only": True, "relabel": SHARED}
    return {
        "image": role["image"],
        "pull": "never",
        "user": f"{role['uid']}:{role['uid']}",
        "command": [place.config],
        "mounts": [
            files,
            {"type": "bind", "source": state_folder, "target": STATE, "relabel": SHARED},
            *({"type": "bind", "source": folders[path], "target": path, "read_only": True} for path in sorted(folders)),
        ],
        "tmpfs": ["/tmp"],  # noqa: S108 -- inside the container
        "network": role["network"] or "host",
        "publish_ports": published,
        "pids_limit": MOST_THREADS,
    }


def trial_in_unit(folder: str) -> Dict[str, Any]:
    """What differs for the trial. folder: has the new application, and the configuration, on the host."""
    command = ["-m", "services.portal", "--check", f"{folder}/{CONFIG}"]
    return {"command": command, "environment": _environment(f"{folder}/{PROGRAM}")}


def trial_in_container(folder: str) -> Dict[str, Any]:
    """What differs for the trial, which has no port and no database. folder: has the configuration, on the host."""
    files = {"type": "bind", "source": folder, "target": FOLDER, "read_only": True, "relabel": SHARED}
    return {"command": ["--check", f"{FOLDER}/{CONFIG}"], "mounts": [files], "publish_ports": []}


def _environment(program: str) -> Dict[str, str]:
    return {"PYTHONPATH": program, "PYTHONDONTWRITEBYTECODE": "1"}
