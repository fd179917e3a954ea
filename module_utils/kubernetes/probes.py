# SPDX-License-Identifier: Apache-2.0
"""How the kubelet finds out whether a registry starts, lives and can serve.

A registry answers / with 200 without a login, and with 503 while a health check fails (distribution 2.8, registry.go).
The pod then leaves the Service. Killing the pod would mend no gateway, and a registry that starts without its gateway
panics, so that liveness asks for the listener only.
"""

from __future__ import annotations

from typing import Any, Dict

# The name of the container's port.
PORT = "registry"
_SECONDS_TO_START = 60


def probes(tls: bool) -> Dict[str, Any]:
    """The three probes of the container."""
    listens = {"tcpSocket": {"port": PORT}}
    healthy = {"httpGet": {"path": "/", "port": PORT, "scheme": "HTTPS" if tls else "HTTP"}}
    return {
        "startupProbe": {**listens, "periodSeconds": 1, "failureThreshold": _SECONDS_TO_START},
        "readinessProbe": {**healthy, "periodSeconds": 5, "timeoutSeconds": 5, "failureThreshold": 2},
        "livenessProbe": {**listens, "periodSeconds": 10, "timeoutSeconds": 5, "failureThreshold": 3},
    }
