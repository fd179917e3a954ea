# SPDX-License-Identifier: Apache-2.0
"""Many images that share layers, as builds make them: pushed at once, pulled again and again, every digest compared."""

from __future__ import annotations

import hashlib
import itertools
import json
import random
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Iterator

import requests
from ansible_collections.rgwkit.ceph.plugins.module_utils.registry.api.client import OciRegistry
from ansible_collections.rgwkit.ceph.plugins.module_utils.registry.api.content import (
    MANIFEST_TYPE,
    Blob,
    Document,
    Image,
)

from tests.background import in_background

# How long a registry may be away while it restarts: docker tries that often, too.
AWAY_SECONDS = 30
TIMEOUT_SECONDS = 120


@dataclass(frozen=True)
class ImageSet:
    """`tags` images in each of `repositories`; `bases` of a repository are what they are made of, in turn."""

    repositories: int
    tags: int
    bases: int
    small: int = 3000
    # Above the chunk size: stored in two segments.
    large: int = 1024 * 1024 + 4096
    seed: str = "set"

    def base(self, repository: int, number: int) -> Image:
        sizes = [self.small + number, self.large if number == 0 else self.small]
        return Image(f"{self.seed}/{repository}/{number}", sizes)

    def manifest(self, repository: int, tag: int, base: Image) -> Document:
        """A manifest of its own for each tag, of a base's layers."""
        annotations = {"org.opencontainers.image.version": f"{repository}.{tag}"}
        return Document(MANIFEST_TYPE, {**json.loads(base.manifest.content), "annotations": annotations})

    def push(self, url: str, workers: int = 6) -> dict[tuple[str, str], list[Blob]]:
        """Push all of it; the manifest, the configuration and the layers of each (repository, tag)."""
        pushed: dict[tuple[str, str], list[Blob]] = {}

        def push_repository(repository: int) -> None:
            registry, name = OciRegistry(url), f"team{repository % 3}/app{repository}"
            registry.begin(TIMEOUT_SECONDS)
            bases = [self.base(repository, number) for number in range(self.bases)]
            for blob in itertools.chain.from_iterable(base.blobs for base in bases):
                registry.begin(TIMEOUT_SECONDS)
                registry.push(name, blob)
            for tag in range(self.tags):
                registry.begin(TIMEOUT_SECONDS)
                base = bases[tag % self.bases]
                manifest = self.manifest(repository, tag, base)
                registry.put_manifest(name, f"v{tag}", manifest)
                pushed[name, f"v{tag}"] = [manifest, *base.blobs]
            registry.close()

        with ThreadPoolExecutor(workers) as threads:
            for done in [threads.submit(push_repository, number) for number in range(self.repositories)]:
                done.result()
        return pushed


@dataclass
class Reader:
    """What a client has pulled so far. `away` are the times in seconds for which it could not connect."""

    pulls: int = 0
    failures: list[str] = field(default_factory=list)
    away: list[float] = field(default_factory=list)


@contextmanager
def reading(url: str, images: dict[tuple[str, str], list[Blob]]) -> Iterator[Reader]:
    """Pull images at random until the block ends."""
    reader = Reader()

    def work(_number: int, stop: threading.Event) -> None:
        names = sorted(images)
        choose = random.Random(7)
        with requests.Session() as session:
            while not stop.wait(0.01):
                name = choose.choice(names)
                faults = pull_faults(session, url, name, images[name], reader.away)
                reader.failures += faults
                reader.pulls += not faults

    with in_background(work):
        yield reader


def pull_faults(
    session: requests.Session,
    url: str,
    name: tuple[str, str],
    parts: list[Blob],
    away: list[float] | None = None,
) -> list[str]:
    """What is wrong with an image as the registry gives it."""
    repository, tag = name
    manifest, *blobs = parts
    paths = [f"manifests/{tag}", *(f"blobs/{blob.digest}" for blob in blobs)]
    faults = []
    for path, part in zip(paths, (manifest, *blobs)):
        status, digest = _get(session, f"{url}/v2/{repository}/{path}", away if away is not None else [])
        if (status, digest) != (200, part.digest):
            faults.append(f"{repository}:{tag} {path}: {status} {digest}")
    return faults


def all_faults(url: str, images: dict[tuple[str, str], list[Blob]]) -> list[str]:
    """What is wrong with any of the images; a blob that several share is pulled once for each repository."""
    seen: set[tuple[str, str]] = set()
    faults = []
    with requests.Session() as session:
        for (repository, tag), parts in images.items():
            new = [part for part in parts[1:] if (repository, part.digest) not in seen]
            seen.update((repository, part.digest) for part in new)
            faults += pull_faults(session, url, (repository, tag), [parts[0], *new])
    return faults


def _get(session: requests.Session, url: str, away: list[float]) -> tuple[int, str]:
    """Status and digest of what comes, 0 where less comes than was said; a registry that restarts is waited for."""
    began = time.monotonic()
    for attempt in itertools.count():
        try:
            answer = session.get(url, headers={"Accept": MANIFEST_TYPE}, timeout=TIMEOUT_SECONDS)
        except requests.exceptions.ChunkedEncodingError:
            return 0, "cut off"
        except requests.ConnectionError:
            if time.monotonic() - began > AWAY_SECONDS:
                raise
            time.sleep(0.05)
            continue
        if attempt:
            away.append(time.monotonic() - began)
        break
    return answer.status_code, f"sha256:{hashlib.sha256(answer.content).hexdigest()}"
