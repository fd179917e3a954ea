# SPDX-License-Identifier: Apache-2.0
"""Whatever tasks of a role others call have a specification, so that wrong values end there, with a name."""

from __future__ import annotations

from typing import Any, Iterator

import pytest
import yaml

from tests.playbooks import PROJECT

ROOT = PROJECT
PREFIX = "rgwkit.ceph."


def entries(role: str) -> dict[str, Any]:
    """The role's specifications by entry point."""
    spec: dict[str, Any] = yaml.safe_load((ROOT / "roles" / role / "meta" / "argument_specs.yml").read_text())
    found: dict[str, Any] = spec["argument_specs"]
    return found


def calls(value: Any) -> Iterator[tuple[str, str]]:
    """Role and entry point of every include or import below a YAML value, a loop's items one by one."""
    if isinstance(value, list):
        for item in value:
            yield from calls(item)
    if isinstance(value, dict):
        for action in ("ansible.builtin.include_role", "ansible.builtin.import_role"):
            role = value.get(action, {})
            if str(role.get("name", "")).startswith(PREFIX):
                entry = role.get("tasks_from", "main")
                for one in value["loop"] if "{{ item }}" in entry else [entry]:
                    yield role["name"].removeprefix(PREFIX), one
        for below in value.values():
            yield from calls(below)


CALLS = sorted(
    {
        call
        for pattern in ("playbooks/*.yml", "roles/*/tasks/**/*.yml")
        for path in ROOT.glob(pattern)
        for call in calls(yaml.safe_load(path.read_text()))
    }
)


@pytest.mark.parametrize(("role", "entry"), CALLS)
def test_what_others_call_has_a_specification(role: str, entry: str) -> None:
    assert entry in entries(role)


@pytest.mark.parametrize("role", sorted(path.name for path in (ROOT / "roles").iterdir()))
def test_an_option_is_the_same_everywhere(role: str) -> None:
    specs = entries(role)
    main = specs.pop("main")["options"]
    for entry, spec in specs.items():
        assert (ROOT / "roles" / role / "tasks" / f"{entry}.yml").is_file()
        for name, option in spec["options"].items():
            assert main.get(name, option) == option, (entry, name)


@pytest.mark.parametrize("role", ["registry", "rgw_gateway", "rgw_ingress"])
def test_the_first_check_of_a_host_validates_whatever_the_role_takes(role: str) -> None:
    """The plan and the turns of the playbooks validate nothing again."""
    specs = entries(role)
    assert specs["requirements"]["options"] == specs["main"]["options"] == specs["plan"]["options"]
