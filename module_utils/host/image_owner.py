# SPDX-License-Identifier: Apache-2.0
"""Who runs in an image, read from the image itself: nothing of it is started."""

from __future__ import annotations

import secrets
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any, Dict, Iterator, Mapping, Optional, Tuple

from ..base.errors import InputError, ToolError
from .image_user import User, resolve
from .images import Images

__all__ = ["ImageOwner", "Owners", "no_image"]

_PASSWD, _GROUP = "/etc/passwd", "/etc/group"


@dataclass(frozen=True)
class ImageOwner:
    """image: its name. spec: the user that counts, empty for root. given: whether the caller has named that user."""

    image: str
    spec: str
    given: bool
    user: User

    def as_dict(self) -> Dict[str, Any]:
        """For a module's result."""
        found = self.user
        return {
            "image": self.image,
            "user": self.spec,
            "name": found.name,
            "uid": found.uid,
            "gid": found.gid,
            "groups": list(found.groups),
        }

    @property
    def doubt(self) -> str:
        """Why the owner may be another one than the process that writes; empty without a doubt."""
        if self.given or self.spec:
            return ""
        return (
            f"The image {self.image} names no user, so its first process is root. If the program changes its user, "
            "set user to that user; set user to 0 if it does not"
        )


class Owners:
    """Looks into the images of docker or podman, once into each."""

    def __init__(self, images: Images) -> None:
        self._images = images
        self._files: Dict[str, Tuple[str, str]] = {}

    def owner(self, name: str, user: str = "") -> Optional[ImageOwner]:
        """Who runs in an image. user: the one that the container is run with, empty for the image's own.

        None without such an image. Raises InputError for a user that is not in the image, ToolError.
        """
        image = self._images.image(name)
        if image is None:
            return None
        spec = user or str((image.get("Config") or {}).get("User") or "")
        try:
            return ImageOwner(name, spec, bool(user), resolve(spec, *self._read(image)))
        except InputError as error:
            raise InputError(f"Cannot tell who runs in the image {name}: {error}") from error

    def _read(self, image: Mapping[str, Any]) -> Tuple[str, str]:
        """Both files, empty where the image has none."""
        key = str(image["Id"])
        if key not in self._files:
            with self._held(image) as container:
                found = [self._images.read_file(container, path) or b"" for path in (_PASSWD, _GROUP)]
            self._files[key] = (found[0].decode(errors="replace"), found[1].decode(errors="replace"))
        return self._files[key]

    @contextmanager
    def _held(self, image: Mapping[str, Any]) -> Iterator[str]:
        container = self._images.hold_image(image, f"rgwkit-look-{secrets.token_hex(6)}")
        try:
            yield container
        except BaseException:
            with suppress(ToolError):  # the first error has the cause
                self._images.release_image(container)
            raise
        self._images.release_image(container)


def no_image(name: str, runtime: str) -> ToolError:
    """The error for an image that is not on this host."""
    return ToolError("read", f"image {name}", f"{runtime} has no such image", "Pull or build the image first.")
