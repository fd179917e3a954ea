# SPDX-License-Identifier: Apache-2.0
"""The JSON Schema of config.yml says what the lint says, as far as JSON Schema can: on all cases that the lint has."""

from __future__ import annotations

import json
import random
import re
from functools import lru_cache
from pathlib import Path
from typing import Any, Iterator

import jsonschema
import pytest

from commands.registry_lint.__main__ import main
from module_utils.base.findings import ERROR, Finding
from module_utils.registry.config.foreign import foreign
from module_utils.registry.config.json_schema import json_schema
from module_utils.registry.config.schema import VERSIONS, Each, Section
from module_utils.registry.config.schema_sections import CONFIG
from module_utils.registry.config.schema_storage import DRIVERS
from module_utils.registry.config.validator import _Walk, validate
from module_utils.registry.config.yaml import parse
from tests.integration.registry_config.cases import CASES, GONE, PLAIN, S3, SWIFT_CASES, changed, swift
from tests.integration.registry_config.generator import make, put

CONFIGS = sorted(Path(__file__).with_name("configs").iterdir())
ON_SWIFT = swift("http://127.0.0.1:9", "secret")
# One of each type, form and size, and choices in odd letters.
ODD: list[Any] = [None, "", "text", "5", "true", True, 0, -1, 1.5, 2**63, "10s", 10**18, "INFO", "standard", "tls1.9"]
ODD += [["a"], [None], [["a"]], [{}], {}, {"a": "b"}, {"X-A": ["b"]}]
# Findings of rules, beyond single values, that are a choice which is not there.
CHOICE = re.compile(
    "not one of|no cipher suite|not a class|not a storage driver|registry 3 has no swift|no storage driver"
    "|not an access controller|no middleware that|.* storage drivers: |.* access controllers: "
)
# Those that are about a key which must not be there.
UNKNOWN = re.compile(
    "not a key|only registry|registry .* was the last|not a storage driver|registry 3 has no|not an access controller"
)
# What JSON Schema cannot say (docs/registry-config.md).
BEYOND = re.compile("longer than 292 years")


@lru_cache(maxsize=None)
def validator(version: str) -> jsonschema.Draft7Validator:
    return jsonschema.Draft7Validator(json_schema(version))


def as_json(value: Any) -> Any:
    """The value with names as JSON has them."""
    if isinstance(value, dict):
        return {str(name): as_json(item) for name, item in value.items()}
    return [as_json(item) for item in value] if isinstance(value, (list, tuple)) else value


def refusals(config: Any, version: str) -> set[str]:
    """The paths at which the schema refuses something, and those inside of its alternatives."""

    def below(error: jsonschema.ValidationError) -> Iterator[str]:
        names = (f"[{name}]" if isinstance(name, int) else f".{name}" for name in error.absolute_path)
        yield "".join(names).lstrip(".")
        for inner in error.context or ():
            yield from below(inner)

    return {path for error in validator(version).iter_errors(as_json(config)) for path in below(error)}


def structural(config: Any, version: str) -> list[Finding]:
    """The lint's errors about keys, types and choices."""
    findings = list(_Walk(version).section(config, CONFIG, ""))
    findings += [finding for finding in validate(config, version) if CHOICE.match(finding.what)]
    return [finding for finding in findings if finding.severity == ERROR and not BEYOND.match(finding.what)]


def value_at(config: Any, place: str) -> Any:
    """What stands at a place, GONE for nothing."""
    for name in re.findall(r"[^.\[\]]+", place):
        if isinstance(config, dict):
            config = next((value for key, value in config.items() if str(key).lower() == name.lower()), GONE)
        elif isinstance(config, (list, tuple)) and name.isdecimal():
            config = config[int(name)]
    return config


def cannot_be_said(finding: Finding, config: Any) -> bool:
    """A number in quotes has no size for JSON Schema, and 5.0 is a whole number."""
    value = value_at(config, finding.place)
    if isinstance(value, str):
        return finding.what.startswith(("less than", "more than", "a number that 64 bits"))
    return isinstance(value, float) and value.is_integer()


def agree(config: Any, version: str) -> None:
    """The lint has a finding where the schema refuses something, and the schema refuses each structural finding."""
    refused = refusals(config, version)
    assert not refused or validate(config, version), f"the schema alone refuses {refused}"
    if not isinstance(config, dict) or foreign(config):
        assert refused
        return
    for finding in structural(config, version):
        assert cannot_be_said(finding, config) or any(is_there(path, finding, config) for path in refused), finding


def is_there(path: str, finding: Finding, config: Any) -> bool:
    """Whether a refusal at a path is the finding's. A mapping is refused for a key that it lacks or must not have."""
    path, place = path.lower(), finding.place.lower()
    if place.startswith("middleware.") and place.startswith(path):
        return True  # There is no such middleware, whatever is in it.
    if (UNKNOWN.match(finding.what) or value_at(config, place) is GONE) and path == place.rpartition(".")[0]:
        return True
    return path == place or path.startswith((f"{place}.", f"{place}["))


@pytest.mark.parametrize("version", VERSIONS)
def test_the_schema_is_one(version: str) -> None:
    jsonschema.Draft7Validator.check_schema(json_schema(version))
    assert json_schema(version)["$schema"] == jsonschema.Draft7Validator.META_SCHEMA["$schema"]


@pytest.mark.parametrize("version", VERSIONS)
def test_the_command_prints_it(capsys: pytest.CaptureFixture[str], version: str) -> None:
    assert main(["--schema", version]) == 0
    assert json.loads(capsys.readouterr().out) == json_schema(version)


@pytest.mark.parametrize("version", VERSIONS)
def test_it_takes_what_is_right(version: str) -> None:
    assert refusals(PLAIN, version) == set()
    assert bool(refusals(ON_SWIFT, version)) == version.startswith("3")


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("path", CONFIGS, ids=lambda path: path.stem)
def test_files_of_others(path: Path, version: str) -> None:
    parsed = parse(path.read_text())
    if parsed.config is not None:
        agree(parsed.config, version)


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_faults_that_were_tried_on_a_registry(case: Any, version: str) -> None:
    agree(changed(PLAIN, case.changes), version)


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("case", SWIFT_CASES, ids=lambda case: case.name)
def test_faults_of_a_storage(case: Any, version: str) -> None:
    agree(changed(ON_SWIFT, case.changes), version)


def places(section: Section, version: str, path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """Every place of a version's schema; the first item stands for all of a list."""
    for name, key in section.keys.items():
        if key.known_to(version):
            here = (*path, name)
            yield here
            in_a_list = isinstance(key.node, Each)
            node = key.node.node if isinstance(key.node, Each) else key.node
            if isinstance(node, Section):
                yield from places(node, version, (*here, "0") if in_a_list else here)


def with_value(path: tuple[str, ...], value: Any) -> dict[str, Any]:
    """A configuration without faults but for one value, on the driver that the value is of."""
    config = changed(PLAIN, {"http.tls": {"certificate": "/c.pem", "key": "/k.pem"}})
    if path[0] == "storage" and len(path) > 2 and path[1] in DRIVERS:
        config["storage"].pop("inmemory")
        config["storage"][path[1]] = {"swift": ON_SWIFT["storage"]["swift"], "s3": S3}.get(path[1], {}).copy()
    put(config, path, value)
    return config


OF_2 = list(places(CONFIG, "2.8"))
OF_3 = [path for path in places(CONFIG, "3.1") if path not in OF_2]


@pytest.mark.parametrize(("version", "paths"), [("2.8", OF_2), ("3.1", OF_3)], ids=["2.8", "only 3.1"])
@pytest.mark.parametrize("value", ODD, ids=repr)
def test_one_value_at_every_place(value: Any, version: str, paths: list[tuple[str, ...]]) -> None:
    for path in paths:
        agree(with_value(path, value), version)


@pytest.mark.parametrize("seed", range(4))
def test_configurations_made_up_at_random(seed: int) -> None:
    dice = random.Random(seed)
    for _ in range(60):
        parsed = parse(make(dice, ON_SWIFT).text)
        if parsed.config is not None:
            agree(parsed.config, dice.choice(VERSIONS))
