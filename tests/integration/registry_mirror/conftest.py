# SPDX-License-Identifier: Apache-2.0
"""A registry with one image, and real mirrors of it."""

from __future__ import annotations

import secrets
import subprocess
from dataclasses import dataclass
from typing import Any, Callable

import pytest
from ansible_collections.rgwkit.ceph.plugins.module_utils.base.login import Login
from ansible_collections.rgwkit.ceph.plugins.module_utils.registry.api.client import OciRegistry
from ansible_collections.rgwkit.ceph.plugins.module_utils.registry.api.content import Image

from tests.integration.registry_probe.conftest import Registry, Start, certificate, start

__all__ = ["certificate", "start"]

LAYER_BYTES = 300_000
REPOSITORY = "library/rgwkit"


@dataclass(frozen=True)
class Upstream:
    """The registry that is mirrored, its container, and the image that it has."""

    url: str
    container: str
    image: str


def push(url: str, login: Login | None = None) -> str:
    """Give a registry a new image; its name and tag."""
    image, tag = Image(secrets.token_hex(8), [LAYER_BYTES, 1024]), secrets.token_hex(4)
    client = OciRegistry(url, login)
    client.begin(60)
    client.ping()
    for blob in image.blobs:
        client.push(REPOSITORY, blob)
    client.put_manifest(REPOSITORY, tag, image.manifest)
    client.close()
    return f"{REPOSITORY}:{tag}"


@pytest.fixture
def upstream(start: Start) -> Upstream:
    registry = start()
    return Upstream(registry.url, registry.container, push(registry.url))


@pytest.fixture
def mirror(start: Start, upstream: Upstream) -> Callable[..., Registry]:
    """Start a mirror of the upstream, with these sections of its configuration besides."""

    def begin(files: dict[str, bytes] | None = None, **sections: Any) -> Registry:
        return start(files, **{"proxy": {"remoteurl": upstream.url}, **sections})

    return begin


def stop(container: str) -> None:
    subprocess.run(["docker", "stop", "--time=2", container], check=True, capture_output=True)


def log(container: str) -> str:
    done = subprocess.run(["docker", "logs", container], check=True, capture_output=True, text=True)
    return done.stdout + done.stderr
