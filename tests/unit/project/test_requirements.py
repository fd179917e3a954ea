# SPDX-License-Identifier: Apache-2.0
"""What hosts need is what docs/requirements.md says, and no more than that."""

from __future__ import annotations

import ast
import importlib
import re
import sys
from pathlib import Path

import pytest
import yaml

from tests.playbooks import PROJECT

PAGE = (PROJECT / "docs/requirements.md").read_text()
TASKS = [*PROJECT.glob("roles/*/tasks/**/*.yml"), *PROJECT.glob("playbooks/*.yml")]
OF_DOCKER = sorted({name for path in TASKS for name in re.findall(r"community\.docker\.(\w+):", path.read_text())})
# Parts that other playbooks import.
PARTS = {
    "groups",
    "lock",
    *(f"{of}_{part}" for of in ("gateway", "ingress", "registry", "portal") for part in ("needs", "turns")),
}
ON_HOSTS = [*(PROJECT / "module_utils").rglob("*.py"), *(PROJECT / "library").glob("*.py")]
# redis is for replicas that share a cache; the role installs it. dns is dnspython, by which a controller updates zones.
PACKAGES = {"ansible", "redis", "dns"}


def test_every_playbook_has_a_row() -> None:
    rows = re.findall(r"^\| (`[^|]*) \|", PAGE.split("### docker")[0], re.MULTILINE)
    named = {name for row in rows for name in re.findall(r"`(\w+)\.yml`", row)}
    assert named == {path.stem for path in (PROJECT / "playbooks").glob("*.yml")} - PARTS


def test_the_page_has_every_module_of_community_docker_that_roles_use() -> None:
    paragraph = next(part for part in PAGE.split("\n\n") if part.startswith("`requests` is what"))
    assert set(re.findall(r"`(docker_\w+)`", paragraph)) == set(OF_DOCKER)


@pytest.mark.parametrize("module", OF_DOCKER)
def test_a_module_of_community_docker_needs_requests_and_no_sdk(module: str) -> None:
    loaded = importlib.import_module(f"ansible_collections.community.docker.plugins.modules.{module}")
    page = yaml.safe_load(loaded.DOCUMENTATION)
    assert "community.docker.docker.api_documentation" in page["extends_documentation_fragment"]
    assert all(need.startswith("Docker API") for need in page["requirements"])


def imported(path: Path) -> set[str]:
    """The top-level packages that a file imports."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            found |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and not node.level:
            found.add(str(node.module).split(".")[0])
    return found


@pytest.mark.parametrize("path", ON_HOSTS, ids=lambda path: str(path.relative_to(PROJECT)))
def test_what_runs_on_hosts_imports_the_standard_library_alone(path: Path) -> None:
    assert imported(path) - set(sys.stdlib_module_names) <= PACKAGES | {"yaml"}


def test_nobody_is_told_to_use_pip_outside_a_virtual_environment() -> None:
    told = re.compile(r"(?<!bin/)\bpip3? install (?!-r|'?ansible\b)")
    texts = {path: path.read_text() for path in [*ON_HOSTS, *TASKS, *PROJECT.glob("docs/*.md"), PROJECT / "README.md"]}
    assert {path for path, text in texts.items() if told.search(text)} == {PROJECT / "module_utils/host/packages.py"}
