# SPDX-License-Identifier: Apache-2.0
"""Images on this host, of docker or of podman."""

from __future__ import annotations

from typing import Any, Dict, Iterable, Mapping, Optional, Protocol

from .docker.client import connect
from .podman_images import PodmanImages
from .program import SECONDS

__all__ = ["Images", "connect_images", "image_id"]


class Images(Protocol):
    """What docker and podman do with images, each method as in the class Docker."""

    def image(self, name: str) -> Optional[Dict[str, Any]]:
        """What is known of an image; None without one."""

    def offered(self, name: str) -> Any:
        """Read what its registry has of an image; raises ToolError where the image cannot be pulled."""

    def import_image(self, tar: Iterable[bytes], name: str = "", labels: Optional[Mapping[str, str]] = None) -> str:
        """Make an image of a file system; its ID."""

    def tag_image(self, image: str, name: str) -> None:
        """Give an image a name with a tag."""

    def remove_image(self, name: str, force: bool = False) -> None:
        """Remove an image."""

    def hold_image(self, image: Mapping[str, Any], name: str) -> str:
        """Create a container that is never started, to read files of the image; its ID."""

    def read_file(self, container: str, path: str) -> Optional[bytes]:
        """A file of such a container; None without one."""

    def release_image(self, container: str) -> None:
        """Remove such a container."""

    def maps_users(self) -> bool:
        """Whether a user of a container has another id on the host."""


def connect_images(runtime: str, timeout: float = SECONDS) -> Images:
    """The images of docker or podman. timeout: seconds that one call may take. Raises InputError and ToolError."""
    return PodmanImages(timeout) if runtime == "podman" else connect(timeout)


def image_id(name: str, runtime: str) -> str:
    """The ID of an image, empty without one. runtime: docker or podman. Raises InputError and ToolError."""
    found = connect_images(runtime).image(name)
    return str(found["Id"]) if found else ""
