# SPDX-License-Identifier: Apache-2.0
"""Roles and playbooks read booleans and numbers as people give them: `-e name=value` makes a string of every value.

Ansible holds a role's variables against the argument specification and passes the strings on unchanged. In a condition
"no" is true, "5" > 3 fails, and a file gets "yes" for true. Modules convert their options; everything else has to.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, Iterator

import jinja2
import pytest
import yaml
from jinja2 import nodes

from tests.playbooks import PROJECT

ROOT = PROJECT
ROLES = sorted((ROOT / "roles").iterdir())
NUMBERS = {"int", "float"}
CONDITIONS = {"when", "that", "until", "failed_when", "changed_when"}
CASTS = {"bool", "int", "float", "string"}
# Filters and nodes whose result is as uncast as what goes in.
TRANSPARENT = {"default", "d", "first", "last", "mandatory"}
ARITHMETIC = (nodes.Compare, nodes.BinExpr, nodes.UnaryExpr, nodes.Call)


def typed_variables() -> dict[str, str]:
    """Every variable of a role's specification that is a boolean or a number."""
    found: dict[str, str] = {}
    for role in ROLES:
        for entry in yaml.safe_load((role / "meta/argument_specs.yml").read_text())["argument_specs"].values():
            for name, option in entry["options"].items():
                if option.get("type") in {"bool", *NUMBERS}:
                    found[name] = option["type"]
    return found


# Parsing needs none of Ansible's filters.
JINJA = jinja2.Environment()


class Reading:
    """Finds uncast uses in expressions, and variables that hand an uncast value on."""

    def __init__(self, typed: dict[str, str]) -> None:
        self.typed = typed
        self.found: list[str] = []

    def raw(self, node: nodes.Node) -> str | None:
        """The variable whose value this expression has as it was given."""
        if isinstance(node, nodes.Name) and node.name in self.typed:
            return node.name
        if isinstance(node, nodes.Filter) and node.name in TRANSPARENT and node.node is not None:
            given = [node.node, *node.args]
            return next((name for name in map(self.raw, given) if name), None)
        if isinstance(node, nodes.CondExpr):
            branches = [node.expr1] + ([node.expr2] if node.expr2 is not None else [])
            return next((name for name in map(self.raw, branches) if name), None)
        if isinstance(node, (nodes.And, nodes.Or)):
            return self.raw(node.left) or self.raw(node.right)
        return None

    def use(self, parent: nodes.Node, child: nodes.Node, where: str) -> None:
        """Note a use that goes wrong with a string."""
        name = self.raw(child)
        if name is None or self.allowed(parent, child, name):
            return
        self.found.append(f"{where}: {name} ({self.typed[name]}) in {type(parent).__name__}")

    def allowed(self, parent: nodes.Node, child: nodes.Node, name: str) -> bool:
        """Whether the parent converts the value, or hands it on."""
        number = self.typed[name] in NUMBERS
        if isinstance(parent, nodes.Filter):
            return parent.name in CASTS or parent.name in TRANSPARENT or (number and parent.name not in {"ternary"})
        if isinstance(parent, nodes.Test):
            return parent.name in {"defined", "undefined"} or (number and parent.name in {"string", "none"})
        if isinstance(parent, nodes.CondExpr):
            return child is not parent.test
        if isinstance(parent, nodes.If):
            return False
        if isinstance(parent, (nodes.And, nodes.Or, nodes.Not)):
            return False
        if isinstance(parent, nodes.Concat):
            return number
        return not isinstance(parent, (*ARITHMETIC, nodes.Operand))

    def walk(self, node: nodes.Node, where: str) -> None:
        """Every expression below the node."""
        for child in node.iter_child_nodes():
            self.use(node, child, where)
            if isinstance(child, nodes.Operand):
                self.use(node, child.expr, where)
            if isinstance(child, nodes.List) and isinstance(node, nodes.Filter):
                for item in child.items:
                    self.use(nodes.Compare(child, []), item, where)
            self.walk(child, where)

    def condition(self, text: str, where: str) -> None:
        """A bare expression whose truth counts."""
        self.walk(JINJA.parse("{% if " + text + " %}{% endif %}"), where)

    def template(self, text: str, where: str, *, file: bool) -> str | None:
        """A text with expressions; returns the variable whose value it is as a whole."""
        tree = JINJA.parse(text)
        self.walk(tree, where)
        outputs = [part for output in tree.find_all(nodes.Output) for part in output.nodes]
        if len(outputs) == 1 and not file:
            return self.raw(outputs[0])
        for part in outputs:
            name = self.raw(part)
            if name and self.typed[name] == "bool":
                self.found.append(f"{where}: {name} (bool) is written as it was given")
        return None


def files() -> Iterator[Path]:
    """What Ansible reads of the project, but for specifications."""
    yield from sorted((ROOT / "playbooks").glob("*.yml"))
    for role in ROLES:
        for folder in ("tasks", "vars", "defaults", "handlers"):
            yield from sorted((role / folder).rglob("*.yml"))


def read(reading: Reading, value: Any, where: str, key: str = "") -> Iterator[tuple[str, str]]:
    """All texts of a YAML value; yields variables that get another's value as it was given."""
    if isinstance(value, dict):
        for name, below in value.items():
            inside = "variables" if name in {"vars", "ansible.builtin.set_fact"} else str(name)
            if isinstance(below, str) and key == "variables":
                same = reading.template(below, f"{where}: {name}", file=False)
                if same:
                    yield str(name), reading.typed[same]
            else:
                yield from read(reading, below, where, inside)
    elif isinstance(value, list):
        for item in value:
            yield from read(reading, item, where, key)
    elif isinstance(value, str) and key in CONDITIONS:
        reading.condition(value, f"{where}: {key}")
    elif isinstance(value, str):
        reading.template(value, f"{where}: {key}", file=False)


def uncast(sources: dict[str, str], typed: dict[str, str]) -> list[str]:
    """Uses of typed variables that go wrong with a string, in the texts of files by their paths."""
    typed = dict(typed)
    while True:
        reading = Reading(typed)
        handed: dict[str, str] = {}
        for path, text in sources.items():
            if path.endswith(".j2"):
                reading.template(text, path, file=True)
            else:
                top = "variables" if "/vars/" in path or "/defaults/" in path else ""
                handed.update(read(reading, yaml.safe_load(text) or {}, path, top))
        if handed.keys() <= typed.keys():
            return reading.found
        typed = {**handed, **typed}


def test_strings_are_cast_wherever_their_kind_counts() -> None:
    paths = [*files(), *(path for role in ROLES for path in sorted(role.rglob("*.j2")))]
    found = uncast({str(path.relative_to(ROOT)): path.read_text() for path in paths}, typed_variables())
    assert not found, "\n".join(found)


TYPED = {"keep": "bool", "grace": "int"}


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("tasks.yml", "- when: keep"),
        ("tasks.yml", "- when: [other, not keep]"),
        ("tasks.yml", "- when: keep | default(false)"),
        ("tasks.yml", "- that: other or keep"),
        ("tasks.yml", "- until: grace > 3"),
        ("tasks.yml", "- msg: \"{{ 'a' if keep else 'b' }}\""),
        ("tasks.yml", "- msg: \"{{ keep | ternary('a', 'b') }}\""),
        ("tasks.yml", '- msg: "{{ grace + 1 }}"'),
        ("tasks.yml", '- msg: "{{ [grace, 5] | max }}"'),
        ("tasks.yml", '- msg: "{{ range(grace) | list }}"'),
        ("tasks.yml", '- msg: "it is {{ keep }}"'),
        ("roles/x/vars/main.yml", '__kept: "{{ keep }}"\n__said: "{{ 1 if __kept else 2 }}"'),
        ("tasks.yml", '- set_fact: 1\n  vars: {same: "{{ grace }}"}\n  when: same < 3'),
        ("file.j2", "{% if keep %}yes{% endif %}"),
        ("file.j2", "keep = {{ keep }}"),
    ],
)
def test_an_uncast_use_is_found(path: str, text: str) -> None:
    assert uncast({path: text}, TYPED)


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("tasks.yml", "- when: keep | bool and grace | int > 3"),
        ("tasks.yml", "- when: keep is defined"),
        ("tasks.yml", '- module: {keep: "{{ keep }}", grace: "{{ grace }}", text: "{{ grace }}s"}'),
        ("tasks.yml", '- msg: "{{ [grace | int, 5] | max }}"'),
        ("file.j2", "{{ grace }} {{ keep | bool }} {% if keep | bool %}{% endif %}"),
    ],
)
def test_a_cast_use_is_not(path: str, text: str) -> None:
    assert not uncast({path: text}, TYPED)
