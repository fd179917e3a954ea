# SPDX-License-Identifier: Apache-2.0
"""The objects that the chart docker-registry expects to exist: certificates, authorities, and further secrets."""

from __future__ import annotations

from typing import List, Tuple

from .chart_secrets import other_variables
from .objects import Object, config_map, metadata, namespace, secret
from .pod_registry import AUTHORITIES, CERTIFICATE, KEY, PodRegistry

# The chart's own ConfigMap takes the registry's folder.
AUTHORITIES_FOLDER = "/etc/ssl/gateway"
_TLS = "kubernetes.io/tls"


def tls_name(registry: PodRegistry) -> str:
    """The Secret with the registry's certificate and key."""
    return f"{registry.name}-tls"


def variables_name(registry: PodRegistry) -> str:
    """The Secret with the variables that the chart has no values for."""
    return f"{registry.name}-variables"


def authorities_name(registry: PodRegistry) -> str:
    """The ConfigMap with the authorities that signed the gateway's certificate."""
    return f"{registry.name}-gateway-ca"


def objects(registry: PodRegistry) -> Tuple[List[Object], List[Object]]:
    """The public ones and the secret ones."""
    public = [namespace(registry.namespace, registry.home)] if registry.create_namespace else []
    if AUTHORITIES in registry.files:
        authorities = {AUTHORITIES: registry.files[AUTHORITIES]}
        public.append(config_map(_meta(registry, authorities_name(registry)), authorities))
    private = []
    if registry.tls:
        pair = {"tls.crt": registry.files[CERTIFICATE], "tls.key": registry.files[KEY]}
        private.append(secret(_meta(registry, tls_name(registry)), pair, _TLS))
    variables = other_variables(registry)
    if variables:
        private.append(secret(_meta(registry, variables_name(registry)), variables))
    return public, private


def _meta(registry: PodRegistry, name: str) -> Object:
    return metadata(name, registry.namespace, registry.home, {"app.kubernetes.io/instance": registry.name})
