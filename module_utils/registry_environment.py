# SPDX-License-Identifier: Apache-2.0
"""The variables REGISTRY_* of a registry's environment, which overrule its file, laid over the file's data.

Source: distribution 2.8.3, configuration/parser.go; measured on 2.8.2. The name is split at each "_", the value read as
YAML, and all are applied in the order of their names, so REGISTRY_STORAGE comes before REGISTRY_STORAGE_SWIFT_PASSWORD.
"""

from __future__ import annotations

import copy
from typing import Any, Dict, List, Mapping, NamedTuple, Optional

from .registry_finding import WARNING, Fault, Finding, found
from .registry_schema import Section
from .registry_schema_sections import CONFIG
from .registry_yaml import parse

_PREFIX = "REGISTRY_"
# Read elsewhere: the path of the file itself.
_OTHERS = frozenset(("REGISTRY_CONFIGURATION_PATH",))
_GO_STRUCTS = CONFIG.source


class Overlaid(NamedTuple):
    """The configuration that the registry will have, and what the variables themselves have shown."""

    config: Any
    findings: List[Finding]


def overlaid(config: Any, environment: Mapping[str, str], version: str) -> Overlaid:
    """The configuration as the environment's variables make it. Raises RuntimeError where PyYAML is missing."""
    result: Dict[str, Any] = copy.deepcopy(dict(config)) if isinstance(config, Mapping) else {}
    findings: List[Finding] = []
    for name in sorted(environment):
        if name.startswith(_PREFIX) and name not in _OTHERS:
            words, value = name[len(_PREFIX) :].split("_"), parse(environment[name])
            findings += [finding._replace(path=name) for finding in value.findings]
            if not _put(result, CONFIG, words, value.config, version):
                fault = Fault("no such key", "the registry warns and ignores it", "correct its name", WARNING)
                findings.append(found(name, fault, f"distribution {version}, configuration/parser.go"))
    return Overlaid(result, findings)


def _put(place: Dict[str, Any], section: Optional[Section], words: List[str], value: Any, version: str) -> bool:
    """Set the value; False where a Go struct has no such field. A mapping takes any key, in small letters."""
    word, *rest = words
    name = word.lower()
    key = section.keys.get(name) if section else None
    if section and section.source == _GO_STRUCTS and not section.is_choice:
        if key is None or not key.known_to(version):
            return False
    elif rest:
        name = next((known for known in place if str(known).upper() == word), name)
    if not rest:
        place[name] = value
        return True
    if isinstance(place.get(name), str) and key and isinstance(key.node, Section) and key.node.is_choice:
        place[name] = {place[name]: {}}
    if not isinstance(place.get(name), dict):
        place[name] = {}
    return _put(place[name], key.node if key and isinstance(key.node, Section) else None, rest, value, version)
