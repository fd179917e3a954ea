# SPDX-License-Identifier: Apache-2.0
"""Where to look for the process of a service."""

from __future__ import annotations

from ..host.docker.client import connect
from ..host.unit_scope import SYSTEM
from .docker_source import DockerSource
from .sight import Source
from .unit_source import UnitSource

__all__ = ["source_of"]


def source_of(runtime: str, name: str, scope: str = SYSTEM) -> Source:
    """Where to look for a process. runtime: docker, podman or systemd. name: of the container, or of the unit.
    scope: whose systemd runs the unit, the system's or the user's.

    Raises InputError and ToolError.
    """
    if runtime == "docker":
        return DockerSource(connect(), name)
    return UnitSource(f"{name}.service", name, scope) if runtime == "podman" else UnitSource(name, "", scope)
