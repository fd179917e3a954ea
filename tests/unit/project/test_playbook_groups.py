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
# Parts with hosts of their own: a playbook that imports these has looked for their groups.
PARTS_WITH_HOSTS = {path.stem for kind in ("needs", "turns") for path in PLAYBOOKS.glob(f"*_{kind}.yml")}
WHOLE = sorted(path.stem for path in PLAYBOOKS.glob("*.yml") if path.stem not in PARTS | PARTS_WITH_HOSTS)


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


def imports(name: str) -> list[dict[str, Any]]:
    """The imports of a playbook, in their order."""
    return [play for play in plays(name) if imported(play)]


@pytest.mark.parametrize(
    ("name", "kind"),
    [(name, one.removesuffix("_turns")) for name in WHOLE for one in map(imported, imports(name)) if "_turns" in one],
)
def test_hosts_are_checked_and_locked_before_their_turn(name: str, kind: str) -> None:
    order = [imported(play) for play in imports(name)]
    assert order.index(f"{kind}_needs") < order.index("lock") < order.index(f"{kind}_turns")
    assert "rolespec_validate" not in str(plays(f"{kind}_needs")), "nothing else checks the values"


def test_site_keeps_the_lock_of_all_hosts_until_its_end() -> None:
    """A turn that released the lock of the whole run would let another play in before the next part."""
    turns = [play for play in imports("site") if "_turns" in imported(play)]
    assert len(turns) == 5 and all(play["vars"]["play_lock_kept"] is True for play in turns)
    (lock,) = [play for play in imports("site") if imported(play) == "lock"]
    assert lock["vars"]["lock_hosts"] == plays("site")[-1]["hosts"]
    assert {task["ansible.builtin.import_role"]["tasks_from"] for task in plays("site")[-1]["tasks"]} == {"release"}


@pytest.mark.parametrize("name", sorted(name for name in PARTS_WITH_HOSTS if "_turns" in name))
def test_a_part_does_not_decide_whether_the_lock_is_kept(name: str) -> None:
    assert "play_lock_kept" not in str(plays(name))
