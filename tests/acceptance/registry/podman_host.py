# SPDX-License-Identifier: Apache-2.0
"""A Debian host that has podman and no docker, and the registry's image."""

from __future__ import annotations

import subprocess
from contextlib import contextmanager
from pathlib import Path
from typing import Iterator

from tests.acceptance.gateway import podman_site

from .debian_host import Host, booted_host

REGISTRY_IMAGE = "localhost/rgwkit/registry:2.8"
RECIPE = Path(podman_site.__file__).parent / "podman_host.yml"


@contextmanager
def podman_host(folder: Path, *options: str) -> Iterator[Host]:
    """A host that goes at the end; options are docker run's."""
    with booted_host(folder, RECIPE, podman_site.HOST_IMAGE, *podman_site.RIGHTS, *options) as host:
        load_image(host, "rgwkit/registry:2.8")
        host.variables |= {"registry_runtime": "podman", "registry_image": REGISTRY_IMAGE}
        yield host


def load_image(host: Host, name: str) -> None:
    """Give an image of this machine to the host's podman; there it is localhost's."""
    with subprocess.Popen(["docker", "save", name], stdout=subprocess.PIPE) as saved:
        command = ["docker", "exec", "--interactive", host.name, "podman", "load"]
        subprocess.run(command, stdin=saved.stdout, stdout=subprocess.DEVNULL, check=True)
    assert saved.returncode == 0
