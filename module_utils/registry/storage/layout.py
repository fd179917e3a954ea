# SPDX-License-Identifier: Apache-2.0
"""Where a registry keeps what in its storage, and what its manifests name.

Source: distribution 2.8 registry/storage/paths.go, and the same in 3.0; OCI image specification 1.0; Docker image
manifest version 2, schemas 1 and 2.
"""

from __future__ import annotations

import json
import re
from typing import Any, Iterator, NamedTuple

from ...base.remote_json import without_depths
from ...s3.registry_folder import REGISTRY_FOLDER

FOLDER = REGISTRY_FOLDER
# Below its prefix in a container, the swift driver keeps the registry's files here, and their content elsewhere.
SWIFT_FILES = "files"
SWIFT_SEGMENTS = "segments"
# The swift driver cannot store this one, the s3 driver can.
EMPTY_DIGEST = "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"

_DIGEST = r"(?P<algorithm>\w+)/(?:[0-9a-f]{2}/)?(?P<hex>[0-9a-f]{32,128})"
_BLOB = re.compile(rf"blobs/{_DIGEST}/data\Z")
_REVISION = re.compile(rf"repositories/(?P<repository>.+)/_manifests/revisions/{_DIGEST}/link\Z")
_LAYER = re.compile(rf"repositories/(?P<repository>.+)/_layers/{_DIGEST}/link\Z")
_TAG = re.compile(r"repositories/(?P<repository>.+)/_manifests/tags/(?P<tag>[^/]+)/current/link\Z")
_LINK = re.compile(r"(?P<digest>\w+:[0-9a-f]{32,128})\Z")


class Names(NamedTuple):
    """The digests that a manifest names: other manifests, and blobs that are no manifests."""

    manifests: list[str]
    blobs: list[str]


def prefix_of(root: str) -> str:
    """What the keys below the folder `root` of a bucket begin with; `root` is rootdirectory or prefix."""
    return f"{root.strip('/')}/".lstrip("/")


def blob_key(digest: str) -> str:
    """Where a blob is, below the prefix."""
    algorithm, _colon, found = digest.partition(":")
    return f"{FOLDER}blobs/{algorithm}/{found[:2]}/{found}/data"


def tag_key(repository: str, tag: str) -> str:
    """Where the link of a tag is, below the prefix."""
    return f"{FOLDER}repositories/{repository}/_manifests/tags/{tag}/current/link"


def is_upload(key: str) -> bool:
    """Whether the key belongs to an upload that was not finished."""
    return "/_uploads/" in key


def blob_in(key: str) -> str | None:
    """The digest of the blob that is at `key`, which is below FOLDER."""
    found = _BLOB.match(key)
    return f"{found['algorithm']}:{found['hex']}" if found else None


def revision_in(key: str) -> tuple[str, str] | None:
    """Repository and digest of the manifest whose link is at `key`."""
    found = _REVISION.match(key)
    return (found["repository"], f"{found['algorithm']}:{found['hex']}") if found else None


def layer_in(key: str) -> tuple[str, str] | None:
    """Repository and digest of the layer or configuration whose link is at `key`."""
    found = _LAYER.match(key)
    return (found["repository"], f"{found['algorithm']}:{found['hex']}") if found else None


def tag_in(key: str) -> tuple[str, str] | None:
    """Repository and tag whose link is at `key`."""
    found = _TAG.match(key)
    return (found["repository"], found["tag"]) if found else None


def link_target(content: bytes) -> str | None:
    """The digest that a link holds, None where it holds something else."""
    found = _LINK.match(content.decode("latin-1").strip())
    return found["digest"] if found else None


def names_in(content: bytes) -> Names:
    """What a manifest names, at least. Layers with URLs of their own need not be in the registry. Raises ValueError.

    A client may have put in whatever the registry (encoding/json of Go) takes and passes over: members of other forms,
    any depth, bytes that are no UTF-8, numbers of any length. Nothing of that may hide a blob, or be taken for a fault.
    """
    text = without_depths(content.decode("utf-8", "replace"))
    manifest = json.loads(text, object_pairs_hook=_all_values, parse_int=float)
    if not isinstance(manifest, dict):
        raise ValueError("no JSON object")
    blobs = [*_digests(manifest, "config"), *_digests(manifest, "layers"), *_digests(manifest, "fslayers", "blobsum")]
    return Names(list(_digests(manifest, "manifests")), blobs)


def _all_values(members: list[tuple[str, Any]]) -> dict[str, list[Any]]:
    """All values of each name. Go knows a name in any case, and of the same name twice it takes the last one."""
    found: dict[str, list[Any]] = {}
    for name, value in members:
        found.setdefault(name.casefold(), []).append(value)
    return found


def _digests(manifest: dict[str, list[Any]], member: str, name: str = "digest") -> Iterator[str]:
    for value in manifest.get(member, []):
        for descriptor in value if isinstance(value, list) else [value]:
            if isinstance(descriptor, dict) and not descriptor.get("urls", [None])[-1]:
                yield from (text for text in descriptor.get(name, []) if isinstance(text, str) and _LINK.match(text))
