# SPDX-License-Identifier: Apache-2.0
"""The playbooks of examples/: one for each role, with variables that the roles have."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible_collections.rgwkit.ceph.plugins.module_utils.rgw.user_options import USER_OPTIONS

from tests.playbooks import PROJECT

ROLES = sorted(path.name for path in (PROJECT / "roles").iterdir())
EXAMPLES = sorted((PROJECT / "examples").glob("*.yml"))


def options() -> dict[str, Any]:
    """The variables of all roles."""
    specs = [yaml.safe_load((PROJECT / "roles" / role / "meta/argument_specs.yml").read_text()) for role in ROLES]
    return {name: option for spec in specs for name, option in spec["argument_specs"]["main"]["options"].items()}


def variables(example: Path) -> dict[str, Any]:
    """The roles' variables that an example gives, of the play or of one role."""
    given: dict[str, Any] = {}
    for play in yaml.safe_load(example.read_text()):
        given.update(play.get("vars", {}))
        for role in play.get("roles", []):
            given.update(role["vars"] if isinstance(role, dict) else {})
    return {name: value for name, value in given.items() if name.startswith(tuple(f"{role}_" for role in ROLES))}


@pytest.mark.parametrize("role", ROLES)
def test_every_role_has_an_example_that_uses_it(role: str) -> None:
    assert f"rgwkit.ceph.{role}\n" in (PROJECT / "examples" / f"{role}.yml").read_text()


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda path: path.stem)
def test_an_example_names_hosts_by_group(example: Path) -> None:
    for play in yaml.safe_load(example.read_text()):
        groups = {
            "mons",
            "rgws",
            "ingress",
            "registries",
            "docker_hosts",
            "pulps",
            "registry_mirror_clients",
            "portals",
        }
        assert play["hosts"].partition("[")[0] in groups


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda path: path.stem)
def test_an_example_fits_the_specifications(example: Path) -> None:
    spec, given = options(), variables(example)
    assert given.keys() <= spec.keys()
    # A template is of any type.
    plain = {name: value for name, value in given.items() if not (isinstance(value, str) and "{{" in value)}
    users = {"rgw_users_list": {"type": "list", "elements": "dict", "options": USER_OPTIONS}}
    wanted = {name: {**spec[name], **users.get(name, {})} for name in plain}
    assert ArgumentSpecValidator(wanted).validate(plain).error_messages == []
