# SPDX-License-Identifier: Apache-2.0
"""The findings in the format of code scanning: SARIF 2.1.0, with a rule for each setting.

Source: OASIS, Static Analysis Results Interchange Format (SARIF) Version 2.1.0.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any, Dict, List
from urllib.parse import quote

from module_utils.base.findings import Finding
from module_utils.registry.config.strangers import is_known

from ..version import VERSION
from .judgement import Judgement, Located

_SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_ABOUT = "https://github.com/rgwkit/ceph/blob/main/docs/registry-config.md"
# Rules that are not about one setting. A rule's name holds nothing that only one file has.
_FILE = "file"
_YAML = "yaml"
_VARIABLE = "environment-variable"
_ENVIRONMENT = "environment-file"
_UNKNOWN = "unknown-key"
_DESCRIPTIONS = {
    _FILE: "The file is a configuration of a registry",
    _YAML: "The file is YAML as the registry reads it",
    _VARIABLE: "The registry takes the variable of its environment",
    _ENVIRONMENT: "Each line of the environment's file gives a variable",
    _UNKNOWN: "The registry knows the key",
}


def render(judgements: List[Judgement], version: str) -> str:
    """One run over all files."""
    located = [one for judgement in judgements for one in judgement.located]
    rules = sorted({_rule(one.finding) for one in located})
    problems = [_notification(judgement) for judgement in judgements if judgement.problem]
    driver = {
        "name": "registry-lint",
        "version": VERSION,
        "informationUri": _ABOUT,
        "rules": [{"id": rule, "shortDescription": {"text": _description(rule)}} for rule in rules],
    }
    run = {
        "tool": {"driver": driver},
        "invocations": [{"executionSuccessful": not problems, "toolExecutionNotifications": problems}],
        "columnKind": "unicodeCodePoints",
        "results": [_result(one, version, rules) for one in located],
    }
    return json.dumps({"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}, indent=2)


def _rule(finding: Finding) -> str:
    if finding.variable and finding.place == finding.variable:
        return _VARIABLE
    if not finding.place:
        return _FILE
    if finding.place == f"line {finding.line}":
        return _YAML
    if finding.place.endswith(f", line {finding.line}"):
        return _ENVIRONMENT
    path = tuple(re.sub(r"\[(\d+)\]", r".\1", finding.place).split("."))
    return ".".join(name for name in path if not name.isdecimal()) if is_known(path) else _UNKNOWN


def _description(rule: str) -> str:
    return _DESCRIPTIONS.get(rule) or f"The registry does what the setting {rule} says"


def _result(one: Located, version: str, rules: List[str]) -> Dict[str, Any]:
    finding, rule = one.finding, _rule(one.finding)
    effect = f"; {finding.effect}" if finding.effect else ""
    place = f"{finding.place}: " if finding.place else ""
    message = f"{place}{finding.what}{effect} (registry {version}). Next: {finding.remedy}"
    location: Dict[str, Any] = {
        "physicalLocation": {
            "artifactLocation": {"uri": _uri(one.file)},
            "region": {"startLine": one.line, "startColumn": one.column},
        }
    }
    if finding.place:
        location["logicalLocations"] = [{"fullyQualifiedName": finding.place}]
    return {
        "ruleId": rule,
        "ruleIndex": rules.index(rule),
        "level": finding.severity,
        "message": {"text": message},
        "locations": [location],
    }


def _notification(judgement: Judgement) -> Dict[str, Any]:
    return {
        "level": "error",
        "message": {"text": judgement.problem},
        "locations": [{"physicalLocation": {"artifactLocation": {"uri": _uri(judgement.path)}}}],
    }


def _uri(path: str) -> str:
    return Path(path).as_uri() if Path(path).is_absolute() else quote(Path(path).as_posix())
