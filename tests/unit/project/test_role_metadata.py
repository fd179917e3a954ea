# SPDX-License-Identifier: Apache-2.0
"""The metadata of roles, which Galaxy shows, agree with the rest of the collection."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.playbooks import PROJECT

ROLES = sorted(path for path in (PROJECT / "roles").iterdir())


def read(path: Path) -> Any:
    return yaml.safe_load(path.read_text())


@pytest.mark.parametrize("role", ROLES, ids=lambda role: role.name)
def test_metadata_agree_with_specification_and_collection(role: Path) -> None:
    meta, specification = read(role / "meta/main.yml"), read(role / "meta/argument_specs.yml")["argument_specs"]["main"]
    info, galaxy = meta["galaxy_info"], read(PROJECT / "galaxy.yml")
    assert info["description"] == specification["short_description"]
    assert info["author"] in galaxy["authors"] and info["license"] in galaxy["license"]
    assert f">={info['min_ansible_version']}.0" == read(PROJECT / "meta/runtime.yml")["requires_ansible"]
    assert info["platforms"] and info["galaxy_tags"]
    assert all(re.fullmatch("[a-z0-9]+", tag) for tag in info["galaxy_tags"])
    # Roles call one another by name; Ansible would run a dependency before the role in any case.
    assert meta["dependencies"] == []
