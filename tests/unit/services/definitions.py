# SPDX-License-Identifier: Apache-2.0
"""A service of the tests."""

from __future__ import annotations

from typing import Any

GIVEN: dict[str, Any] = {
    "name": "hub",
    "runtime": "docker",
    "home": "/inventory",
    "description": "Registry (hub)",
    "role": "registry",
    "labels": {"io.rgwkit.home": "/inventory", "io.rgwkit.registry": "hub"},
    "image": "registry:2",
    "entrypoint": ["registry"],
    "command": ["serve", "/etc/config.yml"],
    "environment": {"SSL_CERT_FILE": "/ca.pem"},
    "user": "65532:65532",
    "mounts": [{"source": "/etc/hub", "target": "/etc/registry", "read_only": True}],
    "tmpfs": ["/tmp"],
    "capabilities": ["NET_BIND_SERVICE"],
    "properties": ["Type=notify", "User=65532", "KillMode=mixed"],
    "folder": "/etc/hub",
    "variable": "registry_name",
    "record": {"path": "/etc/hub/loaded", "files": ["/etc/hub/config.yml"]},
}


def given(**changes: Any) -> dict[str, Any]:
    """The definition of the service, with these values."""
    return {**GIVEN, **changes}
