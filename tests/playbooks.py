# SPDX-License-Identifier: Apache-2.0
"""Running the project's playbooks as a user does, beside whatever demo this host has already."""

from __future__ import annotations

import json
import re
import socket
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from tests.ceph import IMAGE

PROJECT = Path(__file__).resolve().parents[1]
BIN = Path(sys.executable).parent


@dataclass(frozen=True)
class Run:
    """How a playbook ended."""

    code: int
    output: str

    def count(self, word: str) -> int:
        """The number beside a word of the recap: changed, failed, ..."""
        return sum(int(number) for number in re.findall(rf"\b{word}=(\d+)", self.output))


def unchanged(output: str) -> bool:
    """Whether a play has come to its recap and changed no host."""
    return "PLAY RECAP" in output and Run(0, output).count("changed") == 0


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
            "demo_name": self.name,
            "ceph_demo_name": self.name,
            "ceph_demo_rgw_port": self.rgw_port,
            "ceph_demo_storage": "ephemeral",
            "ceph_demo_image": IMAGE,
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


def has_ipv6() -> bool:
    """Whether this machine has the address ::1."""
    try:
        socket.create_server(("::1", 0), family=socket.AF_INET6).close()
    except OSError:
        return False
    return True


def new_demo(name: str, directory: Path) -> Demo:
    """Names and ports for a demo; nothing is started."""
    return Demo(f"rgwkit-test-{name}", directory, free_port(), free_port())


def run_playbook(playbook: str | Path, *options: str | Path, **variables: object) -> Run:
    """Run a playbook of the project, or a file, from the project's folder, with these extra variables."""
    file = playbook if isinstance(playbook, Path) else f"playbooks/{playbook}.yml"
    command = [str(BIN / "ansible-playbook"), str(file), "-e", json.dumps(variables), *map(str, options)]
    done = subprocess.run(
        command, cwd=PROJECT, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    return Run(done.returncode, done.stdout)
