# SPDX-License-Identifier: Apache-2.0
"""A registry as plain manifests: everything secret is in a file of its own.

The pod meets the restricted profile of the Pod Security Standards (Kubernetes 1.37). `sleep` of preStop needs
Kubernetes 1.30.
"""

from __future__ import annotations

import hashlib
import json
from typing import Any, Dict, List, Mapping

from ..base.secret import Marks, Secret
from ..registry.config.render import dump
from ..registry.config.sections import FOLDER, PORT_ON_A_NETWORK
from .objects import Object, config_map, metadata, namespace, secret
from .pod_registry import AUTHORITIES, CERTIFICATE, PodRegistry
from .probes import PORT, probes
from .rendered import Rendered, rendered

# The Service still sends requests for a moment after the pod was told to stop; then the registry finishes open ones
# for up to 25 s (draintimeout).
_LEAVING_SECONDS, _STOP_SECONDS = 5, 40
MANIFEST_FILES = ("namespace.yaml", "registry.yaml", "secret.yaml")
_PUBLIC = (CERTIFICATE, AUTHORITIES)


def manifests(registry: PodRegistry) -> List[Rendered]:
    """The files, in the order in which kubectl applies those of a folder. Raises InputError."""
    meta = metadata(registry.name, registry.namespace, registry.home, _labels(registry))
    public = {"config.yml": dump(registry.config), **_files(registry, public=True)}
    private = {**registry.secret_variables, **_files(registry, public=False)}
    own = [namespace(registry.namespace, registry.home)] if registry.create_namespace else []
    return [
        *([rendered("namespace.yaml", own)] if own else []),
        rendered(
            "registry.yaml",
            [config_map(meta, public), _deployment(registry, meta, public, private), _service(registry, meta)],
        ),
        rendered("secret.yaml", [secret(meta, private)], secret=True),
    ]


def secrets_mark(registry: PodRegistry) -> str:
    """A text that changes with the secrets, so that pods are replaced. Who has it cannot try passwords on it.

    It is keyed with the secret that signs uploads, which is a random one of 256 bits where the role has made it.
    """
    private = {**registry.secret_variables, **registry.files}
    return Marks(registry.secrets["http.secret"]).mark(Secret(json.dumps(private, sort_keys=True)))


def _labels(registry: PodRegistry) -> Dict[str, str]:
    return {"app.kubernetes.io/name": "docker-registry", "app.kubernetes.io/instance": registry.name}


def _files(registry: PodRegistry, public: bool) -> Dict[str, str]:
    return {name: text for name, text in registry.files.items() if (name in _PUBLIC) is public}


def _deployment(registry: PodRegistry, meta: Object, public: Mapping[str, str], private: Mapping[str, str]) -> Object:
    digest = hashlib.sha256(json.dumps(public, sort_keys=True).encode()).hexdigest()
    changes = {"io.rgwkit/config": digest, "io.rgwkit/secrets": secrets_mark(registry)}
    return {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": meta,
        "spec": {
            "replicas": registry.replicas,
            "selector": {"matchLabels": _labels(registry)},
            "strategy": {"type": "RollingUpdate", "rollingUpdate": {"maxUnavailable": 0, "maxSurge": 1}},
            "template": {
                "metadata": {"labels": meta["labels"], "annotations": changes},
                "spec": _pod(registry, _volume(registry, public)),
            },
        },
    }


def _pod(registry: PodRegistry, volume: Object) -> Object:
    return {
        "automountServiceAccountToken": False,
        # Kubernetes would describe a Service `registry-storage` in REGISTRY_STORAGE_PORT, which the registry would take
        # for a storage driver and not start.
        "enableServiceLinks": False,
        "terminationGracePeriodSeconds": _STOP_SECONDS,
        "securityContext": pod_security(registry.uid),
        "containers": [_container(registry)],
        "volumes": [volume, {"name": "tmp", "emptyDir": {}}],
    }


def pod_security(uid: int) -> Object:
    """Of the pod; the group reads what the volumes hold."""
    return {
        "runAsNonRoot": True,
        "runAsUser": uid,
        "runAsGroup": uid,
        "fsGroup": uid,
        "seccompProfile": {"type": "RuntimeDefault"},
    }


def _container(registry: PodRegistry) -> Object:
    resources = {"resources": registry.resources} if registry.resources else {}
    return {
        "name": "registry",
        "image": registry.image,
        "args": ["serve", f"{FOLDER}/config.yml"],
        "ports": [{"name": PORT, "containerPort": PORT_ON_A_NETWORK}],
        "env": _environment(registry),
        **probes(registry.tls),
        "lifecycle": {"preStop": {"sleep": {"seconds": _LEAVING_SECONDS}}},
        **resources,
        "securityContext": {
            "allowPrivilegeEscalation": False,
            "readOnlyRootFilesystem": True,
            "capabilities": {"drop": ["ALL"]},
        },
        "volumeMounts": [
            {"name": "files", "mountPath": FOLDER, "readOnly": True},
            {"name": "tmp", "mountPath": "/tmp"},  # noqa: S108 -- inside the container
        ],
    }


def _environment(registry: PodRegistry) -> List[Dict[str, Any]]:
    plain = [{"name": name, "value": value} for name, value in sorted(registry.plain_variables().items())]
    return [*plain, *from_secret(registry.secret_variables, registry.name)]


def from_secret(variables: Mapping[str, str], name: str) -> List[Dict[str, Any]]:
    """The variables of a container that come from the Secret's keys of the same names."""
    return [
        {"name": variable, "valueFrom": {"secretKeyRef": {"name": name, "key": variable}}}
        for variable in sorted(variables)
    ]


def _volume(registry: PodRegistry, public: Mapping[str, str]) -> Object:
    """The registry's folder as every runtime of the role shows it, from ConfigMap and Secret."""
    private = _files(registry, public=False)
    sources = [{"configMap": {"name": registry.name, "items": _items(public)}}]
    if private:
        sources.append({"secret": {"name": registry.name, "items": _items(private)}})
    return {"name": "files", "projected": {"defaultMode": 0o440, "sources": sources}}


def _items(files: Mapping[str, str]) -> List[Dict[str, str]]:
    return [{"key": name, "path": name} for name in sorted(files)]


def _service(registry: PodRegistry, meta: Object) -> Object:
    ports = [{"name": "https" if registry.tls else "http", "port": registry.port, "targetPort": PORT}]
    return {
        "apiVersion": "v1",
        "kind": "Service",
        "metadata": meta,
        "spec": {"type": "ClusterIP", "selector": _labels(registry), "ports": ports},
    }
