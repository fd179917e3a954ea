# SPDX-License-Identifier: Apache-2.0
"""The definition of a service: plain data, from which container, units, record and all the rest are derived.

The names of keys are those of Quadlet (podman-systemd.unit(5)) where it has one. A definition holds no secret: docker
and podman show it to everybody who may ask, units can be read by everybody, and the record keeps it.
"""

from __future__ import annotations

import re
from typing import Any, Dict, Mapping, Tuple

from ..base.censor import is_secret_name
from ..base.errors import InputError
from ..host.unit_scope import SCOPES, SYSTEM, USER
from . import mounts

__all__ = ["CONTAINERS", "RUNTIMES", "complete", "override"]

CONTAINERS = ("docker", "podman")
RUNTIMES = (*CONTAINERS, "package")
_REQUIRED = ("name", "runtime", "home", "description", "role", "labels", "record")
_DEFAULTS: Dict[str, Any] = {
    "scope": SYSTEM,
    "folder": "",
    "variable": "",
    "image": "",
    "entrypoint": [],
    "command": [],
    "environment": {},
    "user": "",
    "mounts": [],
    "tmpfs": [],
    "confined": True,
    "capabilities": [],
    "network": "host",
    "hostname": "",
    "publish_ports": [],
    "pids_limit": 0,
    "memory": "",
    "stop_signal": "",
    "stop_timeout": 30,
    "restart": "unless-stopped",
    "volumes": [],
    "own_network": False,
    "packages": {},
    "package_state": "present",
    "distribution_unit": "",
    "unit": "",
    "before": [],
    "properties": [],
    "ready_log": "",
    "ready_port": {},
    "ready_timeout": 60,
    "diagnosis": [],
    "reload_signal": "",
    "image_options": {},
    "pull": "missing",
}
_CHOICES: Dict[str, Tuple[str, ...]] = {
    "runtime": RUNTIMES,
    "scope": SCOPES,
    "restart": ("unless-stopped", "always", "on-failure", "no"),
    "package_state": ("present", "latest"),
    "pull": ("missing", "always", "never"),
}
# A name becomes the name of a file, and a word of commands and of units.
_NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.:@-]*\Z")


def complete(given: Mapping[str, Any]) -> Dict[str, Any]:
    """The definition with the defaults of all that is not given.

    Raises InputError for a key that no definition has, for one that is missing, for a value that is no choice, for a
    text that would be more than one line of a unit, and for a mount that cannot have the label it is to get.
    """
    name = given.get("name", "without a name")
    missing = [key for key in _REQUIRED if not given.get(key)]
    if missing:
        raise InputError(f"the definition of the service {name} has no {', '.join(missing)}")
    unknown = sorted(set(given) - {*_REQUIRED, *_DEFAULTS})
    if unknown:
        raise InputError(f"the definition of the service {name} has unknown keys: {', '.join(unknown)}")
    definition = {**_DEFAULTS, **given}
    for key, choices in _CHOICES.items():
        if definition[key] not in choices:
            raise InputError(f"{key} of the service {name} is {definition[key]}, and may be {', '.join(choices)}")
    _check_kinds(definition)
    _check_lines(definition)
    mounts.check(definition)
    secrets = sorted(key for key in definition["environment"] if is_secret_name(str(key)))
    if secrets:
        raise InputError(
            f"environment of the service {name} has {', '.join(secrets)}, which everybody may read who may ask for the "
            "process: put the secret into a file that is mounted"
        )
    if definition["scope"] == USER and definition["runtime"] != "podman":
        raise InputError(f"the service {name} is an ordinary user's (scope), which only the runtime podman can run")
    if definition["distribution_unit"] and definition["package_state"] == "latest":
        # An upgrade looks like an installation, after which the unit is stopped, whoever runs it.
        raise InputError(f"package_state of the service {name}, which has a distribution_unit, can only be present")
    return definition


def override(definition: Mapping[str, Any], changes: Mapping[str, Any], suffix: str) -> Dict[str, Any]:
    """The definition of a second process beside the service, which nothing restarts.

    definition: a complete one. changes: values that take the place of the service's. suffix: what comes after the name.
    Raises InputError as complete() does.
    """
    name = f"{definition['name']}{suffix}"
    return complete({**definition, "restart": "no", "unit": "", "volumes": [], **changes, "name": name})


def _check_kinds(definition: Mapping[str, Any]) -> None:
    """A text in the place of a list would be taken for a list of its letters."""
    for key, default in (*_DEFAULTS.items(), ("labels", {}), ("record", {})):
        for kind, kinds, word in ((list, (list, tuple), "list"), (dict, Mapping, "mapping")):
            if isinstance(default, kind) and not isinstance(definition[key], kinds):
                raise InputError(f"{key} of the service {definition['name']} is no {word}: {definition[key]!r}")


def _check_lines(definition: Mapping[str, Any]) -> None:
    """What a unit takes as it is must not bring lines of its own."""
    name = definition["name"]
    if not _NAME.match(name):
        raise InputError(f"the service cannot have the name {name!r}: letters, digits and any of _.:@- make a name")
    if definition["unit"] and not _NAME.match(definition["unit"]):
        raise InputError(f"unit of the service {name} is {definition['unit']!r}, which is no name of a unit")
    texts = {key: [definition[key]] for key in ("home", "description", "role", "reload_signal")}
    texts.update(labels=[*definition["labels"], *definition["labels"].values()])
    texts.update({key: definition[key] for key in ("before", "properties")})
    for key, values in texts.items():
        if any("\n" in str(value) for value in values):
            raise InputError(f"{key} of the service {name} has more than one line, and a unit takes one")
