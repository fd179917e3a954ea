# SPDX-License-Identifier: Apache-2.0
"""A synthetic image: layers that are computed from a seed again and again, so that none is ever held or stored."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Iterator, Protocol, Sequence

from ...base.errors import InputError

BLOCK_BYTES = 256 * 1024

# Media types of the OCI image specification 1.0. Registry 2.7 and 2.8 know them.
MANIFEST_TYPE = "application/vnd.oci.image.manifest.v1+json"
INDEX_TYPE = "application/vnd.oci.image.index.v1+json"
CONFIG_TYPE = "application/vnd.oci.image.config.v1+json"
LAYER_TYPE = "application/vnd.oci.image.layer.v1.tar"
# Those of docker. Without them, registry 2 gives such images in a form of its first version.
DOCKER_MANIFEST_TYPE = "application/vnd.docker.distribution.manifest.v2+json"
DOCKER_INDEX_TYPE = "application/vnd.docker.distribution.manifest.list.v2+json"

_PLATFORM = {"architecture": "amd64", "os": "linux"}


def digest_of(content: bytes) -> str:
    """The digest of `content` as registries write it."""
    return f"sha256:{hashlib.sha256(content).hexdigest()}"


class Described(Protocol):
    """A blob or manifest by what its descriptor says (OCI image specification, "Descriptor")."""

    @property
    def media_type(self) -> str:
        """Its media type."""

    @property
    def size(self) -> int:
        """Its bytes."""

    @property
    def digest(self) -> str:
        """The digest of its bytes."""


@dataclass(frozen=True)
class Descriptor:
    """The descriptor of a blob that a registry has."""

    media_type: str
    size: int
    digest: str

    @classmethod
    def of(cls, given: Any) -> Descriptor:
        """A descriptor of a manifest. Raises ValueError for what is none."""
        try:
            return cls(str(given["mediaType"]), int(given["size"]), str(given["digest"]))
        except (KeyError, TypeError) as error:
            raise ValueError("no descriptor") from error


class Blob:
    """`size` bytes which look random and follow from `seed`; no two blocks of them are the same."""

    media_type = LAYER_TYPE

    def __init__(self, seed: str, size: int) -> None:
        self.size = size
        self._block = hashlib.shake_128(seed.encode()).digest(BLOCK_BYTES)

    @cached_property
    def digest(self) -> str:
        """The digest of all bytes."""
        found = hashlib.sha256()
        for block in self.blocks():
            found.update(block)
        return f"sha256:{found.hexdigest()}"

    def blocks(self, start: int = 0, end: int | None = None) -> Iterator[bytes]:
        """The bytes from `start` up to `end`, or up to the last, in blocks of BLOCK_BYTES at most."""
        end = self.size if end is None else end
        while start < end:
            number, offset = divmod(start, BLOCK_BYTES)
            size = min(BLOCK_BYTES - offset, end - start)
            yield self._numbered(number)[offset : offset + size]
            start += size

    def _numbered(self, number: int) -> bytes:
        # One random block with a number in front is as good as a random one each, and costs next to nothing.
        return number.to_bytes(8, "big") + self._block[8:]


class Document(Blob):
    """JSON of a media type, small enough to be kept."""

    def __init__(self, media_type: str, content: dict[str, Any]) -> None:
        self.media_type = media_type
        self.content = json.dumps(content).encode()
        self.size = len(self.content)

    def blocks(self, start: int = 0, end: int | None = None) -> Iterator[bytes]:
        """The bytes from `start` up to `end`."""
        yield self.content[start:end]


class Image:
    """An image of the OCI image specification, one layer of each of `sizes`, in bytes.

    `blobs` are its configuration and its layers, `manifest` names them, `index` names the manifest. Raises InputError
    without a layer, and for an empty one, which the swift driver of registry 2.8 cannot store.
    """

    def __init__(self, seed: str, sizes: Sequence[int]) -> None:
        if not sizes or min(sizes) < 1:
            raise InputError("an image has one layer at least, and a layer one byte at least")
        self.seed = seed
        layers = [Blob(f"{seed}/{number}", size) for number, size in enumerate(sizes)]
        rootfs = {"type": "layers", "diff_ids": [layer.digest for layer in layers]}
        config = Document(CONFIG_TYPE, {**_PLATFORM, "config": {}, "rootfs": rootfs})
        self.blobs: Sequence[Blob] = [config, *layers]
        self.manifest = _manifest(
            MANIFEST_TYPE, config=_descriptor(config), layers=[_descriptor(layer) for layer in layers]
        )
        self.index = _manifest(INDEX_TYPE, manifests=[{**_descriptor(self.manifest), "platform": _PLATFORM}])


def _manifest(media_type: str, **content: Any) -> Document:
    return Document(media_type, {"schemaVersion": 2, "mediaType": media_type, **content})


def _descriptor(blob: Blob) -> dict[str, Any]:
    return {"mediaType": blob.media_type, "size": blob.size, "digest": blob.digest}
