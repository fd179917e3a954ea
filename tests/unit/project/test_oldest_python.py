# SPDX-License-Identifier: Apache-2.0
"""Hosts may have Python 3.8, where only names from typing take parameters outside of annotations (PEP 585)."""

from __future__ import annotations

import ast
import builtins
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.playbooks import PROJECT

FILES = sorted([*PROJECT.glob("module_utils/**/*.py"), *PROJECT.glob("library/*.py")])
GENERIC_BUILTINS = {name for name in dir(builtins) if hasattr(getattr(builtins, name), "__class_getitem__")}


def too_new(source: str) -> list[int]:
    """The lines where a name that takes no parameters on Python 3.8 gets some when the file is run."""
    tree = ast.parse(source)
    names = {*GENERIC_BUILTINS}
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module in ("collections", "collections.abc"):
            names |= {alias.asname or alias.name for alias in node.names}
    return [
        node.lineno
        for node in _evaluated(tree)
        if isinstance(node, ast.Subscript) and isinstance(node.value, ast.Name) and node.value.id in names
    ]


def _evaluated(node: ast.AST) -> Iterator[ast.AST]:
    """All nodes but annotations, which `from __future__ import annotations` keeps as text."""
    yield node
    for field, value in ast.iter_fields(node):
        if field in ("annotation", "returns"):
            continue
        for child in value if isinstance(value, list) else [value]:
            if isinstance(child, ast.AST):
                yield from _evaluated(child)


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(PROJECT)))
def test_nothing_on_hosts_needs_more_than_python_3_8(path: Path) -> None:
    assert too_new(path.read_text()) == []


@pytest.mark.parametrize(
    ("source", "lines"),
    [
        ("from collections.abc import Mapping\nGiven = Mapping[str, int]", [2]),
        ("Config = dict[str, int]", [1]),
        ("from typing import cast\nx = cast(list[str], y)", [2]),
        ("from typing import Mapping\nGiven = Mapping[str, int]", []),
        ("from collections.abc import Mapping\ndef f(a: Mapping[str, int]) -> dict[str, int]: ...", []),
        ("a: dict[str, int] = {}\nb = a['x']", []),
    ],
)
def test_what_is_found(source: str, lines: list[int]) -> None:
    assert too_new(source) == lines
