# SPDX-License-Identifier: Apache-2.0
"""What the steps of a registry's proof share: the registries, the image, and what is theirs and has to go again."""

from __future__ import annotations

from typing import Sequence

from ..api.client import OciRegistry
from ..api.content import Blob, Image
from ..redirect.proof import RedirectProof

PREFIX = "rgwkit-probe-"


class ProbeSession:
    """`registries` are replicas of one registry, `first` the one that most steps talk to, `others` the rest.

    `redirects` follows the registry's redirects as clients do. `existing` is REPOSITORY:TAG of an image that the
    registries have besides, empty for none.
    All that is stored is in two repositories below a name of the session's own; `pushed` lists it.
    """

    def __init__(
        self, registries: Sequence[OciRegistry], image: Image, redirects: RedirectProof, existing: str = ""
    ) -> None:
        self.registries = registries
        self.first, *self.others = registries
        self.image = image
        self.redirects = redirects
        self.existing = existing
        self.name = PREFIX + image.seed
        self.image_repository = f"{self.name}/image"
        self.other_repository = f"{self.name}/other"
        self.pushed: list[tuple[str, Blob]] = []
        self.bytes = 0

    def begin(self, seconds: float) -> None:
        """Give what follows `seconds` in all, and count its bytes from 0."""
        self.bytes = 0
        self.redirects.begin(seconds)
        for registry in self.registries:
            registry.begin(seconds)

    def new_blob(self, name: str, size: int) -> Blob:
        """A blob that no registry has yet."""
        return Blob(f"{self.image.seed}/{name}", size)

    def remember(self, repository: str, blob: Blob) -> None:
        """Note that `repository` has a blob or manifest."""
        self.pushed.append((repository, blob))

    def remove(self) -> bool:
        """Delete what was pushed, last first; False if the registry deletes nothing. Raises Finding."""
        while self.pushed:
            if not self.first.delete(*self.pushed[-1]):
                return False
            self.pushed.pop()
        return True

    def close(self) -> None:
        """Close all connections."""
        for registry in self.registries:
            registry.close()
