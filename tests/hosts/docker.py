# SPDX-License-Identifier: Apache-2.0
"""A Debian host with systemd and a docker daemon of its own, as a container in which FUSE can be mounted."""

from __future__ import annotations

from pathlib import Path

from .systemd import Image

# Besides what systemd needs: dockerd makes networks and gives capabilities on, overlayfs needs a volume, rclone FUSE.
RIGHTS = ("--cap-add=NET_ADMIN", "--cap-add=DAC_READ_SEARCH", "--volume=/var/lib/docker", "--device=/dev/fuse")
DOCKER = Image("rgwkit-test/docker-host:bookworm", Path(__file__).parent / "docker_image.yml", rights=RIGHTS)
