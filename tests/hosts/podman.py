# SPDX-License-Identifier: Apache-2.0
"""A Debian host with systemd and podman and without docker, as a container."""

from __future__ import annotations

import subprocess
from pathlib import Path

from .systemd import Image

# Besides what systemd needs: podman makes networks, and overlayfs needs a volume. Containers inside are given the last
# capability: only what the host has itself can be.
RIGHTS = ("--cap-add=NET_ADMIN", "--volume=/var/lib/containers", "--cap-add=DAC_READ_SEARCH")
PODMAN = Image("rgwkit-test/podman-host:bookworm", Path(__file__).parent / "podman_image.yml", rights=RIGHTS)


def load_image(container: str, name: str, engine: str = "podman") -> None:
    """Give an image of this machine to the engine of a host; for podman it is localhost's there."""
    with subprocess.Popen(["docker", "save", name], stdout=subprocess.PIPE) as saved:
        command = ["docker", "exec", "--interactive", container, engine, "load"]
        subprocess.run(command, stdin=saved.stdout, stdout=subprocess.DEVNULL, check=True)
    assert saved.returncode == 0
