# SPDX-License-Identifier: Apache-2.0
"""Images in a registry that has users, by the toolkit's own client."""

from __future__ import annotations

from ansible_collections.rgwkit.ceph.plugins.module_utils.base.login import Login
from ansible_collections.rgwkit.ceph.plugins.module_utils.registry.api.client import OciRegistry
from ansible_collections.rgwkit.ceph.plugins.module_utils.registry.api.content import Image

from tests.integration.registry_probe.conftest import PASSWORD, USER, Registry


def push_image(registry: Registry, repository: str, tag: str, *sizes: int, index_tag: str = "") -> Image:
    """Push an image with layers of these sizes, and an index of the image by a tag of its own."""
    image, client = Image(f"{repository}:{tag}", sizes), OciRegistry(registry.url, Login(USER, PASSWORD))
    client.begin(60)
    client.ping()
    for blob in image.blobs:
        client.push(repository, blob)
    client.put_manifest(repository, tag, image.manifest)
    if index_tag:
        client.put_manifest(repository, index_tag, image.index)
    client.close()
    return image
