# SPDX-License-Identifier: Apache-2.0
"""What a registry in a pod gets: its file, and the environment that overrules the file.

The linter judges the two together, as the registry does.
"""

from __future__ import annotations

from typing import Any, Dict, List, Mapping, NamedTuple

from ..base.findings import Finding
from ..registry.config.lint import lint
from ..registry.config.render import dump
from .chart import DEFAULT_CONFIG, STORAGE_KEYS, as_variable, config_data
from .chart_objects import AUTHORITIES_FOLDER
from .chart_secrets import other_variables, secret_values
from .pod_registry import HTPASSWD, PodRegistry


class Effective(NamedTuple):
    """config: data of config.yml. environment: of the registry's process, secrets included."""

    config: Mapping[str, Any]
    environment: Mapping[str, str]

    def findings(self, version: str) -> List[Finding]:
        """What is wrong with both together; a finding has no line, since nobody has seen the file."""
        found = lint(dump(self.config), version, environment=self.environment)
        return [finding._replace(line=0, column=0) for finding in found]


def of_manifests(registry: PodRegistry) -> Effective:
    """That of the pod of the plain manifests."""
    return Effective(registry.config, {**registry.plain_variables(), **registry.secret_variables})


def of_chart(registry: PodRegistry) -> Effective:
    """That of the chart's pod: values over the chart's own, and the variables of its templates/_helpers.tpl."""
    environment = {
        **_links(registry),
        **_from_values(registry),
        **registry.plain_variables(AUTHORITIES_FOLDER),
        **other_variables(registry),
    }
    return Effective(coalesced(DEFAULT_CONFIG, config_data(registry)), environment)


def coalesced(defaults: Mapping[str, Any], given: Mapping[str, Any]) -> Dict[str, Any]:
    """Helm's way to lay values over those of a chart: mappings are merged, and null removes a key."""
    result: Dict[str, Any] = {name: value for name, value in defaults.items() if name not in given}
    for name, value in given.items():
        below = defaults.get(name)
        if isinstance(value, Mapping) and isinstance(below, Mapping):
            result[name] = coalesced(below, value)
        elif value is not None:
            result[name] = value
    return result


def _from_values(registry: PodRegistry) -> Dict[str, str]:
    secrets = secret_values(registry)["secrets"]
    variables = {"REGISTRY_HTTP_SECRET": secrets["haSharedSecret"]}
    if HTPASSWD in registry.files:
        variables["REGISTRY_AUTH"] = "htpasswd"
        variables["REGISTRY_AUTH_HTPASSWD_REALM"] = "Registry Realm"
        variables["REGISTRY_AUTH_HTPASSWD_PATH"] = "/auth/htpasswd"
    if registry.tls:
        variables["REGISTRY_HTTP_TLS_CERTIFICATE"] = "/etc/ssl/docker/tls.crt"
        variables["REGISTRY_HTTP_TLS_KEY"] = "/etc/ssl/docker/tls.key"
    prefix = f"REGISTRY_STORAGE_{registry.storage.upper()}"
    public = {key: as_variable(str(registry.driver[key])) for key in STORAGE_KEYS.get(registry.storage, ())}
    given = {**public, **secrets.get(registry.storage, {})}
    return {**variables, **{f"{prefix}_{key.upper()}": value for key, value in given.items()}}


def _links(registry: PodRegistry) -> Dict[str, str]:
    """The variables by which Kubernetes tells a pod of the Service, as the chart does not turn them off.

    Those of a Service named registry, or registry-SOMETHING, are settings to a registry. Source: Kubernetes, "Service",
    environment variables.
    """
    name, port = registry.name.upper().replace("-", "_"), registry.port
    address = "10.0.0.1"
    each = {
        "SERVICE_HOST": address,
        "SERVICE_PORT": str(port),
        "PORT": f"tcp://{address}:{port}",
        f"PORT_{port}_TCP": f"tcp://{address}:{port}",
        f"PORT_{port}_TCP_PROTO": "tcp",
        f"PORT_{port}_TCP_PORT": str(port),
        f"PORT_{port}_TCP_ADDR": address,
    }
    return {f"{name}_{word}": value for word, value in each.items()}
