# SPDX-License-Identifier: Apache-2.0
"""A Debian host with systemd and without docker, as a container."""

from __future__ import annotations

import secrets
import subprocess
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Callable, Iterator, TypeVar

from tests.playbooks import BIN, PROJECT, Run

# What systemd needs to be PID 1, and to give a service mounts of its own.
RIGHTS = ["--cap-add=SYS_ADMIN", "--cap-add=SYS_PTRACE", "--security-opt=seccomp=unconfined"]
RIGHTS += ["--security-opt=apparmor=unconfined", "--cgroupns=host", "--volume=/sys/fs/cgroup:/sys/fs/cgroup"]
RIGHTS += ["--tmpfs=/run", "--tmpfs=/run/lock", "--env=container=docker"]
BOOT_SECONDS = 60


def run(*command: str) -> Run:
    done = subprocess.run(
        command, cwd=PROJECT, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    return Run(done.returncode, done.stdout)


@dataclass
class SystemdHost:
    """A Debian host, as a container. `folder` is on this machine, for inventories."""

    folder: Path
    name: str = field(default_factory=lambda: f"rgwkit-test-{secrets.token_hex(3)}")

    def tell(self, *command: str) -> str:
        """What a command on the host says, whether it succeeds or not."""
        return run("docker", "exec", self.name, *command).output.strip()

    def shown(self, name: str, unit: str) -> str:
        """A property of a unit, in systemd's words."""
        return self.tell("systemctl", "show", "--value", f"--property={name}", unit)

    def header(self, name: str, port: int) -> str:
        """A header of what a registry on the host answers at this port."""
        ask = "import sys, urllib.request; print(urllib.request.urlopen(sys.argv[1], timeout=10).headers[sys.argv[2]])"
        return self.tell("python3", "-c", ask, f"http://127.0.0.1:{port}/v2/", name)

    def write(self, path: str, content: str) -> None:
        """Put a secret onto the host; its own words are the only ones that it ever is among."""
        script = 'umask 077; mkdir -p "${0%/*}"; cat >"$0"'
        command = ["docker", "exec", "--interactive", self.name, "sh", "-c", script, path]
        subprocess.run(command, input=content, text=True, capture_output=True, check=True)

    @property
    def address(self) -> str:
        """Where this machine, and other containers, reach it."""
        return self.tell("hostname", "-I").split()[0]

    def boot(self) -> None:
        """Boot it again; what its units bring up may not be there yet."""
        begun = run("docker", "restart", self.name)
        assert begun.code == 0, begun.output
        self.wait_booted()

    def wait_for(self, holds: Callable[[], bool], what: str, seconds: float = 60) -> None:
        until = time.monotonic() + seconds
        while not holds():
            assert time.monotonic() < until, f"waited {seconds} s for {what}"
            time.sleep(0.2)

    def wait_booted(self) -> None:
        until = time.monotonic() + BOOT_SECONDS
        while (state := self.tell("systemctl", "is-system-running")) not in ("running", "degraded"):
            assert time.monotonic() < until, state
            time.sleep(0.2)


@dataclass(frozen=True)
class Image:
    """The image of a host with systemd.

    recipe: the playbook that makes it; options: those of ansible-playbook for that. rights: what docker run has to give
    a host besides what systemd needs.
    """

    name: str
    recipe: Path
    options: tuple[str, ...] = ()
    rights: tuple[str, ...] = ()

    def make(self) -> Run:
        """Make it, where it is missing."""
        return run(str(BIN / "ansible-playbook"), str(self.recipe), *self.options)


def debian(suite: str = "bookworm") -> Image:
    """The image of a host with this release of Debian."""
    return Image(f"rgwkit-test/systemd:{suite}", Path(__file__).parent / "image.yml", ("-e", f"suite={suite}"))


BOOKWORM = debian()
AnyHost = TypeVar("AnyHost", bound=SystemdHost)


@contextmanager
def booted(host: AnyHost, *options: str, image: Image = BOOKWORM) -> Iterator[AnyHost]:
    """Run the host from an image, which is there, until the block ends; options are docker run's."""
    given = [f"--name={host.name}", *RIGHTS, *image.rights, *options]
    try:
        begun = run("docker", "run", "--detach", *given, image.name)
        assert begun.code == 0, begun.output
        host.wait_booted()
        yield host
    finally:
        run("docker", "rm", "--force", "--volumes", host.name)
