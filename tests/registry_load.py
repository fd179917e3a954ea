# SPDX-License-Identifier: Apache-2.0
"""Clients that push to a registry and pull from it, without a break, and count what fails."""

from __future__ import annotations

import hashlib
import json
import secrets
import threading
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Iterator

import requests

from tests.background import in_background

MANIFEST = "application/vnd.docker.distribution.manifest.v2+json"
BLOB_BYTES = 65536


@dataclass
class RegistryLoad:
    """What the clients did so far. pushed: acknowledged pushes, repository and tag -> digest of the layer."""

    url: str
    login: tuple[str, str] | None = field(default=None, repr=False)
    ca_file: str | None = None
    pushed: dict[tuple[str, str], str] = field(default_factory=dict)
    failures: list[str] = field(default_factory=list)

    def lost(self) -> list[str]:
        """Every acknowledged push that cannot be pulled any more."""
        with self.session() as session:
            return [
                f"{name}: {found}"
                for name, digest in self.pushed.items()
                if (found := _pull(session, self.url, *name)) != digest
            ]

    def session(self) -> requests.Session:
        session = requests.Session()
        session.auth = self.login
        session.verify = self.ca_file or True
        # Otherwise REQUESTS_CA_BUNDLE would come first.
        session.trust_env = False
        return session


@contextmanager
def registry_load(
    url: str, login: tuple[str, str] | None = None, clients: int = 2, ca_file: str | None = None
) -> Iterator[RegistryLoad]:
    """Push and pull by the OCI distribution API until the block ends."""
    load = RegistryLoad(url, login, ca_file)

    def work(number: int, stop: threading.Event) -> None:
        with load.session() as session:
            count = 0
            while not stop.is_set():
                name = (f"load/{number}", f"v{count}")
                count += 1
                try:
                    load.pushed[name] = _push(session, url, *name)
                    if _pull(session, url, *name) != load.pushed[name]:
                        load.failures.append(f"{name}: pulled something else")
                except requests.RequestException as error:
                    load.failures.append(f"{name}: {error} {getattr(error.response, 'text', '')}")

    with in_background(work, clients):
        yield load


def _push(session: requests.Session, url: str, repository: str, tag: str) -> str:
    layer = _upload(session, url, repository, secrets.token_bytes(BLOB_BYTES))
    config = _upload(session, url, repository, secrets.token_bytes(64))
    manifest = {
        "schemaVersion": 2,
        "mediaType": MANIFEST,
        "config": {"mediaType": "application/vnd.docker.container.image.v1+json", "size": 64, "digest": config},
        "layers": [
            {
                "mediaType": "application/vnd.docker.image.rootfs.diff.tar.gzip",
                "size": BLOB_BYTES,
                "digest": layer,
            }
        ],
    }
    where = f"{url}/v2/{repository}/manifests/{tag}"
    session.put(where, data=json.dumps(manifest), headers={"Content-Type": MANIFEST}, timeout=60).raise_for_status()
    return layer


def _upload(session: requests.Session, url: str, repository: str, content: bytes) -> str:
    digest = f"sha256:{hashlib.sha256(content).hexdigest()}"
    begun = session.post(f"{url}/v2/{repository}/blobs/uploads/", timeout=60)
    begun.raise_for_status()
    sent = session.patch(
        begun.headers["Location"], data=content, headers={"Content-Type": "application/octet-stream"}, timeout=60
    )
    sent.raise_for_status()
    session.put(sent.headers["Location"], params={"digest": digest}, timeout=60).raise_for_status()
    return digest


def _pull(session: requests.Session, url: str, repository: str, tag: str) -> str:
    """The digest of what the layer's URL gives."""
    manifest = session.get(f"{url}/v2/{repository}/manifests/{tag}", headers={"Accept": MANIFEST}, timeout=60)
    manifest.raise_for_status()
    layer = manifest.json()["layers"][0]["digest"]
    blob = session.get(f"{url}/v2/{repository}/blobs/{layer}", timeout=60)
    blob.raise_for_status()
    return f"sha256:{hashlib.sha256(blob.content).hexdigest()}"
