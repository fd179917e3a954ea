# SPDX-License-Identifier: Apache-2.0
"""A registry's secrets as variables of its environment, which Kubernetes takes from a Secret.

A registry reads the value of a variable as YAML (distribution 2.8 and 3, configuration/parser.go), so that a password
of digits would become a number, with which a registry panics. Every value is therefore quoted.
"""

from __future__ import annotations

import json
from typing import Any, Dict, List, Mapping

from ..base.errors import InputError
from ..registry.config.environment import overlaid
from ..registry.config.render import quoted, with_values


def secret_variables(config: Mapping[str, Any], secrets: Mapping[str, str], version: str) -> Dict[str, str]:
    """The value of each variable, such as REGISTRY_HTTP_SECRET.

    config: the configuration without secrets. secrets: by their dotted places. No variable leads into a list, so that
    a secret in one takes the whole list along. Raises InputError for a place that no variable of the registry reaches.
    """
    complete = with_values(config, secrets)
    places = {place: _outside_of_lists(complete, place.split(".")) for place in secrets}
    variables = {_name(path): _value(complete, path) for path in places.values()}
    reached = overlaid(config, variables, version)
    if reached.findings or reached.config != complete:
        lost = [place for place, path in places.items() if not _reaches(config, secrets, version, place, path)]
        raise InputError(
            f"{', '.join(lost or places)}: no variable REGISTRY_* of registry {version} reaches this place, and "
            "secrets have no place in a ConfigMap. Next: remove the place from registry_secrets"
        )
    return variables


def _reaches(config: Mapping[str, Any], secrets: Mapping[str, str], version: str, place: str, path: List[str]) -> bool:
    beside = {other: value for other, value in secrets.items() if other.startswith(f"{'.'.join(path)}.")}
    wanted = with_values(config, {**beside, place: secrets[place]})
    laid = overlaid(config, {_name(path): _value(wanted, path)}, version)
    return not laid.findings and bool(laid.config == wanted)


def _outside_of_lists(config: Any, path: List[str]) -> List[str]:
    """The path as far as it leads through mappings only."""
    for depth, name in enumerate(path):
        if not isinstance(config, Mapping):
            return path[:depth]
        config = config.get(name)
    return path


def _name(path: List[str]) -> str:
    return "_".join(("REGISTRY", *path)).upper()


def _value(config: Any, path: List[str]) -> str:
    for name in path:
        config = config[name]
    return flow(config)


def flow(value: Any) -> str:
    """A value in one line of YAML."""
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{quoted(str(name))}: {flow(item)}" for name, item in value.items()) + "}"
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(map(flow, value)) + "]"
    if isinstance(value, str):
        return quoted(value)
    return json.dumps(value)
