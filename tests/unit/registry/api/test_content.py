# SPDX-License-Identifier: Apache-2.0
"""The synthetic image: any part of a blob is the same bytes, and the documents name what is there."""

from __future__ import annotations

import hashlib
import json

import pytest
from ansible_collections.rgwkit.ceph.plugins.module_utils.registry.api.content import BLOCK_BYTES, Blob, Image

SIZE = 2 * BLOCK_BYTES + 7


@pytest.mark.parametrize("start", [0, 1, BLOCK_BYTES - 1, BLOCK_BYTES, BLOCK_BYTES + 1, SIZE - 1, SIZE])
@pytest.mark.parametrize("end", [SIZE, SIZE - 1, BLOCK_BYTES + 1])
def test_any_range_is_part_of_the_whole(start: int, end: int) -> None:
    blob = Blob("seed", SIZE)
    whole = b"".join(blob.blocks())
    assert len(whole) == SIZE
    assert b"".join(blob.blocks(start, end)) == whole[start:end]
    assert blob.digest == f"sha256:{hashlib.sha256(whole).hexdigest()}"


def test_content_follows_from_the_seed_alone() -> None:
    assert Blob("seed", SIZE).digest == Blob("seed", SIZE).digest != Blob("other", SIZE).digest
    first, second = list(Blob("seed", 2 * BLOCK_BYTES).blocks())
    assert first != second


def test_the_documents_name_what_is_there() -> None:
    image = Image("seed", [1, 1000])
    config, *layers = image.blobs
    manifest = json.loads(image.manifest.content)
    assert [layer["digest"] for layer in manifest["layers"]] == [layer.digest for layer in layers]
    assert [layer["size"] for layer in manifest["layers"]] == [1, 1000]
    assert manifest["config"]["digest"] == config.digest
    assert json.loads(image.index.content)["manifests"][0]["digest"] == image.manifest.digest
    assert len({blob.digest for blob in image.blobs}) == 3


@pytest.mark.parametrize("sizes", [[], [0], [1, -1]])
def test_an_empty_layer_is_refused(sizes: list[int]) -> None:
    with pytest.raises(ValueError, match="one byte at least"):
        Image("seed", sizes)
