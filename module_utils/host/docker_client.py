# SPDX-License-Identifier: Apache-2.0
"""The docker daemon through the docker SDK for Python, for what community.docker has no module for."""

from __future__ import annotations

from typing import Any

__all__ = ["APIError", "DockerError", "connect"]

try:
    import docker
    from docker.errors import APIError, DockerException

    HAS_DOCKER = True
except ImportError:
    APIError = DockerException = OSError
    HAS_DOCKER = False


class DockerError(Exception):
    """The docker daemon cannot be used; the text says why and what to do."""


def connect(timeout: int = 60) -> Any:
    """Return a docker.DockerClient for the daemon that DOCKER_HOST names (default: the local socket).

    timeout: seconds that one call to the daemon may take.
    Raises DockerError when the SDK is missing or the daemon does not answer.
    """
    if not HAS_DOCKER:
        raise DockerError("the Python package 'docker' (7.1 or newer) is missing on this host: pip install docker")
    try:
        return docker.from_env(timeout=timeout)
    except DockerException as error:
        raise DockerError(f"no docker daemon answers ({error}): start it, or point DOCKER_HOST at it") from error
