# SPDX-License-Identifier: Apache-2.0
"""One version: galaxy.yml, the changelog and every `version_added` agree."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.playbooks import PROJECT

RELEASES = yaml.safe_load((PROJECT / "changelogs/changelog.yaml").read_text())["releases"]
# The release that the fragments and new plugins are for.
NEXT = "0.3.0"
# The plugins that have a page of documentation.
KINDS = ("library", "plugins/callback", "plugins/filter", "plugins/lookup")
PLUGINS = sorted(path for kind in KINDS for path in (PROJECT / kind).glob("*.py"))
FRAGMENTS = sorted(PROJECT.glob("plugins/doc_fragments/*.py"))


def parts(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split("."))


def documentation(path: Path) -> dict[str, Any]:
    """The mapping that a plugin's DOCUMENTATION holds."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Assign) and [ast.unparse(name) for name in node.targets] == ["DOCUMENTATION"]:
            return dict(yaml.safe_load(ast.literal_eval(node.value)))
    raise AssertionError(f"{path} has no DOCUMENTATION")


def options(page: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for name, option in (page.get("options") or page.get("suboptions") or {}).items():
        yield name, option
        yield from options(option)


def listed(release: dict[str, Any], kind: str) -> set[str]:
    entries = release.get("modules", []) if kind == "library" else release.get("plugins", {}).get(kind, [])
    return {entry["name"] for entry in entries}


def test_the_next_release_is_not_made_yet() -> None:
    """After a release, NEXT names the one after it."""
    assert NEXT not in RELEASES


def test_the_collection_has_the_version_of_its_newest_release() -> None:
    newest = max(RELEASES, key=parts)
    assert yaml.safe_load((PROJECT / "galaxy.yml").read_text())["version"] == newest
    assert f"\nv{newest}\n" in (PROJECT / "CHANGELOG.rst").read_text()


@pytest.mark.parametrize("path", PLUGINS, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_a_plugin_is_in_the_notes_of_the_release_that_brought_it(path: Path) -> None:
    since = str(documentation(path)["version_added"])
    assert since == NEXT or path.stem in listed(RELEASES[since], path.parent.name)


@pytest.mark.parametrize("path", [*PLUGINS, *FRAGMENTS], ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_an_option_came_with_a_release(path: Path) -> None:
    for name, option in options(documentation(path)):
        assert str(option.get("version_added", "0.1.0")) in {*RELEASES, NEXT}, name
