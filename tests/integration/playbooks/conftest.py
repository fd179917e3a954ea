# SPDX-License-Identifier: Apache-2.0
"""Running the project's playbooks as a user does, beside whatever demo this host has already."""

from __future__ import annotations

import json
import os
import re
import socket
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Callable, Iterator

import pytest

PROJECT = Path(__file__).resolve().parents[3]
BIN = Path(sys.executable).parent


@dataclass(frozen=True)
class Run:
    """How a playbook ended."""

    code: int
    output: str

    def count(self, word: str) -> int:
        """The number beside a word of the recap: changed, failed, ..."""
        return sum(int(number) for number in re.findall(rf"\b{word}=(\d+)", self.output))


@dataclass(frozen=True)
class Demo:
    """A demo's names and ports."""

    name: str
    directory: Path
    rgw_port: int
    registry_port: int

    @property
    def registry(self) -> str:
        return f"127.0.0.1:{self.registry_port}"

    def variables(self) -> dict[str, object]:
        return {
            "ceph_demo_name": self.name,
            "ceph_demo_rgw_port": self.rgw_port,
            "ceph_demo_storage": "ephemeral",
            "ceph_demo_image": os.environ.get("RGWKIT_CEPH_IMAGE", "rgwkit/ceph:16"),
            "registry_name": f"{self.name}-registry",
            "registry_port": self.registry_port,
            "demo_dir": str(self.directory),
        }

    def secrets(self) -> list[str]:
        """Every secret that the demo keeps in a file of its own."""
        files = {*self.directory.glob("users/*"), *self.directory.glob("*/*.secret")}
        return [file.read_text().strip() for file in files]


def free_port() -> int:
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        port: int = sock.getsockname()[1]
        return port


@pytest.fixture(scope="session")
def make_demo(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Demo]:
    """Makes names and ports for a demo; nothing is started."""

    def make(name: str) -> Demo:
        directory = tmp_path_factory.mktemp(name) / "demo"
        return Demo(f"rgwkit-test-{name}", directory, free_port(), free_port())

    return make


@pytest.fixture(scope="session")
def play() -> Callable[..., Run]:
    """Runs a playbook of the project for a demo, from the project's folder."""

    def run(playbook: str, demo: Demo, *options: str, **variables: object) -> Run:
        extra = json.dumps({**demo.variables(), **variables})
        command = [str(BIN / "ansible-playbook"), f"playbooks/{playbook}.yml", "-e", extra, *options]
        done = subprocess.run(
            command, cwd=PROJECT, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )
        return Run(done.returncode, done.stdout)

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
