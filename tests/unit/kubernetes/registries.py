# SPDX-License-Identifier: Apache-2.0
"""Registries in pods from the defaults of role `registry`, and from what a test changes."""

from __future__ import annotations

from typing import Any

from ansible_collections.rgwkit.ceph.plugins.module_utils.kubernetes.pod_registry import (
    AUTHORITIES,
    CERTIFICATE,
    HTPASSWD,
    KEY,
    PodRegistry,
)
from ansible_collections.rgwkit.ceph.plugins.module_utils.registry.config.sections import registry_sections

from tests.unit.registry.variables import DEFAULTS, TLS

PEM = "-----BEGIN {0}-----\nMIIB\n-----END {0}-----\n"
ENTRY = "ci:$2y$05$Iw2sTZmFCHYDrT0XHdgOZuSx8lmFsVjWvxQFQBjR0vKcEvK7hnc9y\n"
# Digits, which YAML would read as a number.
SECRETS = {"swift": {"storage.swift.password": "0123456789"}, "s3": {"storage.s3.secretkey": "9876543210"}}
SHARED = "5b1c" * 16
ON_SWIFT = {"storage": "swift", "swift_authurl": "http://rgw.example:8080/auth/v1"}
ON_S3 = {"storage": "s3", "s3_regionendpoint": "http://rgw.example:8080", "s3_bucket": "12345"}
WITH_ALL = {
    **ON_SWIFT,
    **TLS,
    "users": [{"name": "ci", "password_file": "/ci"}],
    "cache": "redis",
    "redis": {"addr": "redis:6379"},
    "notifications": {"endpoints": [{"name": "hook", "url": "https://hooks.example/"}]},
}
FILES = {
    CERTIFICATE: PEM.format("CERTIFICATE"),
    KEY: PEM.format("PRIVATE KEY"),
    AUTHORITIES: PEM.format("CERTIFICATE"),
    HTPASSWD: ENTRY,
}
FURTHER_SECRETS = {"redis.password": "0777", "notifications.endpoints.0.headers.Authorization": "Bearer yes"}


def pod_registry(
    role: dict[str, Any] | None = None,
    secrets: dict[str, str] | None = None,
    files: dict[str, str] | None = None,
    **options: Any,
) -> PodRegistry:
    """role: changed variables, without `registry_`. secrets, options: laid over those of a registry that is fine."""
    given = {**DEFAULTS, "network": "pod", "address": "", **(ON_SWIFT if role is None else role)}
    fine: dict[str, Any] = {
        "name": given["name"],
        "namespace": "registry",
        "home": "/inventories/one",
        "image": "docker.io/library/registry:2.8.3",
        "version": given["version"],
        "uid": 65532,
        "port": 5000,
        "config": registry_sections(given),
        "secrets": {"http.secret": SHARED, **SECRETS.get(given["storage"], {}), **(secrets or {})},
        "files": files or {},
    }
    return PodRegistry(**{**fine, **options})


def with_all(**options: Any) -> PodRegistry:
    """One with TLS, users, authorities of the gateway, and secrets of each kind."""
    return pod_registry(WITH_ALL, FURTHER_SECRETS, FILES, **options)
