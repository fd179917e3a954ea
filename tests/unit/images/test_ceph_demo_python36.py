# SPDX-License-Identifier: Apache-2.0
"""The demo's entrypoint runs on Python 3.6, which images of Ceph up to 18 have."""

from __future__ import annotations

import ast
import sys

import pytest

from tests.playbooks import PROJECT

FILES = sorted((PROJECT / "images" / "ceph-demo").rglob("*.py"))
# What came after 3.6, where no interpreter of that age is at hand to try.
LATER = {"dataclasses", "zoneinfo", "graphlib", "tomllib", "importlib.metadata", "importlib.resources"}


def test_there_are_files():
    assert "__main__.py" in [path.name for path in FILES]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_syntax_and_imports(path):
    tree = ast.parse(path.read_text(), feature_version=(3, 6))
    imported = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    imported |= {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert "__future__" not in imported
    assert not imported & LATER
    modules = {name.split(".")[0] for name in imported}
    assert modules <= set(sys.stdlib_module_names) | {"ceph_demo", "rados"}
