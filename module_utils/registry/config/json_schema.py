# SPDX-License-Identifier: Apache-2.0
"""What a registry accepts in config.yml as JSON Schema (draft 7), for editors: made from what the validator goes by.

The schema refuses keys that the version does not know, values of a wrong type, and words that are no choice. What it
cannot say is listed in docs/registry-config.md.
"""

from __future__ import annotations

from typing import Any, Dict

from .finding import REFUSED
from .json_schema_rules import RULES
from .schema import Each, Key, Node, Section
from .schema_sections import CONFIG
from .schema_values import JsonSchema, any_case, or_nothing

DRAFT = "http://json-schema.org/draft-07/schema#"


def json_schema(version: str) -> JsonSchema:
    """The schema of config.yml for a registry of the version, one of schema.VERSIONS."""
    top = _section(CONFIG, version)
    for rule in RULES:
        rule(top, version)
    title = f"config.yml of a Docker registry {version}"
    return {"$schema": DRAFT, "title": title, "description": "Made by rgwkit's registry-lint --schema", **top}


def _section(section: Section, version: str) -> JsonSchema:
    known = {name: key for name, key in section.keys.items() if key.known_to(version)}
    properties = {name: _value(key, version) for name, key in known.items()}
    required = [name for name, key in known.items() if key.required]
    schema: Dict[str, Any] = {"type": "object", "properties": properties, "additionalProperties": False}
    if section.fold:
        schema["patternProperties"] = {any_case([name]): value for name, value in properties.items()}
        schema["if"] = {"propertyNames": {"pattern": "^[^A-Z]*$"}}
        schema["then"] = {"required": required}
        # A name with capitals may be the required one: then not all names are others.
        others = [{"propertyNames": {"not": {"pattern": any_case([name])}}} for name in required]
        schema["else"] = {"not": {"anyOf": others}}
    elif required:
        schema["required"] = required
    return schema


def _value(key: Key, version: str) -> JsonSchema:
    schema = _node(key.node, version)
    if not (key.required or key.empty or _minds_nothing(key.node)):
        schema = or_nothing(schema)
    return {**schema, "deprecationMessage": f"an old name: {key.deprecated}"} if key.deprecated else schema


def _minds_nothing(node: Node) -> bool:
    """Whether it is a fault of the node that there is nothing."""
    return isinstance(node, Section) and node.effect != REFUSED


def _node(node: Node, version: str) -> JsonSchema:
    if isinstance(node, Section):
        return _section(node, version)
    if isinstance(node, Each):
        items = _node(node.node, version)
        return {"type": "array", "items": items if _minds_nothing(node.node) else or_nothing(items)}
    return dict(node.schema)
