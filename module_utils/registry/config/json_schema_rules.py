# SPDX-License-Identifier: Apache-2.0
"""What the rules of a configuration (schema_rules) add to its JSON Schema: choices that depend on other keys."""

from __future__ import annotations

from typing import Any, Callable, Iterable, Tuple

from .schema import at_least
from .schema_forms import CIPHERS
from .schema_rgw import S3_CLASSES
from .schema_rules import CACHES, PURGING, known_drivers, tls_versions
from .schema_sections import ACCESS_CONTROLLERS
from .schema_swift import ENDPOINT_TYPES
from .schema_values import JsonSchema, any_case

# Changes the schema of the whole configuration for a version.
Rule = Callable[[JsonSchema, str], None]

_IS_SET = {"not": {"enum": ["", 0, False, None]}}


def _at(schema: JsonSchema, *path: str) -> JsonSchema:
    """The schema of a key below mappings."""
    for name in path:
        schema = schema["properties"][name]
    return schema


def _strings(names: Iterable[str]) -> JsonSchema:
    return {"type": "string", "enum": list(names)}


def _word_or_mapping(schema: JsonSchema, word: JsonSchema, mapping: JsonSchema) -> None:
    """Let a mapping also be a single word, which names its only key."""
    types = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
    schema.update({"type": [*types, "string"], "if": {"type": "string"}, "then": word, "else": mapping})


def top(schema: JsonSchema, version: str) -> None:
    """The file's own version, which is 0.1 for every registry, and a storage."""
    schema["properties"]["version"] = {"enum": ["0.1", 0.1], "description": "0.1 for every registry"}
    schema["required"] = ["version", "storage"]


def storage_driver(schema: JsonSchema, version: str) -> None:
    """Exactly one driver, and one that this registry has."""
    drivers = known_drivers(version)
    storage = schema["properties"]["storage"]
    storage["type"] = "object"
    _word_or_mapping(storage, _strings(drivers), {"oneOf": [{"required": [name]} for name in drivers]})


def access_controller(schema: JsonSchema, version: str) -> None:
    """At most one, a known one."""
    none = any_case(["none"])
    auth = schema["properties"]["auth"]
    auth["patternProperties"] = {none: {}}
    word = {"anyOf": [_strings([*ACCESS_CONTROLLERS, ""]), {"type": "string", "pattern": none}]}
    _word_or_mapping(auth, word, {"maxProperties": 1})


def upload_purging(schema: JsonSchema, version: str) -> None:
    """Unless it is off, the block has all of its keys."""
    purging = _at(schema, "storage", "maintenance", "uploadpurging")
    purging["if"] = {"properties": {"enabled": {"const": False}}, "required": ["enabled"]}
    kinds = {name: dict(kind.schema) for name, (_usual, kind) in PURGING.items()}
    purging["else"] = {"properties": kinds, "required": list(PURGING)}


def cache(schema: JsonSchema, version: str) -> None:
    """In memory or in redis, under its name or its old one."""
    cached = _at(schema, "storage", "cache")
    cached["properties"]["blobdescriptor"] = _strings(CACHES)
    cached["if"] = {"type": "object", "required": ["layerinfo"], "not": {"required": ["blobdescriptor"]}}
    cached["then"] = {"properties": {"layerinfo": _strings(CACHES)}}
    cached["else"] = {"anyOf": [{"maxProperties": 0}, {"required": ["blobdescriptor"]}]}


def storage_class(schema: JsonSchema, version: str) -> None:
    """One that the s3 driver knows."""
    key = _at(schema, "storage", "s3", "storageclass")
    key["anyOf"] = [
        _strings(S3_CLASSES["3" if at_least(version, "3.0") else "2"]),
        {"type": "string", "pattern": any_case(S3_CLASSES["3" if at_least(version, "3.0") else "2"])},
        {"type": "null"},
    ]


def endpoint_type(schema: JsonSchema, version: str) -> None:
    """One that Keystone has."""
    if not at_least(version, "3.0"):
        swift = _at(schema, "storage", "swift")
        choice = {"type": ["string", "null"], "enum": [*ENDPOINT_TYPES, "", None]}
        swift["properties"]["endpointtype"] = swift["patternProperties"][any_case(["endpointtype"])] = choice


def tls(schema: JsonSchema, version: str) -> None:
    """Where there is TLS, a version and suites that Go knows."""
    if not at_least(version, "2.8"):
        return
    secured = _at(schema, "http", "tls")
    encrypted: Any = {"properties": {"cachefile": _IS_SET}, "required": ["cachefile"], "type": "object"}
    secured["if"] = {
        "type": "object",
        "anyOf": [
            {"properties": {"certificate": _IS_SET}, "required": ["certificate"]},
            {"properties": {"letsencrypt": encrypted}, "required": ["letsencrypt"]},
        ],
    }
    secured["then"] = {
        "properties": {
            "minimumtls": {"enum": [*tls_versions(version), "", 0, False, None]},
            "ciphersuites": {"items": _strings(sorted(CIPHERS))},
        }
    }


def middlewares(schema: JsonSchema, version: str) -> None:
    """This registry has some of the storage's only."""
    for name in ("registry", "repository"):
        _at(schema, "middleware", name)["maxItems"] = 0


RULES: Tuple[Rule, ...] = (
    top,
    storage_driver,
    access_controller,
    upload_purging,
    cache,
    storage_class,
    endpoint_type,
    tls,
    middlewares,
)
