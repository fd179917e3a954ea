# SPDX-License-Identifier: Apache-2.0
"""The workflows of GitHub call existing targets, run as the community package wants them to, and publish only tags."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import yaml

from tests.playbooks import PROJECT

FOLDER = PROJECT / ".github/workflows"
WORKFLOWS = {path.stem: yaml.safe_load(path.read_text()) for path in sorted(FOLDER.glob("*.yml"))}
TARGETS = set(re.findall(r"^([a-z-]+):", (PROJECT / "Makefile").read_text(), re.MULTILINE))


def steps() -> Iterator[tuple[str, dict[str, Any]]]:
    for name, workflow in WORKFLOWS.items():
        for job in workflow["jobs"].values():
            yield from ((name, step) for step in job["steps"])


def called() -> set[str]:
    """The make targets that the workflows call."""
    found = set(WORKFLOWS["ci"]["jobs"]["make"]["strategy"]["matrix"]["target"])
    for _name, step in steps():
        for words in re.findall(r"\bmake ([a-z -]+)$", step.get("run", ""), re.MULTILINE):
            found |= set(words.split())
    return found


def test_every_target_that_is_called_exists() -> None:
    assert {"lint", "unit", "sanity", "molecule", "setup-dev", "build", "sbom", "importer"} <= called() <= TARGETS


def test_each_core_that_the_project_tests_has_a_job() -> None:
    cores = WORKFLOWS["ci"]["jobs"]["cores"]["strategy"]["matrix"]["core"]
    assert cores == re.findall(r'^    "([0-9.]+)": \(', (PROJECT / "scripts/cores").read_text(), re.MULTILINE)


def test_tests_run_for_each_change_and_every_night() -> None:
    assert WORKFLOWS["ci"]["on"].keys() >= {"push", "pull_request", "schedule"}


def test_a_release_is_tagged_tested_and_published_after_that() -> None:
    release = WORKFLOWS["release"]
    assert release["on"].keys() == {"push"} and release["on"]["push"].keys() == {"tags"}
    assert release["jobs"]["publish"]["needs"] == ["build"]
    publishing = [step for _name, step in steps() if "collection publish" in step.get("run", "")]
    assert [step["if"] for step in publishing] == ["env.GALAXY_API_KEY != ''"]
    assert [name for name, workflow in WORKFLOWS.items() if "secrets." in yaml.safe_dump(workflow)] == ["release"]


def test_actions_are_pinned_to_a_commit() -> None:
    used = [step["uses"] for _name, step in steps() if "uses" in step]
    assert used and all(re.fullmatch(r"[\w./-]+@[0-9a-f]{40}", action) for action in used)
