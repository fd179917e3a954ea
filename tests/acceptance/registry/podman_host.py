# SPDX-License-Identifier: Apache-2.0
"""A Debian host that has podman and no docker, and the registry's image."""

from __future__ import annotations

from contextlib import contextmanager
from pathlib import Path
from typing import Iterator

from tests.hosts.podman import PODMAN, load_image

from .debian_host import Host, debian_host

REGISTRY_IMAGE = "localhost/rgwkit/registry:2.8"


@contextmanager
def podman_host(folder: Path, *options: str) -> Iterator[Host]:
    """A host that goes at the end; options are docker run's."""
    with debian_host(folder, *options, image=PODMAN) as host:
        load_image(host.name, "rgwkit/registry:2.8")
        host.variables |= {"registry_runtime": "podman", "registry_image": REGISTRY_IMAGE}
        yield host
