# SPDX-License-Identifier: Apache-2.0
"""The validator foretells what the real registry does: every rule against the binary, fault by fault.

RGWKIT_REGISTRY_IMAGE and RGWKIT_REGISTRY_VERSION choose another registry than Debian's 2.8.
"""

from __future__ import annotations

import re
from typing import Any

import pytest
from ansible_collections.rgwkit.ceph.plugins.module_utils.base.findings import ERROR
from ansible_collections.rgwkit.ceph.plugins.module_utils.registry.config.render import dump
from ansible_collections.rgwkit.ceph.plugins.module_utils.registry.config.validator import validate

from tests.integration.gateway import Gateway

from .cases import CASES, PLAIN, SWIFT_CASES, TWO, Case, changed, swift
from .registries import VERSION, Run, running

HERE = [case for case in CASES if VERSION in case.versions]
# What no configuration shows: a key that is wrong, a file that is not there.
BY_THEIR_SURROUNDINGS = ("wrong-password", "tls-missing-file", "minimumtls-2.7")
needs_swift = pytest.mark.skipif(VERSION not in TWO, reason="registry 3 has no swift driver")


@pytest.fixture(scope="module")
def runs(tmp_path_factory):
    configs = {case.name: dump(changed(PLAIN, case.changes)) for case in HERE}
    with running(tmp_path_factory.mktemp("cases"), configs) as all_runs:
        yield all_runs


@pytest.mark.parametrize("case", HERE, ids=lambda case: case.name)
def test_every_end_is_foretold(case, runs):
    hold(case, changed(PLAIN, case.changes), runs[case.name])


@pytest.fixture(scope="module")
def swift_runs(tmp_path_factory, gateway):
    configs = {case.name: dump(with_swift(case, gateway)) for case in SWIFT_CASES}
    with running(tmp_path_factory.mktemp("swift"), configs) as all_runs:
        yield all_runs


def with_swift(case: Case, gateway: Gateway) -> dict[str, Any]:
    """The case's configuration, on the gateway."""
    url = case.changes.get("storage.swift.authurl", "")
    there = {"storage.swift.authurl": gateway.url + url} if url else {}
    return changed(swift(gateway.url, gateway.secret), {**case.changes, **there})


@needs_swift
@pytest.mark.parametrize("case", SWIFT_CASES, ids=lambda case: case.name)
def test_every_end_on_a_gateway_is_foretold(case, swift_runs, gateway):
    hold(case, with_swift(case, gateway), swift_runs[case.name])


def hold(case: Case, config: dict[str, Any], run: Run) -> None:
    """The errors are where the case says, and the registry ends as they say, or runs."""
    errors = [finding for finding in validate(config, VERSION) if finding.severity == ERROR]
    print(*errors, run.out, sep="\n")
    assert {error.place for error in errors} == set(case.paths)
    assert case.said.lower() in run.out.lower()
    if case.name not in BY_THEIR_SURROUNDINGS:
        exits = {int(code) for error in errors for code in re.findall(r"exit (\d)", error.effect)}
        assert run.exit in (exits or {None})
