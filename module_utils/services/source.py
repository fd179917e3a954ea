# SPDX-License-Identifier: Apache-2.0
"""Where to look for the process of a service."""

from __future__ import annotations

from ..host.docker.client import connect
from .docker_source import DockerSource
from .sight import Source
from .unit_source import UnitSource

__all__ = ["source_of"]


def source_of(runtime: str, name: str) -> Source:
    """Where to look for a process. runtime: docker, podman or systemd. name: of the container, or of the unit.

    Raises InputError and ToolError.
    """
    if runtime == "docker":
        return DockerSource(connect(), name)
    return UnitSource(f"{name}.service", name) if runtime == "podman" else UnitSource(name)
