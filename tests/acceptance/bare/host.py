# SPDX-License-Identifier: Apache-2.0
"""A Debian host that lacks nearly everything, as a container in which a docker daemon can run."""

from __future__ import annotations

import subprocess
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Iterator

from tests.playbooks import free_port, run_playbook
from tests.pypi import CERTIFICATES, PIP_ENVIRONMENT

SUITES = ("bookworm", "trixie")
# Where a clone of the project is put.
CLONE = "/root/ceph"
# What dockerd needs inside a container; overlayfs needs a volume. A machine may have less than --privileged wants.
RIGHTS = [f"--cap-add={name}" for name in ("SYS_ADMIN", "NET_ADMIN", "SYS_PTRACE", "DAC_READ_SEARCH")]
RIGHTS += ["--security-opt=seccomp=unconfined", "--security-opt=apparmor=unconfined", "--cgroupns=host"]
RIGHTS += ["--volume=/sys/fs/cgroup:/sys/fs/cgroup", "--volume=/var/lib/docker"]
# From 26 on, docker turns IPv6 off in its containers, which it cannot in a container, where /proc/sys is read-only.
DOCKERD_ENVIRONMENT = "--env=DOCKER_ALLOW_IPV6_ON_IPV4_INTERFACE=1"


@dataclass
class BareHost:
    """name: the container. port: where this machine reaches its port 22."""

    name: str
    port: int

    def run(self, command: str) -> tuple[int, str]:
        """Exit code and output of a command, as root."""
        words = ["docker", "exec", *PIP_ENVIRONMENT, DOCKERD_ENVIRONMENT, self.name, "sh", "-c", command]
        done = subprocess.run(words, stdin=subprocess.DEVNULL, capture_output=True, text=True)
        return done.returncode, done.stdout + done.stderr

    def do(self, command: str) -> str:
        """The output of a command, which has to succeed."""
        code, output = self.run(command)
        assert code == 0, f"{command}\n{output[-4000:]}"
        return output

    def put(self, tree: Path) -> None:
        """Put what a clone of the tree's HEAD has on the host."""
        self.do(f"mkdir -p {CLONE}")
        with subprocess.Popen(["git", "archive", "HEAD"], cwd=tree, stdout=subprocess.PIPE) as archive:
            unpack = ["docker", "exec", "--interactive", self.name, "tar", "--extract", f"--directory={CLONE}"]
            subprocess.run(unpack, stdin=archive.stdout, check=True)
        assert archive.returncode == 0, f"git archive in {tree} ended with {archive.returncode}"


@contextmanager
def bare_host(kind: str, suite: str) -> Iterator[BareHost]:
    """A host of a Debian release, until the block ends. kind: what it has, as host.yml knows it."""
    made = run_playbook(Path(__file__).parent / "host.yml", kind=kind, suite=suite)
    assert made.code == 0, made.output[-4000:]
    host = BareHost(f"rgwkit-test-{kind}-{suite}", free_port())
    options = [CERTIFICATES, f"--publish=127.0.0.1:{host.port}:22", f"--name={host.name}", *RIGHTS]
    begin = ["docker", "run", "--detach", *options, f"rgwkit-test/{kind}:{suite}", "sleep", "infinity"]
    try:
        subprocess.run(begin, check=True, capture_output=True)
        yield host
    finally:
        subprocess.run(["docker", "rm", "--force", "--volumes", host.name], check=True, capture_output=True)
