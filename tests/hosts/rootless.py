# SPDX-License-Identifier: Apache-2.0
"""A Debian host with systemd and podman on which an ordinary user runs services, as a container."""

from __future__ import annotations

from pathlib import Path

from .podman import PODMAN, RIGHTS
from .systemd import Image

USER, USER_ID = "ada", 1000
# A container of an ordinary user has a /proc of its own, which the kernel gives only where all of /proc can be seen.
# The user's networks need the device, and overlayfs a volume for the user's images.
ROOTLESS_RIGHTS = (*RIGHTS, "--security-opt=systempaths=unconfined", "--device=/dev/net/tun", "--volume=/home")
ROOTLESS = Image(
    "rgwkit-test/rootless-host:bookworm", Path(__file__).parent / "rootless_image.yml", rights=ROOTLESS_RIGHTS
)
# What a login of the user has.
LOGIN = {"XDG_RUNTIME_DIR": f"/run/user/{USER_ID}", "HOME": f"/home/{USER}", "USER": USER}
__all__ = ["LOGIN", "PODMAN", "ROOTLESS", "USER", "USER_ID"]
