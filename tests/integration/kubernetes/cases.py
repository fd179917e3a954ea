# SPDX-License-Identifier: Apache-2.0
"""Registries of each kind, and the files that are rendered of them."""

from __future__ import annotations

from pathlib import Path
from typing import Iterable

from ansible_collections.rgwkit.ceph.plugins.module_utils.kubernetes.pod_registry import PodRegistry
from ansible_collections.rgwkit.ceph.plugins.module_utils.kubernetes.rendered import Rendered

from tests.unit.kubernetes.registries import ON_S3, ON_SWIFT, pod_registry, with_all

# By name: the chart's major version, and the registry.
REGISTRIES: dict[str, tuple[str, PodRegistry]] = {
    "swift": ("2", pod_registry(environment={"NO_PROXY": "rgw.example"})),
    "s3": ("2", pod_registry(ON_S3, replicas=3, resources={"limits": {"memory": "1Gi", "cpu": 1}})),
    "s3-of-3": ("3", pod_registry({**ON_S3, "version": "3.1"})),
    "all": ("2", with_all()),
    "bare": ("2", pod_registry({**ON_SWIFT, "cache": "none", "health": {}}, create_namespace=False)),
    "memory": ("2", pod_registry({"storage": "inmemory"})),
}


def write(folder: Path, files: Iterable[Rendered]) -> Path:
    """The files in a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for file in files:
        (folder / file.name).write_text(file.text)
    return folder
