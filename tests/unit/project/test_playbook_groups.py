# SPDX-License-Identifier: Apache-2.0
"""Every playbook looks first whether its groups have hosts: Ansible ends with "no hosts matched" and success."""

from __future__ import annotations

import re
from typing import Any

import pytest
import yaml

from tests.playbooks import PROJECT

PLAYBOOKS = PROJECT / "playbooks"
PARTS = {"groups", "lock"}
WHOLE = sorted(path.stem for path in PLAYBOOKS.glob("*.yml") if path.stem not in PARTS)


def plays(name: str) -> list[dict[str, Any]]:
    """The plays of a playbook; an import stands for itself."""
    read: list[dict[str, Any]] = yaml.safe_load((PLAYBOOKS / f"{name}.yml").read_text())
    return read


def imported(play: dict[str, Any]) -> str:
    """The playbook that is imported, or nothing."""
    return str(play.get("ansible.builtin.import_playbook", "")).removesuffix(".yml")


def looked_for(name: str) -> set[str]:
    """The groups that a playbook looks for first."""
    first = plays(name)[0]
    if imported(first) != "groups":
        return looked_for(imported(first)) if imported(first) else set()
    named = [first["vars"].get(name, "") for name in ("needed_groups", "needed_any")]
    return set(re.findall(r"\w+", str(named)))


def used(name: str) -> set[str]:
    """The groups of all plays, imported ones included, but for those that an import can do without."""
    found: set[str] = set()
    for play in plays(name):
        inner = imported(play)
        if inner and inner not in PARTS and play.get("vars", {}).get("needed_groups") != []:
            found |= used(inner)
        elif not inner:
            found |= set(re.findall(r"(?<=groups\.)\w+|rgws|registries|^all$", str(play["hosts"])))
    return found


@pytest.mark.parametrize("name", WHOLE)
def test_a_playbook_looks_for_all_of_its_groups_first(name: str) -> None:
    assert looked_for(name) and used(name) <= looked_for(name)
