# SPDX-License-Identifier: Apache-2.0
"""Kubernetes objects that several files of this room consist of (API v1 of Kubernetes 1.30 to 1.37)."""

from __future__ import annotations

from base64 import b64encode
from typing import Any, Dict, Mapping

from ..registry.config.render import Literal

Object = Dict[str, Any]
# What docker's label of that name says: the inventory that something belongs to.
HOME = "io.rgwkit.home"
MANAGER = "rgwkit"


def metadata(name: str, namespace: str, home: str, labels: Mapping[str, str] | None = None) -> Object:
    """Name and namespace, with the mark of the toolkit and its inventory (an annotation, as a home may be a path)."""
    return {
        "name": name,
        **({"namespace": namespace} if namespace else {}),
        "labels": {**(labels or {}), "app.kubernetes.io/managed-by": MANAGER},
        "annotations": {HOME: home},
    }


def secret(meta: Mapping[str, Any], values: Mapping[str, str], kind: str = "Opaque") -> Object:
    """A Secret. In base64, since `kubectl apply` does not remove what has gone from stringData."""
    data = {name: b64encode(value.encode()).decode() for name, value in sorted(values.items())}
    return {"apiVersion": "v1", "kind": "Secret", "metadata": meta, "type": kind, "data": data}


def config_map(meta: Mapping[str, Any], files: Mapping[str, str]) -> Object:
    """A ConfigMap with files, readable line by line."""
    data = {name: Literal(text) for name, text in sorted(files.items())}
    return {"apiVersion": "v1", "kind": "ConfigMap", "metadata": meta, "data": data}


def namespace(name: str, home: str) -> Object:
    """A namespace in which Kubernetes refuses pods that are not restricted (Pod Security Standards)."""
    labels = {"pod-security.kubernetes.io/enforce": "restricted"}
    return {"apiVersion": "v1", "kind": "Namespace", "metadata": metadata(name, "", home, labels)}
