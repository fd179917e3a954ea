# SPDX-License-Identifier: Apache-2.0
"""Whether an image on a host is the one that the role container_image is to create, and how old it is."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import datetime, timezone
from typing import Any

from .debian_image import MADE_LABEL, RECIPE_LABEL
from .wheels import pip_options

_LAYER_LABEL = "io.rgwkit.layer"
_MANAGED_LABEL = "io.rgwkit.managed"
# What podman puts before the name of an image that has no registry, and into the digests of an image from none.
_NO_REGISTRY = "localhost/"


class ContainerImage:
    """An image on one host.

    role: the variables of the role container_image, without prefix. found: container_image_info of the image and of its
    base. layer: the files of the layer, as the module find lists them. renew: whether to get a newer image. now: the
    time, in UTC. requirements: content of the list of Python packages, empty without one. machine: as uname -m says it.
    """

    def __init__(
        self,
        role: Mapping[str, Any],
        found: Mapping[str, Any],
        layer: Mapping[str, Any],
        renew: bool,
        now: datetime | None = None,
        requirements: bytes = b"",
        machine: str = "",
    ) -> None:
        self._role, self._found, self._layer, self._renew = role, found, layer, renew
        self._requirements, self._machine = requirements, machine
        self._now = now or datetime.now(timezone.utc)

    @property
    def base(self) -> str:
        """Name of the image below the layer, where this host makes it."""
        name: str = self._role["name"]
        return name.replace(":", "-base:")

    @property
    def wanted(self) -> dict[str, str]:
        """The image as one of the `images` of the module host_preflight."""
        return {name: str(self._role[name]) for name in ("name", "source", "pull")}

    @property
    def state(self) -> dict[str, Any]:
        """What has to be done.

        needed: whether the image is absent or has another layer. renewable: whether to look for a newer image. way: how
        to get the image (pull, build or bootstrap). layer: digest of the layer's files. said: what to report about an
        image that stays. old: in which way the image that is present is old, empty if it is not.
        """
        return {
            "needed": self._needed(),
            "renewable": self._renewable(),
            "way": self._way(),
            "layer": self._layer_digest(),
            "said": self._said(),
            "old": self._old(),
        }

    @property
    def own(self) -> list[str]:
        """Names of the image and of its base, as far as they are present and made by this toolkit."""
        return [name for name in (self._role["name"], self.base) if _MANAGED_LABEL in _labels(self._named(name))]

    @property
    def pip_options(self) -> list[str]:
        """Options of pip for packages that run in the image. Raises InputError for a suite without a known Python."""
        return pip_options(self._role["suite"], self._machine)

    def _image(self) -> Mapping[str, Any]:
        """The image as docker or podman has it, empty if absent."""
        return self._named(self._role["name"])

    def _labels(self) -> Mapping[str, str]:
        return _labels(self._image())

    def _layer_digest(self) -> str:
        """Digest of the layer's files and Python packages: a change in any of them changes the image."""
        files = sorted(self._layer.get("files", []), key=lambda file: file["path"].lower())
        checksums = "".join(file["checksum"] for file in files).encode()
        return hashlib.sha256(checksums + self._requirements).hexdigest()

    def _needed(self) -> bool:
        """An image without our label was created elsewhere: it is used as it is."""
        digest = self._layer_digest()
        return not self._image() or self._labels().get(_LAYER_LABEL, digest) != digest

    def _renewable(self) -> bool:
        """An image that is present is renewed, too, unless it neither has our label nor came from a registry."""
        return self._renew and (_MANAGED_LABEL in self._labels() or self._has_registry())

    def _has_registry(self) -> bool:
        """Whether the image came from a registry. Docker has no digests for others."""
        return any(not digest.startswith(_NO_REGISTRY) for digest in self._image().get("RepoDigests") or [])

    def _way(self) -> str:
        if self._role["source"] != "auto":
            return str(self._role["source"])
        # If an earlier run bootstrapped the base image here, skip the attempt to pull.
        return "bootstrap" if self._named(self.base) or not self._role["pull"] else "pull"

    def _said(self) -> str:
        if self._renewable():
            return "already there, and nothing newer is available"
        return "already there, created elsewhere and therefore not renewed" if self._renew else "already there"

    def _old(self) -> str:
        days = int(self._role["max_age"] or 0)
        if days == 0:
            return ""
        # An image with a recipe but no date was created before the toolkit installed security updates.
        if RECIPE_LABEL in self._labels() and MADE_LABEL not in self._labels():
            return "was created without the security updates of Debian"
        # The date of the image's content: a layer that was built later does not make the content newer.
        date = self._labels().get(MADE_LABEL) or self._image().get("Created") or ""
        # Some builders date all images 1970.
        if not date.startswith("20"):
            return ""
        made = datetime.strptime(date[:19], "%Y-%m-%dT%H:%M:%S").replace(tzinfo=timezone.utc)
        if (self._now - made).days <= days:
            return ""
        return f"is from {date[:10]} and older than {days} days (container_image_max_age)"

    def _named(self, name: str) -> Mapping[str, Any]:
        """The image that was found by a name, empty if none was."""
        names = {name, _NO_REGISTRY + name}
        return next((one for one in self._found["images"] if names & set(one.get("RepoTags") or [])), {})


def _labels(image: Mapping[str, Any]) -> Mapping[str, str]:
    return (image.get("Config") or {}).get("Labels") or {}
