# SPDX-License-Identifier: Apache-2.0
"""The hooks that other repositories take from this one with pre-commit."""

from __future__ import annotations

import re

import pytest
import tomllib
from pre_commit.clientlib import load_manifest

from tests.playbooks import PROJECT

HOOKS = {hook["id"]: hook for hook in load_manifest(str(PROJECT / ".pre-commit-hooks.yaml"))}


def test_every_hook_is_a_program_of_the_wheel() -> None:
    scripts = tomllib.loads((PROJECT / "pyproject.toml").read_text())["project"]["scripts"]
    assert HOOKS.keys() == scripts.keys()
    assert all(hook["entry"] == name and hook["language"] == "python" for name, hook in HOOKS.items())


@pytest.mark.parametrize(
    ("path", "matches"),
    [
        ("registry/config.yml", True),
        ("etc/docker/registry/config.yaml", True),
        ("docker-registry/eu/config.yml", True),
        ("config.yml", False),
        (".circleci/config.yml", False),
        ("my-registry/config.yml", False),
        ("registry/other.yml", False),
    ],
)
def test_the_lint_takes_files_of_registries(path: str, matches: bool) -> None:
    assert bool(re.search(HOOKS["registry-lint"]["files"], path)) == matches


@pytest.mark.parametrize(
    ("path", "matches"),
    [("home/.sregistry", True), ("sregistry.env", True), ("ada/sregistry.sh", True), ("my.sregistry.py", False)],
)
def test_the_lint_of_clients_takes_settings_of_sregistry(path: str, matches: bool) -> None:
    assert bool(re.search(HOOKS["client-lint"]["files"], path)) == matches


def test_the_doctor_asks_no_gateway_at_a_commit() -> None:
    assert HOOKS["rgwkit-doctor"]["stages"] == ["manual"]
