# SPDX-License-Identifier: Apache-2.0
"""The variables REGISTRY_* of a registry's environment, which overrule its file, laid over the file's data.

Source: distribution 2.8.3 and 3.1.1, configuration/parser.go; measured on 2.8.2. The name is split at each "_", the
value read as YAML, and all are applied in the order of their names, so REGISTRY_STORAGE comes before
REGISTRY_STORAGE_SWIFT_PASSWORD. Names are those of Go's fields, which differ from the file's in a few places.
"""

from __future__ import annotations

import copy
import re
from typing import Any, Dict, List, Mapping, NamedTuple, Optional

from ...base.findings import WARNING, Finding
from .finding import PANICS, REFUSED, Fault, found
from .schema import Each, Node, Section, at_least
from .schema_sections import CONFIG
from .yaml import parse

_PREFIX = "REGISTRY_"
# Read elsewhere: the path of the file itself. The version has chosen the parser before any variable is looked at.
_OTHERS = frozenset(("REGISTRY_CONFIGURATION_PATH", "REGISTRY_VERSION"))
_GO_STRUCTS = CONFIG.source
# What a variable calls a key, where Go's field has another name than the file's key.
_FIELDS = {
    ("health", "filecheckers"): "file",
    ("health", "httpcheckers"): "http",
    ("health", "tcpcheckers"): "tcp",
    ("notifications", "eventconfig"): "events",
    ("schema1", "trustkey"): "signingkeyfile",
    ("hooks", "mailoptions"): "options",
}
_FIELDS_OF_FILE = frozenset((parent, key) for (parent, _field), key in _FIELDS.items())
_NO_KEY = Fault("no such key", "the registry warns and ignores it", "correct its name", WARNING)
_BLOCKS = ("readonly", "uploadpurging")


class MadeByVariables(Dict[str, Any]):
    """A mapping inside of a driver's parameters that no file has: another type of Go's than one that a file has."""


class Overlaid(NamedTuple):
    """The configuration that the registry will have, what the variables themselves have shown, and what is whose.

    names: the variable at each dotted path that one has set.
    """

    config: Any
    findings: List[Finding]
    names: Mapping[str, str]

    def variable_of(self, place: str) -> str:
        """The variable that set the place or what is above it, "" where it is the file's own."""
        above = [path for path in self.names if place == path or place.startswith((f"{path}.", f"{path}["))]
        return self.names[max(above, key=len)] if above else ""


class _Ignored(Exception):
    """The variable has no effect, or keeps the registry from starting: the fault says which."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.what)
        self.fault = fault


def overlaid(config: Any, environment: Mapping[str, str], version: str) -> Overlaid:
    """The configuration as the environment's variables make it. Raises YamlMissing where PyYAML is missing."""
    result: Dict[str, Any] = copy.deepcopy(dict(config)) if isinstance(config, Mapping) else {}
    findings: List[Finding] = []
    names: Dict[str, str] = {}
    source = f"distribution {version}, configuration/parser.go"
    for name in sorted(environment):
        if name.upper().startswith(_PREFIX) and not name.startswith(_PREFIX):
            fault = Fault("small letters in its name", "the registry ignores it", "write it in capitals", WARNING)
            findings.append(found(name, fault, source))
        if not name.startswith(_PREFIX) or name in _OTHERS:
            continue
        overlay = _Overlay(environment[name], version)
        try:
            names[".".join(overlay.put(result, CONFIG, name[len(_PREFIX) :].split("_"), ""))] = name
        except _Ignored as ignored:
            findings.append(found(name, ignored.fault, source))
        findings += [finding._replace(place=name, line=0, column=0) for finding in overlay.findings]
    findings = [finding._replace(variable=finding.place) for finding in findings]
    findings += _made_blocks(result, source)
    return Overlaid(result, findings, names)


def _made_blocks(config: Mapping[str, Any], source: str) -> List[Finding]:
    storage = config.get("storage")
    maintenance = storage.get("maintenance") if isinstance(storage, Mapping) else None
    made = [name for name in _BLOCKS if isinstance(maintenance, Mapping) and _is_made(maintenance.get(name))]
    return [
        found(
            f"storage.maintenance.{name}",
            Fault(
                "made key by key from variables",
                PANICS,
                f"write the block as one value: REGISTRY_STORAGE_MAINTENANCE_{name.upper()}={{enabled: true}}",
            ),
            source,
        )
        for name in made
    ]


def _is_made(value: Any) -> bool:
    return isinstance(value, MadeByVariables)


class _Overlay:
    """One variable on its way to its place."""

    def __init__(self, text: str, version: str) -> None:
        self.text = text
        self.version = version
        self.findings: List[Finding] = []

    def _value(self) -> Any:
        parsed = parse(self.text)
        self.findings += parsed.findings
        return parsed.config

    def put(self, place: Dict[Any, Any], node: Optional[Node], words: List[str], parent: str) -> List[str]:
        """Set the value in a mapping; returns the path. Raises _Ignored where it goes nowhere."""
        word, *rest = words
        name = word.lower()
        section = node if isinstance(node, Section) else None
        struct = section is not None and section.source == _GO_STRUCTS and not section.is_choice
        if section is not None and struct:
            name = _FIELDS.get((parent, name), "" if (parent, name) in _FIELDS_OF_FILE else name)
            known = section.keys.get(name)
            if known is None or not known.known_to(self.version):
                raise _Ignored(_NO_KEY)
        elif rest:
            name = next((known for known in place if str(known).upper() == word), name)
        key = section.keys.get(name) if section else None
        if not rest:
            place[name] = self._value()
            return [str(name)]
        if isinstance(place.get(name), str) and key and isinstance(key.node, Section) and key.node.is_choice:
            place[name] = {place[name]: {}}
        below = place.get(name)
        inner = key.node if key else None
        if isinstance(inner, Each) or isinstance(below, (list, tuple)) or _is_list(inner):
            return [*self._into_list(place, name, inner, rest)]
        if below is None:
            if inner is not None and not isinstance(inner, Section) and inner({}) is not None and struct:
                raise _Ignored(self._no_way("a single value"))
            # Below storage and auth each entry is a mapping; inside of one, Go makes another type than it reads.
            typed = struct or (section is not None and section.is_choice)
            below = place[name] = {} if typed else MadeByVariables()
        elif not isinstance(below, dict):
            raise _Ignored(self._no_way("a single value"))
        elif not struct and not (section is not None and section.is_choice) and not _is_made(below):
            raise _Ignored(self._no_way("a mapping of the file's inside of another, which no variable reaches"))
        return [str(name), *self.put(below, inner, rest, str(name))]

    def _no_way(self, what: str) -> Fault:
        fix = "set what is above it as one value, in YAML, or write the key into the file"
        return Fault(f"its name leads through {what}", "the registry ignores it", fix, WARNING)

    def _into_list(self, place: Dict[Any, Any], name: Any, inner: Optional[Node], words: List[str]) -> List[str]:
        if not at_least(self.version, "3.0"):
            raise _Ignored(self._no_way("a list, which registry 2 does not look into"))
        items = list(place.get(name) or [])
        index = int(words[0]) if re.fullmatch(r"[+-]?\d+", words[0]) else None
        if index is None or not 0 <= index <= len(items):
            fix = f"write a number from 0 to {len(items)} after {str(name).upper()}_"
            raise _Ignored(Fault("no place of the list in its name", REFUSED, fix))
        node = inner.node if isinstance(inner, Each) else None
        if not isinstance(node, Section):
            raise _Ignored(self._no_way("a list of single values"))
        if not words[1:]:
            raise _Ignored(Fault("no key after the place in the list", PANICS, "set the keys of the entry one by one"))
        if index == len(items):
            items.append({})
        items[index] = dict(items[index] or {})
        place[name] = items
        rest = self.put(items[index], node, words[1:], str(name))
        return [f"{name}[{index}]", *rest]


def _is_list(node: Optional[Node]) -> bool:
    """Whether a single check wants a list."""
    return node is not None and not isinstance(node, (Section, Each)) and node([]) is None and node({}) is not None
