# SPDX-License-Identifier: Apache-2.0
"""The engine's rooms: which of them may know which others (docs/architecture.md)."""

from __future__ import annotations

import ast
from pathlib import Path
from typing import Iterator

import pytest

from tests.playbooks import PROJECT

ENGINE = PROJECT / "module_utils"
KNOWS = {
    "base": set(),
    "http": {"base"},
    "ceph": {"base"},
    "host": {"base", "http"},
    "services": {"base", "http", "host"},
    "keystone": {"base", "http"},
    "swift": {"base", "http"},
    "gateway": {"base", "ceph", "host", "keystone", "services"},
    "clients": {"base", "http", "host", "registry"},
    "dns": {"base", "http", "keystone"},
    "demo": {"base", "host", "keystone", "services", "clients", "portal"},
    "portal": {"base", "http", "host", "services"},
    "pulp": {"base", "host", "s3", "services"},
    "rgw": {"base", "http", "ceph", "s3"},
    "s3": {"base", "http"},
    "doctor": {"base", "http", "keystone", "s3"},
    "registry": {"base", "http", "host", "s3", "services"},
    "volumes": {"base", "http", "host", "rgw", "services"},
    "kubernetes": {"base", "http", "registry", "rgw"},
}
# The one that wraps AnsibleModule for all modules.
WITH_ANSIBLE = {"base/censored_module.py"}
FILES = sorted(path.relative_to(ENGINE) for path in ENGINE.rglob("*.py"))


def rooms_of_imports(file: Path) -> Iterator[str]:
    """The rooms from which a file of the engine imports."""
    package = file.parent.parts
    for node in ast.walk(ast.parse((ENGINE / file).read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.level:
            base = package[: len(package) - node.level + 1]
            names = [node.module] if node.module else [alias.name for alias in node.names]
            yield from ((*base, *name.split("."))[0] for name in names)


@pytest.mark.parametrize("file", FILES, ids=str)
def test_a_file_knows_rooms_below_its_own_only(file):
    assert file.parts[0] in KNOWS, f"{file}: a room that docs/architecture.md does not have"
    assert set(rooms_of_imports(file)) - {file.parts[0]} <= KNOWS[file.parts[0]]


@pytest.mark.parametrize("file", FILES, ids=str)
def test_a_file_imports_of_ansible_nothing_but_the_module_class(file):
    text = (ENGINE / file).read_text(encoding="utf-8")
    found = {line for line in text.splitlines() if line.strip().startswith(("from ansible", "import ansible"))}
    assert not found or str(file) in WITH_ANSIBLE, found


def test_no_room_is_below_itself():
    def below(room: str, seen: tuple[str, ...] = ()) -> None:
        assert room not in seen, f"a circle: {seen}"
        for other in KNOWS[room]:
            below(other, (*seen, room))

    for room in KNOWS:
        below(room)


def test_unit_tests_stand_where_their_subjects_do():
    tests = PROJECT / "tests" / "unit"
    others = {"benchmarks", "commands", "images", "modules", "plugins", "project"}
    folders = {path.parent.relative_to(tests) for path in tests.rglob("test_*.py")}
    assert {
        str(folder) for folder in folders if folder.parts[0] not in others and not (ENGINE / folder).is_dir()
    } == set()
