# SPDX-License-Identifier: Apache-2.0
"""Demos and playbooks for the tests of this folder."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path
from typing import Callable, Iterator

import pytest

from tests.playbooks import BIN, PROJECT, Demo, Run, new_demo, run_playbook


@pytest.fixture(scope="session")
def make_demo(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Demo]:
    """Makes names and ports for a demo; nothing is started."""

    def make(name: str) -> Demo:
        directory = tmp_path_factory.mktemp(name) / "demo"
        return new_demo(name, directory)

    return make


@pytest.fixture(scope="session")
def play() -> Callable[..., Run]:
    """Runs a playbook of the project for a demo, from the project's folder."""

    def run(playbook: str, demo: Demo, *options: str, **variables: object) -> Run:
        return run_playbook(playbook, *options, **{**demo.variables(), **variables})

    return run


@pytest.fixture(scope="session")
def demo_run(make_demo: Callable[[str], Demo], play: Callable[..., Run]) -> Iterator[tuple[Demo, Run]]:
    """A demo that stands, and the first run that made it, as verbose as Ansible gets."""
    demo = make_demo("main")
    try:
        yield demo, play("demo", demo, "-vvvv", "--diff")
    finally:
        play("teardown", demo, remove_data=True)


@pytest.fixture(scope="session")
def demo(demo_run: tuple[Demo, Run]) -> Demo:
    assert demo_run[1].code == 0, demo_run[1].output[-4000:]
    return demo_run[0]


@pytest.fixture(scope="session")
def collections(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the collection installed from a tarball, and nothing of this clone."""
    root = tmp_path_factory.mktemp("installed")
    stage, galaxy = root / "stage", str(BIN / "ansible-galaxy")
    environment = {**os.environ, "PATH": f"{BIN}:{os.environ['PATH']}"}

    def run(*command: str | Path) -> None:
        subprocess.run(list(map(str, command)), check=True, cwd=root, env=environment, capture_output=True)

    run(PROJECT / "scripts" / "stage", stage)
    run(galaxy, "collection", "build", stage, "--output-path", root)
    (tarball,) = root.glob("rgwkit-ceph-*.tar.gz")
    run(galaxy, "collection", "install", tarball, "-p", root / "collections")
    return root / "collections"
