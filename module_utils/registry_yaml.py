# SPDX-License-Identifier: Apache-2.0
"""A registry's config.yml as data, with the types that the registry itself reads in it (yaml.v2).

Writing YAML needs no library (registry_config), reading does: PyYAML, made to resolve scalars as yaml.v2 does. Left to
itself it takes 1e3 for a string, 1:30 for a number and 2026-01-01 for a date.
"""

from __future__ import annotations

import re
from typing import Any, List, NamedTuple

from .registry_finding import REFUSED, WARNING, Fault, Finding, found

try:
    import yaml

    HAS_YAML = True
except ImportError:
    HAS_YAML = False

NEEDS_YAML = "reading a config.yml needs the Python package PyYAML: apt install python3-yaml, or pip install PyYAML"
_SOURCE = "yaml.v2 2.4"


class Parsed(NamedTuple):
    """The data of a file (None where it is no YAML), and what the reading itself has shown."""

    config: Any
    findings: List[Finding]


def parse(text: str) -> Parsed:
    """The configuration in the text. Raises RuntimeError where PyYAML is missing."""
    if not HAS_YAML:
        raise RuntimeError(NEEDS_YAML)
    loader = _Loader(text)
    try:
        return Parsed(loader.get_single_data(), loader.findings)
    except yaml.MarkedYAMLError as error:
        # The error's own text quotes the line, which may hold a secret.
        mark = error.problem_mark or error.context_mark
        place = f"line {mark.line + 1}" if mark else ""
        reason = (error.problem or "not YAML").partition(":")[0]
        return Parsed(None, [_finding(place, f"no YAML: {reason}", REFUSED, "mend the syntax (tabs do not indent)")])
    except (yaml.YAMLError, ValueError):
        return Parsed(None, [_finding("", "no YAML", REFUSED, "mend the syntax; only printable text in UTF-8 is YAML")])
    finally:
        loader.dispose()


def _finding(path: str, problem: str, effect: str, fix: str, severity: str = "error") -> Finding:
    return found(path, Fault(problem, effect, fix, severity), _SOURCE)


if HAS_YAML:

    class _Loader(yaml.SafeLoader):  # type: ignore[misc]  # mypy may have no types for PyYAML
        """PyYAML's safe loader with yaml.v2's scalars, and with an eye for keys that stand twice."""

        yaml_implicit_resolvers: dict[str, Any] = {}  # type: ignore[misc]

        def __init__(self, text: str) -> None:
            super().__init__(text)
            self.findings: List[Finding] = []

        def construct_mapping(self, node: Any, deep: bool = False) -> Any:
            seen = set()
            for key, _value in node.value:
                if key.value in seen:
                    place = f"line {key.start_mark.line + 1}"
                    effect = "the registry takes the last one without a word"
                    self.findings.append(_finding(place, f"key {key.value} stands twice", effect, "keep one", WARNING))
                seen.add(key.value)
            return super().construct_mapping(node, deep)

        def construct_go_bool(self, node: Any) -> bool:
            return node.value.lower() in ("y", "yes", "true", "on")

        def construct_go_int(self, node: Any) -> int:
            digits = node.value.replace("_", "").lower()
            octal = re.fullmatch(r"([-+]?)0([0-7]+)", digits)
            return int(f"{octal[1]}0o{octal[2]}" if octal else digits, 0)

        def construct_go_float(self, node: Any) -> float:
            return float(node.value.replace("_", "").lower().replace(".inf", "inf").replace(".nan", "nan"))

    def _resolve(tag: str, pattern: str, first: str) -> None:
        _Loader.add_implicit_resolver(f"tag:yaml.org,2002:{tag}", re.compile(pattern), list(first))

    _resolve(
        "bool", r"(?:[yY]|[yY]es|YES|[nN]|[nN]o|NO|[tT]rue|TRUE|[fF]alse|FALSE|[oO]n|ON|[oO]ff|OFF)$", "yYnNtTfFoO"
    )
    _resolve("null", r"(?:~|null|Null|NULL|)$", "~nN")
    _Loader.add_implicit_resolver("tag:yaml.org,2002:null", re.compile(r"$"), [""])
    _resolve("merge", r"<<$", "<")
    _resolve("int", r"[-+]?(?:0b[01_]+|0o?[0-7_]*|0x[0-9a-fA-F_]+|[1-9][0-9_]*)$", "-+0123456789")
    _resolve("float", r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?$", "-+.0123456789")
    _resolve("float", r"(?:[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))$", "-+.")
    _Loader.add_constructor("tag:yaml.org,2002:bool", _Loader.construct_go_bool)
    _Loader.add_constructor("tag:yaml.org,2002:int", _Loader.construct_go_int)
    _Loader.add_constructor("tag:yaml.org,2002:float", _Loader.construct_go_float)
