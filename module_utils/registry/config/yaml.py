# SPDX-License-Identifier: Apache-2.0
"""A registry's config.yml as data, with the types that the registry itself reads in it (yaml.v2).

Writing YAML needs no library (registry_config), reading does: PyYAML, made to resolve scalars as yaml.v2 does. Left to
itself it takes 1e3 for a string, as registry 2.7 does, 1:30 for a number and 2026-01-01 for a date.
"""

from __future__ import annotations

import re
from typing import Any, List, NamedTuple

from ...base.findings import WARNING, Finding
from .finding import REFUSED, Fault, found
from .marks import BEGINNING, Mark, Marks

try:
    import yaml

    HAS_YAML = True
except ImportError:
    HAS_YAML = False

NEEDS_YAML = "reading a config.yml needs the Python package PyYAML: apt install python3-yaml, or pip install PyYAML"
_TAG = "tag:yaml.org,2002:"


class YamlMissing(Exception):
    """PyYAML is not there; the text says what to install."""


class Parsed(NamedTuple):
    """The data of a file (None where it is no YAML), what the reading itself has shown, and where the keys stand."""

    config: Any
    findings: List[Finding]
    marks: Marks


def parse(text: str) -> Parsed:
    """The configuration in the text. Raises YamlMissing where PyYAML is missing."""
    if not HAS_YAML:
        raise YamlMissing(NEEDS_YAML)
    nowhere = Marks(None, str)
    try:
        loader = _Loader(text)
        node = loader.get_node() if loader.check_node() else None
        config = loader.construct_document(node) if node is not None else None
        return Parsed(config, loader.findings + _second_document(loader), Marks(node, loader.construct_object))
    except RecursionError:
        fix = "no key of the registry is nested that deep: remove what is"
        fault = Fault("nested too deep to be looked into", "it is not judged", fix)
        return Parsed(None, [_finding("", fault, BEGINNING)], nowhere)
    except yaml.MarkedYAMLError as error:
        # The error's own text quotes the file, which may hold secrets.
        problem = error.problem or ""
        reason = "a tab" if r"'\t'" in problem else re.split("['\":]", problem)[0].strip()
        mark = Mark.of(error.problem_mark) if error.problem_mark else BEGINNING
        fault = Fault(f"no YAML: {reason}", REFUSED, "mend it; YAML is indented by spaces")
        return Parsed(None, [_finding(f"line {mark.line}", fault, mark)], nowhere)
    except yaml.reader.ReaderError as error:
        fault = Fault("no YAML: control characters", REFUSED, "remove them")
        return Parsed(None, [_finding("", fault, _mark_at(text, error.position))], nowhere)


def _mark_at(text: str, position: int) -> Mark:
    before = text[:position]
    return Mark(before.count("\n") + 1, position - before.rfind("\n"))


def _second_document(loader: Any) -> List[Finding]:
    """A warning where another document follows: yaml.v2 stops reading after the first."""
    try:
        if not loader.check_event(yaml.DocumentStartEvent):
            return []
        mark = Mark.of(loader.peek_event().start_mark)
    except yaml.YAMLError as error:
        its_mark = getattr(error, "problem_mark", None)
        mark = Mark.of(its_mark) if its_mark else BEGINNING
    effect = "the registry reads the first document and nothing after it"
    fault = Fault("something after the end of the document", effect, "remove it", WARNING)
    return [_finding(f"line {mark.line}", fault, mark)]


def _finding(place: str, fault: Fault, mark: Mark) -> Finding:
    return mark.on(found(place, fault, "yaml.v2 2.4"))


if HAS_YAML:

    class _Loader(yaml.SafeLoader):
        """PyYAML's safe loader with yaml.v2's scalars, and with an eye for keys that stand twice."""

        def __init__(self, text: str) -> None:
            super().__init__(text)
            self.findings: List[Finding] = []

        def construct_mapping(self, node: Any, deep: bool = False) -> Any:
            """A mapping; also notes its keys that stand twice."""
            seen = set()
            for key in [key for key, _value in node.value if isinstance(key, yaml.ScalarNode)]:
                if key.value in seen:
                    mark, effect = Mark.of(key.start_mark), "the registry takes the last one without a word"
                    fault = Fault(f"key {key.value} stands twice", effect, "keep one", WARNING)
                    self.findings.append(_finding(f"line {mark.line}", fault, mark))
                seen.add(key.value)
            return super().construct_mapping(node, deep)

    def _boolean(_loader: Any, node: Any) -> bool:
        return node.value.lower() in ("y", "yes", "true", "on")

    def _integer(_loader: Any, node: Any) -> Any:
        digits = node.value.replace("_", "")
        octal = re.fullmatch("([-+]?)0([0-7]+)", digits)
        try:
            return int(f"{octal[1]}0o{octal[2]}" if octal else digits, 0)
        except ValueError:
            return node.value  # 0x_ and the like: yaml.v2 finds no number in it and takes the text.

    def _tagged(loader: Any, node: Any) -> Any:
        """yaml.v2 does not look at tags that are not YAML's own."""
        if isinstance(node, yaml.MappingNode):
            return loader.construct_mapping(node, deep=True)
        if isinstance(node, yaml.SequenceNode):
            return loader.construct_sequence(node, deep=True)
        return loader.construct_scalar(node)

    def _real(_loader: Any, node: Any) -> float:
        return float(re.sub("[_.](?=inf|nan)|_", "", node.value.lower()))

    # yaml.v2, resolve.go: what a plain scalar is, by its first character and its form.
    _SCALARS = (
        ("bool", r"(?:[yY]|[yY]es|YES|[tT]rue|TRUE|[oO]n|ON)$", "yYtToO", _boolean),
        ("bool", r"(?:[nN]|[nN]o|NO|[fF]alse|FALSE|[oO]ff|OFF)$", "nNfFoO", _boolean),
        ("null", r"(?:~|null|Null|NULL|)$", ["~", "n", "N", ""], None),
        ("merge", r"<<$", "<", None),
        ("int", r"[-+]?(?:0b[01_]+|0o?[0-7_]*|0x[0-9a-fA-F_]+|[1-9][0-9_]*)$", "-+0123456789", _integer),
        ("float", r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?$", "-+.0123456789", _real),
        ("float", r"(?:[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))$", "-+.", _real),
    )
    _Loader.add_constructor("!", _tagged)
    _Loader.add_multi_constructor("!", lambda loader, _suffix, node: _tagged(loader, node))
    _Loader.yaml_implicit_resolvers = {}
    for _name, _pattern, _first, _construct in _SCALARS:
        _Loader.add_implicit_resolver(_TAG + _name, re.compile(_pattern), list(_first))
        if _construct:
            _Loader.add_constructor(_TAG + _name, _construct)
