# SPDX-License-Identifier: Apache-2.0
"""A registry as values of the chart docker-registry (https://helm.twun.io), versions 2.3.0 and 3.0.0.

Source: the chart's values.yaml and templates/_helpers.tpl. Helm lays the values over the chart's own, so that what the
chart sets and the registry's configuration does not has to be taken out with null: the chart's debug server would
otherwise serve profiles to everybody who reaches the pod.
"""

from __future__ import annotations

import re
from typing import Any, Collection, Dict, List, Mapping

from ..base.errors import InputError
from ..registry.config.render import quoted
from ..registry.config.schema import at_least
from ..registry.config.sections import FOLDER, PORT_ON_A_NETWORK, merged
from .chart_objects import AUTHORITIES_FOLDER, authorities_name, objects, tls_name, variables_name
from .chart_secrets import other_variables, secret_values
from .manifests import from_secret, pod_security, secrets_mark
from .pod_registry import AUTHORITIES, HTPASSWD, PodRegistry
from .rendered import Rendered, rendered

CHARTS = ("2", "3")
CHART_FILES = ("objects.yaml", "secret.yaml", "values.yaml", "values-secret.yaml")
# configData of the chart's values.yaml, both versions.
DEFAULT_CONFIG: Dict[str, Any] = {
    "version": "0.1",
    "log": {"fields": {"service": "registry"}},
    "storage": {"cache": {"blobdescriptor": "inmemory"}},
    "http": {
        "addr": f":{PORT_ON_A_NETWORK}",
        "headers": {"X-Content-Type-Options": ["nosniff"]},
        "debug": {"addr": ":5001", "prometheus": {"enabled": False, "path": "/metrics"}},
    },
    "health": {"storagedriver": {"enabled": True, "interval": "10s", "threshold": 3}},
}
STORAGE_KEYS = {"swift": ("authurl", "container"), "s3": ("region", "bucket")}
# A text that YAML reads as itself, without quotes: the chart pastes it into a manifest and the registry reads it again.
_PLAIN = re.compile(r"[A-Za-z][A-Za-z0-9_./-]*(?::[A-Za-z0-9_./-]+)*")
_OTHER_TYPES = frozenset(("y", "n", "yes", "no", "on", "off", "true", "false", "null"))


def chart_files(registry: PodRegistry, chart: str) -> List[Rendered]:
    """The values, the secret values, and the objects that the chart expects to exist. Raises InputError."""
    _check(registry, chart)
    public, private = objects(registry)
    return [
        *([rendered("objects.yaml", public)] if public else []),
        *([rendered("secret.yaml", private, secret=True)] if private else []),
        rendered("values.yaml", [values(registry)]),
        rendered("values-secret.yaml", [secret_values(registry)], secret=True),
    ]


def _check(registry: PodRegistry, chart: str) -> None:
    three = at_least(registry.version, "3.0")
    if registry.storage == "swift" and (chart == "3" or three):
        raise InputError(
            "registry_kubernetes_chart: chart 3 runs registry 3, which has no swift driver. Next: set "
            "registry_kubernetes_chart=2 and registry_version=2.8, or move the images with "
            "playbooks/registry_migrate.yml and set registry_storage=s3"
        )
    if (chart == "3") is not three:
        raise InputError(
            f"registry_kubernetes_chart: chart {chart} runs registry {chart}, and registry_version is "
            f"{registry.version}. Next: set registry_kubernetes_chart={registry.version[0]}"
        )


def values(registry: PodRegistry) -> Dict[str, Any]:
    """The values without secrets."""
    tls = {"tlsSecretName": tls_name(registry)} if registry.tls else {}
    return {
        "fullnameOverride": registry.name,
        "namespace": registry.namespace,
        "replicaCount": registry.replicas,
        "image": _image(registry.image),
        "service": {"port": registry.port},
        "resources": registry.resources,
        "podAnnotations": {"io.rgwkit/secrets": secrets_mark(registry)},
        "securityContext": pod_security(registry.uid),
        "containerSecurityContext": {"runAsUser": registry.uid, "runAsGroup": registry.uid},
        "storage": registry.storage,
        **_storage(registry),
        **tls,
        "configPath": FOLDER,
        "configData": config_data(registry),
        **_extra(registry),
    }


def _image(reference: str) -> Dict[str, str]:
    """The parts between which the chart writes a colon; a digest is read as a tag then."""
    repository, _colon, tag = reference.rpartition(":")
    if not repository or "/" in tag:
        repository, tag = reference, "latest"
    return {"repository": repository, "tag": tag}


def config_data(registry: PodRegistry) -> Dict[str, Any]:
    """The configuration less what the chart sets by variables, and with null for what only the chart has."""
    config = merged(registry.config)
    if HTPASSWD in registry.files:
        config = _less(config, "auth", ("htpasswd",))
    if registry.tls:
        config["http"] = _less(config["http"], "tls", ("certificate", "key"))
    return _without_defaults(config, DEFAULT_CONFIG)


def _less(config: Mapping[str, Any], section: str, names: Collection[str]) -> Dict[str, Any]:
    """The mapping with a section that lacks these names, or without the section if nothing else is in it."""
    rest = {name: part for name, part in config[section].items() if name not in names}
    others = {name: part for name, part in config.items() if name != section}
    return {**others, section: rest} if rest else others


def _without_defaults(wanted: Mapping[str, Any], defaults: Mapping[str, Any]) -> Dict[str, Any]:
    result: Dict[str, Any] = dict(wanted)
    for name, default in defaults.items():
        if name not in wanted:
            result[name] = None
        elif isinstance(default, Mapping) and isinstance(wanted[name], Mapping):
            result[name] = _without_defaults(wanted[name], default)
    return result


def _storage(registry: PodRegistry) -> Dict[str, Any]:
    """What the chart asks for, and sets as variables over the configuration."""
    keys = STORAGE_KEYS.get(registry.storage, ())
    return {registry.storage: {key: pasted(registry.driver[key]) for key in keys}} if keys else {}


def as_variable(text: str) -> str:
    """The text in a variable, whose value a registry reads as YAML: quoted where YAML would read something else."""
    return text if _PLAIN.fullmatch(text) and text.lower() not in _OTHER_TYPES else quoted(text)


def pasted(value: Any) -> str:
    """What the chart pastes, without quotes of its own, into a manifest that is YAML as well."""
    text = str(value)
    variable = as_variable(text)
    return text if variable == text else quoted(variable)


def _extra(registry: PodRegistry) -> Dict[str, Any]:
    plain = [
        {"name": name, "value": value} for name, value in sorted(registry.plain_variables(AUTHORITIES_FOLDER).items())
    ]
    result: Dict[str, Any] = {
        "extraEnvVars": [*plain, *from_secret(other_variables(registry), variables_name(registry))]
    }
    if AUTHORITIES in registry.files:
        volume = {"name": "gateway-ca", "configMap": {"name": authorities_name(registry)}}
        mount = {"name": "gateway-ca", "mountPath": AUTHORITIES_FOLDER, "readOnly": True}
        result.update(extraVolumes=[volume], extraVolumeMounts=[mount])
    return result
