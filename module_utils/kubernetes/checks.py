# SPDX-License-Identifier: Apache-2.0
"""What is refused of a registry in pods: what Kubernetes would refuse, and what no pod could serve."""

from __future__ import annotations

from typing import Any, Iterator, Mapping
from urllib.parse import urlsplit

from ..base.censor import Censor
from ..base.errors import InputError
from ..registry.config.sections import FOLDER, PORT_ON_A_NETWORK
from ..registry.reach import is_loopback
from .names import label
from .pod_registry import CERTIFICATE, HTPASSWD, KEY, STORAGES, PodRegistry

_ADDRESS = f":{PORT_ON_A_NETWORK}"
_ENDPOINTS = {"swift": "authurl", "s3": "regionendpoint"}
# Where a configuration names files, and which of the registry's files may be there; "" for none.
_FILES = {
    "auth.htpasswd.path": HTPASSWD,
    "http.tls.certificate": CERTIFICATE,
    "http.tls.key": KEY,
    "auth.token.rootcertbundle": "",
    "auth.token.jwks": "",
    "http.tls.clientcas": "",
}
_LARGEST_PORT = 65535


def check(registry: PodRegistry) -> None:
    """Raises InputError for the first thing that is refused."""
    label("registry_name", registry.name, starts_with_letter=True)
    label("registry_kubernetes_namespace", registry.namespace)
    _check_numbers(registry)
    _check_container(registry)
    _check_storage(registry)
    _check_settings(registry.effective, registry.files)
    _check_secrets(registry)


def _check_numbers(registry: PodRegistry) -> None:
    if registry.uid < 1:
        raise InputError(f"registry_uid: {registry.uid} is root, which the restricted profile refuses. Next: set 65532")
    if not 0 < registry.port <= _LARGEST_PORT:
        raise InputError(f"registry_port: {registry.port} is no port of a Service. Next: set 1 to {_LARGEST_PORT}")
    if registry.replicas < 0:
        raise InputError(f"registry_kubernetes_replicas: {registry.replicas} is no number of pods. Next: set 0 or more")


def _check_container(registry: PodRegistry) -> None:
    if not registry.image or any(sign.isspace() for sign in registry.image):
        raise InputError(
            f"registry_image_pull: '{registry.image}' is no reference of an image. Next: set REPOSITORY:TAG"
        )
    strange = sorted(set(registry.resources) - {"limits", "requests"})
    if strange:
        raise InputError(
            f"registry_kubernetes_resources: {', '.join(strange)} is no key of a container's resources. Next: use "
            "limits and requests"
        )
    for name, value in registry.environment.items():
        if not isinstance(value, str):
            raise InputError(
                f"registry_kubernetes_environment: {name} is of type {type(value).__name__}, and Kubernetes takes "
                "text. Next: write the value in quotes"
            )


def _check_storage(registry: PodRegistry) -> None:
    if not registry.storage:
        raise InputError(
            f"registry_storage: a pod keeps no files, so that only {' and '.join(STORAGES[:2])} keep images "
            f"({STORAGES[2]} is for tests). Next: set registry_storage=swift or registry_storage=s3"
        )
    key = _ENDPOINTS.get(registry.storage, "")
    endpoint, region = str(registry.driver.get(key, "")), str(registry.driver.get("region", ""))
    if endpoint and not endpoint.startswith(("http://", "https://")):
        raise InputError(
            f"storage.{registry.storage}.{key}: '{endpoint}' has no scheme, and without one the swift driver panics "
            "and the s3 driver speaks HTTPS. Next: write http:// or https:// before the host"
        )
    host = urlsplit(endpoint).hostname or ""
    if is_loopback(host):
        raise InputError(
            f"storage.{registry.storage}.{key}: {host} is the pod itself, where no gateway listens. Next: write the "
            "gateway's address as pods reach it"
        )
    if registry.storage == "s3" and ":" in region:
        raise InputError(
            f"storage.s3.region: '{region}' names a placement, which only the creation of a bucket chooses, and a "
            f"registry creates none. Next: write the region alone ('{region.partition(':')[0] or 'default'}'), and the "
            "placement into rgw_buckets_list"
        )


def _check_settings(config: Mapping[str, Any], files: Mapping[str, str]) -> None:
    address = _setting(config, "http.addr")
    if address != _ADDRESS:
        raise InputError(
            f"http.addr: '{address}' is not '{_ADDRESS}', where the Service and the probes expect the registry in its "
            "pod. Next: remove addr from registry_http, registry_extra and registry_kubernetes_environment; clients "
            "reach the Service at registry_port"
        )
    for place, name in _FILES.items():
        value = _setting(config, place)
        if value and not (name in files and value == f"{FOLDER}/{name}"):
            raise InputError(
                f"{place}: names a file that the manifests do not carry into the pod. Next: remove {place}, or run "
                "this registry on a host with playbooks/registry.yml"
            )


def _setting(config: Any, place: str) -> Any:
    for part in place.split("."):
        config = config.get(part) if isinstance(config, Mapping) else None
    return config


def _check_secrets(registry: PodRegistry) -> None:
    if "http.secret" not in registry.secrets:
        raise InputError(
            "registry_http_secret_file: names no file, so that each pod would have another secret, and an upload begun "
            "at one pod would fail at the next. Next: name a file"
        )
    inline = {*_secret_places(registry.effective), *_secret_places(registry.environment)} - set(registry.secrets)
    if inline:
        raise InputError(
            f"{', '.join(sorted(inline))}: a secret in the configuration itself, which everybody may read in a "
            "ConfigMap. Next: put the secret into a file, and name the file in registry_secrets"
        )
    twice = set(registry.environment) & set(registry.secret_variables)
    if twice:
        raise InputError(
            f"registry_kubernetes_environment: {', '.join(sorted(twice))} carries a secret of registry_secrets, too. "
            "Next: remove one of the two"
        )


def _secret_places(config: Any) -> Iterator[str]:
    """The places of secrets in data, and of URLs with a login."""
    censor = Censor()
    censor.by_names(config)
    yield from censor.places
    yield from _logins(config, "")


def _logins(value: Any, place: str) -> Iterator[str]:
    if isinstance(value, Mapping):
        for name, item in value.items():
            yield from _logins(item, f"{place}.{name}".lstrip("."))
    elif isinstance(value, (list, tuple)):
        for number, item in enumerate(value):
            yield from _logins(item, f"{place}.{number}")
    elif isinstance(value, str) and Censor().by_names(value) != value:
        yield place
