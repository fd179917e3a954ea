# SPDX-License-Identifier: Apache-2.0
"""Which secrets the chart docker-registry takes as values, and which need a Secret of their own."""

from __future__ import annotations

from typing import Any, Dict, Mapping

from ..registry.config.render import Literal, quoted
from .pod_registry import HTPASSWD, PodRegistry

# The chart's value for the secret at a place, and beside it the public half of the login, which the chart wants, too.
_VALUES = {
    "storage.swift.password": ("swift", "password", "username", "username"),
    "storage.s3.secretkey": ("s3", "secretKey", "accessKey", "accesskey"),
}
_SHARED = "http.secret"


def secret_values(registry: PodRegistry) -> Dict[str, Any]:
    """The chart's section `secrets`. The chart puts each value into a variable, which a registry reads as YAML.

    Without a shared secret, the chart would make another one at each `helm upgrade`.
    """
    secrets: Dict[str, Any] = {"haSharedSecret": quoted(registry.secrets[_SHARED])}
    if HTPASSWD in registry.files:
        secrets["htpasswd"] = Literal(registry.files[HTPASSWD])
    for place, (section, name, login, key) in _VALUES.items():
        if place in registry.secrets:
            secrets[section] = {login: quoted(str(registry.driver[key])), name: quoted(registry.secrets[place])}
    return {"secrets": secrets}


def other_variables(registry: PodRegistry) -> Mapping[str, str]:
    """The variables with the secrets that the chart has no value for."""
    places = {place for place in registry.secrets if place not in _VALUES and place != _SHARED}
    return registry.variables_for(places)
