# SPDX-License-Identifier: Apache-2.0
"""The docker daemon through the docker SDK for Python, for what community.docker has no module for."""

from __future__ import annotations

from typing import Any

from ..base.errors import ToolError

__all__ = ["APIError", "connect"]

try:
    import docker
    from docker.errors import APIError, DockerException

    HAS_DOCKER = True
except ImportError:
    APIError = DockerException = OSError
    HAS_DOCKER = False


def connect(timeout: int = 60) -> Any:
    """Return a docker.DockerClient for the daemon that DOCKER_HOST names (default: the local socket).

    timeout: seconds that one call to the daemon may take.
    Raises ToolError when the SDK is missing or the daemon does not answer.
    """
    if not HAS_DOCKER:
        raise ToolError(
            "connect to",
            "the docker daemon",
            "the Python package 'docker' (7.1 or newer) is missing on this host",
            "Install Debian's package python3-docker, or pip install docker.",
        )
    try:
        return docker.from_env(timeout=timeout)
    except DockerException as error:
        raise ToolError(
            "connect to", "the docker daemon", str(error), "Start the daemon, or point DOCKER_HOST at it."
        ) from error
