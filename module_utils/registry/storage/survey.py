# SPDX-License-Identifier: Apache-2.0
"""What a registry has in its bucket: blobs, manifests, tags, and which refers to which."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Callable, Iterable, Sequence, TypeVar

from ...base.parallel import work_through
from ...s3.bucket import S3Bucket
from .layout import (
    FOLDER,
    Names,
    blob_in,
    blob_key,
    layer_in,
    link_target,
    names_in,
    revision_in,
    tag_in,
    tag_key,
)

Item = TypeVar("Item")
Result = TypeVar("Result")


@dataclass
class Survey:
    """blobs: digest to bytes as listed; tags: (repository, tag) to the digest in its link, None for no digest.

    revisions: the manifests of each repository, as (repository, digest); layers: what is no manifest, the same. The
    garbage collector leaves links of layers that lead nowhere.
    """

    blobs: dict[str, int] = field(default_factory=dict)
    revisions: set[tuple[str, str]] = field(default_factory=set)
    layers: set[tuple[str, str]] = field(default_factory=set)
    tags: dict[tuple[str, str], str | None] = field(default_factory=dict)

    @property
    def repositories(self) -> int:
        """How many repositories have a manifest."""
        return len({repository for repository, _digest in self.revisions})


@dataclass
class Manifests:
    """What is reached from some manifests: each one's names, and those that are none, with what is wrong with them."""

    names: dict[str, Names] = field(default_factory=dict)
    broken: dict[str, str] = field(default_factory=dict)

    def digests(self) -> set[str]:
        """Every digest of a manifest, and every digest that one names."""
        named = (digest for found in self.names.values() for digest in (*found.manifests, *found.blobs))
        return {*self.names, *named}


class Storage:
    """A bucket below `prefix`, worked on over several connections at once. All methods raise ToolError."""

    def __init__(self, bucket: S3Bucket, prefix: str, connections: int) -> None:
        self.bucket = bucket
        self.prefix = prefix
        self._clients = [bucket, *(bucket.another() for _number in range(connections - 1))]

    def close(self) -> None:
        """Close the connections."""
        for client in self._clients:
            client.close()

    def each(self, items: Sequence[Item], work: Callable[[S3Bucket, Item], Result]) -> list[Result]:
        """The results of `work` on each item, in their order."""
        done = work_through(self._clients, items, work)
        error = done.first_error()
        if error:
            raise error
        return [done.results[index] for index in range(len(items))]

    def survey(self) -> Survey:
        """Walk through all of it, and read the links of the tags."""
        found = Survey()
        tags = []
        start = len(self.prefix) + len(FOLDER)
        for entry in self.bucket.entries(self.prefix + FOLDER):
            place = entry.key[start:]
            digest = blob_in(place)
            if digest:
                found.blobs[digest] = entry.size
                continue
            revision, layer, tag = revision_in(place), layer_in(place), tag_in(place)
            if revision:
                found.revisions.add(revision)
            elif layer:
                found.layers.add(layer)
            elif tag:
                tags.append(tag)
        found.tags = dict(zip(tags, self.each(tags, self._tag)))
        return found

    def manifests(self, survey: Survey, roots: Iterable[str]) -> Manifests:
        """The manifests with the digests `roots`, those that they name, and so on, as far as they are there."""
        found = Manifests()
        todo = {digest for digest in roots if digest in survey.blobs}
        while todo:
            digests = sorted(todo)
            todo = set()
            for digest, read in zip(digests, self.each(digests, self._names)):
                if isinstance(read, Names):
                    found.names[digest] = read
                    todo.update(name for name in read.manifests if name in survey.blobs)
                else:
                    found.broken[digest] = read
            todo -= {*found.names, *found.broken}
        return found

    def blob_sizes(self, digests: Sequence[str]) -> list[int]:
        """Bytes of each blob, those of its segments included."""
        return self.each(digests, lambda bucket, digest: bucket.size(self.key(digest)))

    def key(self, digest: str) -> str:
        """Where a blob is in the bucket."""
        return self.prefix + blob_key(digest)

    def blob_digest(self, bucket: S3Bucket, digest: str, size: int) -> str:
        """The digest that the content of a blob has."""
        return bucket.digest(self.key(digest), digest.partition(":")[0], size)

    def _tag(self, bucket: S3Bucket, tag: tuple[str, str]) -> str | None:
        return link_target(bucket.read(self.prefix + tag_key(*tag)) or b"")

    def _names(self, bucket: S3Bucket, digest: str) -> Names | str:
        try:
            return names_in(bucket.read(self.key(digest)) or b"")
        except ValueError as error:
            return f"no manifest: {error}"
