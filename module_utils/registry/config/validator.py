# SPDX-License-Identifier: Apache-2.0
"""What a registry of a given version makes of a configuration: every key and value held against the schema.

The registry itself checks little of it: it has no such command, ignores keys it does not know, and some values of a
wrong type (measured on 2.8.2; the tests hold every rule against the real registry).
"""

from __future__ import annotations

import difflib
from typing import AbstractSet, Any, Dict, Iterator, List, Mapping, Optional

from ...base.findings import WARNING, Finding
from .finding import IGNORED, REFUSED, Fault, found
from .foreign import OTHERS_HAVE, foreign
from .marks import Marks
from .schema import Each, Key, Node, Section, at_least
from .schema_rules import OF_THE_FILE, RULES
from .schema_sections import CONFIG
from .schema_values import instead_of

_SHOWN_KEYS = 12
# How alike two names have to be for one to be meant by the other: registry is not redis.
_NEAR = 0.7


def validate(
    config: Any, version: str, named: AbstractSet[str] = frozenset(), marks: Optional[Marks] = None
) -> List[Finding]:
    """All findings in the configuration (parsed YAML) for a registry of the version, one of schema.VERSIONS.

    A finding never shows a value of the configuration, so secrets may be in it. named: paths that variables have set,
    whose names are no part of a value. marks: where the keys stand in the file, for the findings that name none.
    """
    if not isinstance(config, Mapping) or not config:
        fault = instead_of("a mapping", config, REFUSED, "write the configuration")
        return [found("", fault, _source(CONFIG, version))]
    other = foreign(config)
    if other is not None:
        return [other]
    findings = list(_Walk(version, named, marks).section(config, CONFIG, ""))
    for rule in RULES:
        findings += rule(config, version)
    return findings


def refused_as_read(config: Any, version: str, marks: Optional[Marks] = None) -> List[Finding]:
    """Those findings in a file that keep the registry from starting whatever variables its environment has."""
    if not isinstance(config, Mapping):
        return []
    findings = list(_Walk(version, marks=marks).section(config, CONFIG, ""))
    for rule in OF_THE_FILE:
        findings += [one for one in rule(config, version) if one.what != "no storage driver"]
    return [finding for finding in findings if finding.effect == REFUSED]


def _source(section: Section, version: str) -> str:
    return f"distribution {version}, {section.source}"


class _Walk:
    """One pass over the configuration."""

    def __init__(self, version: str, named: AbstractSet[str] = frozenset(), marks: Optional[Marks] = None) -> None:
        self.version = version
        self.named = named
        self.marks = marks

    def section(self, value: Any, section: Section, path: str) -> Iterator[Finding]:
        """Findings in a mapping, in its own order; what is missing comes last."""
        if value is None and section.effect == REFUSED:
            return
        if section.is_choice and isinstance(value, (str, bool, int, float)):
            return
        if not isinstance(value, Mapping):
            fix = "write a mapping of keys to values"
            effect = section.effect if value is None else section.shape
            yield found(path, instead_of("a mapping", value, effect, fix), _source(section, self.version))
            return
        names = {str(name): name for name in value}
        if section.fold:
            names = {name.lower(): original for name, original in names.items()}
        for name, original in names.items():
            yield from self._entry(name, value[original], section, f"{path}.{original}".lstrip("."))
        for name, key in section.keys.items():
            if key.required and value.get(names.get(name)) is None:
                fault = Fault("missing", section.effect, "give it a value")
                yield found(f"{path}.{name}", fault, _source(section, self.version))

    def _entry(self, name: str, value: Any, section: Section, path: str) -> Iterator[Finding]:
        key = section.keys.get(name)
        if key is None or not key.known_to(self.version):
            misfits = [] if section.others is None else list(self._node(value, section.others, section, path))
            if misfits:
                yield from misfits
            elif not section.is_choice:
                stranger = found(path, self._stranger(name, value, key, section), _source(section, self.version))
                yield self._unnamed(stranger, name) if value is None and name not in OTHERS_HAVE else stranger
            return
        if key.deprecated:
            fault = Fault("an old name", "the registry still takes it", key.deprecated, WARNING)
            yield found(path, fault, _source(section, self.version))
        if value is None and key.empty:
            yield found(
                path, Fault("no value", key.empty, "give it a value, or remove it"), _source(section, self.version)
            )
            return
        yield from self._node(value, key.node, section, path)

    def _unnamed(self, finding: Finding, name: str) -> Finding:
        """The finding without the key's name, which may be the rest of a secret with a comma: {password: one, rest}."""
        place = finding.place
        if place in self.named:
            return finding
        marked = self.marks.at(place).on(finding) if self.marks else finding
        return marked._replace(place=f"{place[: -len(name)]}?")

    def _node(self, value: Any, node: Node, section: Section, path: str) -> Iterator[Finding]:
        if isinstance(node, Section):
            yield from self.section(value, node, path)
        elif value is None:
            return
        elif isinstance(node, Each):
            if isinstance(value, (list, tuple)):
                for number, item in enumerate(value):
                    yield from self._node(item, node.node, section, f"{path}[{number}]")
            else:
                fix = "write a list, also of one"
                yield found(path, instead_of("a list", value, REFUSED, fix), _source(section, self.version))
        else:
            fault = node(value)
            if fault:
                yield found(path, fault, _source(section, self.version))

    def _stranger(self, name: str, value: Any, key: Optional[Key], section: Section) -> Fault:
        """The fault that a key is not known: to this version, or at this place."""
        if key is not None:
            problem = f"registry {key.until} was the last to have it"
            if at_least(key.since, self.version):
                problem = f"only registry {key.since} and later have it"
            return Fault(problem, IGNORED, key.instead or "remove it, or say which version runs")
        return Fault("not a key of the registry", IGNORED, self._meant(name, value, section))

    def _meant(self, name: str, value: Any, section: Section) -> str:
        if name in section.elsewhere:
            return f"this driver calls it {section.elsewhere[name]}"
        known = [known for known, key in section.keys.items() if key.known_to(self.version)]
        if name in OTHERS_HAVE:
            return f"remove it: {OTHERS_HAVE[name]}"
        places = _places(CONFIG, "", self.version).get(name, {})
        if len(places) == 1 and all(_fits(value, node) for node in places.values()):
            return f"it belongs to {next(iter(places))}"
        near = difflib.get_close_matches(name.lower(), known, n=1, cutoff=_NEAR)
        if near:
            return f"did you mean {near[0]}?"
        return f"remove it; here belong {', '.join(known)}" if 0 < len(known) <= _SHOWN_KEYS else "remove it"


def _fits(value: Any, node: Node) -> bool:
    """Whether a value is of the kind that a place wants."""
    if value is None:
        return False
    if isinstance(node, Section):
        return isinstance(value, Mapping)
    return isinstance(value, (list, tuple)) if isinstance(node, Each) else node(value) is None


def _places(section: Section, path: str, version: str) -> Dict[str, Dict[str, Node]]:
    """Where each key that the version knows stands: its name, and what each path wants."""
    places: Dict[str, Dict[str, Node]] = {}
    for name, key in section.keys.items():
        if not key.known_to(version):
            continue
        here = f"{path}.{name}".lstrip(".")
        places.setdefault(name, {})[here] = key.node
        if isinstance(key.node, Section):
            for inner, paths in _places(key.node, here, version).items():
                places.setdefault(inner, {}).update(paths)
    return places
