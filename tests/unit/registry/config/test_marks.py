# SPDX-License-Identifier: Apache-2.0
"""The line and column of every finding: of what is there, of what is missing, and of what no file has."""

from __future__ import annotations

import time

import pytest
from ansible_collections.rgwkit.ceph.plugins.module_utils.registry.config.lint import lint
from ansible_collections.rgwkit.ceph.plugins.module_utils.registry.config.validator import validate
from ansible_collections.rgwkit.ceph.plugins.module_utils.registry.config.yaml import parse

TEXT = """\
# a registry
version: 0.1
storage:
  swift:
    UserName: u:s
    chunksize: 1
  redirect: {disable: yes, disabled: yes}
http: {addr: ":5000", secret: one,
       two}
notifications:
  endpoints:
    - name: a
      url: http://127.0.0.1/
    - {name: b, timeout: 5}
log:
  fields: {a.b: c, "d[0]": [e, f]}
"""


def marked(text, version="2.8", **more):
    """The position of each finding, by its place."""
    return {found.place: (found.line, found.column) for found in lint(text, version, **more)}


@pytest.mark.parametrize(
    ("place", "position"),
    [
        ("version", (2, 1)),
        ("storage.swift", (4, 3)),
        ("storage.swift.UserName", (5, 5)),
        ("storage.swift.username", (5, 5)),
        ("storage.redirect.disabled", (7, 28)),
        ("notifications.endpoints[1].timeout", (14, 17)),
        ("notifications.endpoints[0]", (12, 7)),
        ("log.fields.a.b", (16, 12)),
        ("log.fields.d[0][1]", (16, 32)),
        # What is missing: the mapping that lacks it.
        ("storage.swift.password", (4, 3)),
        ("storage.cache", (3, 1)),
        ("notifications.endpoints[1].url", (14, 7)),
        ("notifications.endpoints[7].url", (11, 3)),
        ("health.storagedriver.enabled", (2, 1)),
        ("", (2, 1)),
    ],
)
def test_a_place_of_the_file(place, position):
    assert parse(TEXT).marks.at(place) == position


def test_findings_stand_where_their_places_do():
    found = marked(TEXT)
    assert found["storage.swift.password"] == (4, 3)
    assert found["storage.swift.chunksize"] == (6, 5)
    assert found["storage.redirect.disabled"] == (7, 28)
    assert found["notifications.endpoints[1].timeout"] == (14, 17)
    # A key without a value is not named, as it may be the rest of a secret, but it has its place.
    assert found["http.?"] == (9, 8)


@pytest.mark.parametrize(
    ("text", "position"),
    [
        ("version: 0.1\nstorage:\n\tinmemory:\n", (3, 1)),
        ("version: 0.1\nlog: {level: info\n", (3, 1)),
        ("version: 0.1\nhttp:\n  secret: a\x01b\n", (3, 12)),
        ("", (1, 1)),
        ("# nothing\n", (1, 1)),
        ("\n- a\n", (2, 1)),
        ("\nservices: {a: {image: b}}\n", (2, 1)),
    ],
)
def test_what_is_no_configuration_has_a_position(text, position):
    assert [(found.line, found.column) for found in lint(text, "2.8")] == [position]


def test_a_key_that_stands_twice_and_a_second_document():
    text = "version: 0.1\nstorage: {inmemory: , redirect: {disable: true}}\nhttp: {addr: ':1', secret: s}\n"
    found = marked(f"{text}loglevel: info\nloglevel: info\n--- \na: b\n")
    assert found == {"line 5": (5, 1), "line 6": (6, 1), "loglevel": (5, 1)}


def test_what_an_alias_or_a_merged_mapping_brings_stands_where_it_is_written():
    text = "version: 0.1\nx: &x\n  enabled: 5\nstorage: {inmemory: , delete: *x, redirect: {<<: {disable: 7}}}\n"
    assert parse(text).marks.at("storage.delete.enabled") == (3, 3)
    assert parse(text).marks.at("storage.redirect.disable") == (4, 51)


def test_aliases_that_stand_for_billions_of_places_take_no_time():
    levels = ["a0: &a0 {b: c}"] + [f"a{n}: &a{n} {{x: *a{n - 1}, y: *a{n - 1}}}" for n in range(1, 60)]
    began = time.monotonic()
    found = marked("\n".join(levels))
    assert found["a59"] == (60, 1) and time.monotonic() - began < 5


def test_many_places_of_one_mapping_take_no_time():
    marks = parse("".join(f"key{number}: x\n" for number in range(5000))).marks
    began = time.monotonic()
    assert [marks.at(f"key{number}").line for number in range(5000)] == list(range(1, 5001))
    assert time.monotonic() - began < 2


def test_a_mapping_that_contains_itself():
    assert marked("log: &l\n  fields: *l\n  level: 5\n")["log.level"] == (3, 3)


@pytest.mark.parametrize(
    ("name", "value", "place"),
    [
        ("REGISTRY_HTTP_ADDR", "5000", "http.addr"),
        ("REGISTRY_STORAGE_DELETE", "{enabled: 'true'}", "storage.delete.enabled"),
        ("REGISTRY_STORAGE", "{inmemory: , redirect: {}}", "storage.redirect.disable"),
        ("REGISTRY_LOG_FOO", "x", "REGISTRY_LOG_FOO"),
        ("REGISTRY_LOG_LEVEL", "{", "REGISTRY_LOG_LEVEL"),
    ],
)
def test_what_a_variable_brings_has_its_name_and_no_line(name, value, place):
    found = next(one for one in lint(TEXT, "2.8", environment={name: value}) if one.place == place)
    assert (found.variable, found.line, found.column) == (name, 0, 0)
    assert name in (found.what if place != name else found.place)


def test_what_the_file_has_beside_a_variable_keeps_its_line():
    found = {one.place: one for one in lint(TEXT, "2.8", environment={"REGISTRY_HTTP_ADDR": "5000"})}
    assert (found["storage.swift.chunksize"].line, found["storage.swift.chunksize"].variable) == (6, "")


def test_a_configuration_that_is_no_file_has_no_lines():
    findings = validate(parse(TEXT).config, "2.8")
    assert findings and all(not {"line", "column"} & found.as_dict().keys() for found in findings)
