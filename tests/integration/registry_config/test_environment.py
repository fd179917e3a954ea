# SPDX-License-Identifier: Apache-2.0
"""The variables of a registry's environment overrule its file: the lint sees what the registry then sees."""

from __future__ import annotations

import re

import pytest
from ansible_collections.rgwkit.ceph.plugins.module_utils.base.findings import ERROR
from ansible_collections.rgwkit.ceph.plugins.module_utils.registry.config.lint import lint
from ansible_collections.rgwkit.ceph.plugins.module_utils.registry.config.render import dump

from .cases import PLAIN, swift
from .registries import VERSION, running
from .test_behaviour import needs_swift

UNKNOWN = "Ignoring unrecognized environment variable"
# Variables, where findings are to be, and what the registry says.
CASES = {
    "none": ({}, [], ""),
    "unknown": ({"REGISTRY_HTTP_FOO": "1"}, ["REGISTRY_HTTP_FOO"], UNKNOWN),
    "quoted": ({"REGISTRY_STORAGE_DELETE_ENABLED": '"true"'}, ["storage.delete.enabled"], ""),
    "mended": ({"REGISTRY_STORAGE_DELETE_ENABLED": "true"}, [], ""),
    "driver": ({"REGISTRY_STORAGE_FILESYSTEM_ROOTDIRECTORY": "/tmp"}, ["storage"], "multiple storage drivers"),
    "instead": ({"REGISTRY_STORAGE": "filesystem", "REGISTRY_STORAGE_REDIRECT_DISABLE": "true"}, [], ""),
    "header": ({"REGISTRY_HTTP_HEADERS_X": "nosniff"}, ["http.headers"], "cannot unmarshal"),
    "level": ({"REGISTRY_LOG_LEVEL": "trace"}, ["log.level"], "invalid loglevel"),
    "unit": ({"REGISTRY_HTTP_DRAINTIMEOUT": "10"}, ["http.draintimeout"], ""),
    "no-yaml": ({"REGISTRY_HTTP_HOST": "'open"}, ["REGISTRY_HTTP_HOST"], "configuration error"),
    "missing": ({"REGISTRY_HTTP_SECRET": ""}, ["http.secret"], "No HTTP secret provided"),
}
SWIFT_CASES = {
    "digits": ({"REGISTRY_STORAGE_SWIFT_PASSWORD": "1234567890"}, ["storage.swift.password"], "error(s) decoding"),
    "tenant": ({"REGISTRY_STORAGE_SWIFT_TENANT": "1234567890"}, [], ""),
    "capitals": ({"REGISTRY_STORAGE_SWIFT_CHUNKSIZE": "1024"}, ["storage.swift.chunksize"], "chunksize"),
}


def hold(folder, text, cases):
    environments = {name: case[0] for name, case in cases.items()}
    with running(folder, dict.fromkeys(cases, text), environments) as runs:
        for name, (environment, places, said) in cases.items():
            findings = lint(text, VERSION, environment=environment)
            errors = [finding.effect for finding in findings if finding.severity == ERROR]
            ends = {int(code) for effect in errors for code in re.findall(r"exit (\d)", effect)} or {None}
            assert (name, [finding.place for finding in findings]) == (name, places)
            assert (name, runs[name].exit in ends) == (name, True), runs[name].out
            assert said.lower() in runs[name].out.lower(), name


def test_variables(tmp_path):
    hold(tmp_path / "runs", dump(PLAIN), CASES)


@needs_swift
def test_variables_of_swift(tmp_path, gateway):
    hold(tmp_path / "runs", dump(swift(gateway.url, gateway.secret)), SWIFT_CASES)


@pytest.mark.parametrize("name", ["PATH", "REGISTRY_CONFIGURATION_PATH"])
def test_other_variables_are_nobodys_business(name):
    assert lint(dump(PLAIN), VERSION, environment={name: "1"}) == []
