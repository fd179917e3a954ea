# SPDX-License-Identifier: Apache-2.0
"""README's first way, as typed, in a clone on a Debian host with Python, git and make only."""

from __future__ import annotations

import subprocess
import time
from pathlib import Path

import pytest

from tests.acceptance.bare.host import SUITES, BareHost, bare_host
from tests.playbooks import PROJECT, unchanged

CLONE = "/root/ceph"


def clone(host: BareHost, folder: Path) -> None:
    """Clone the project on the host."""
    repository = folder / "ceph.git"
    subprocess.run(["git", "clone", "--quiet", "--bare", PROJECT, repository], check=True)
    subprocess.run(["docker", "cp", repository, f"{host.name}:/root/ceph.git"], check=True, capture_output=True)
    host.do(f"git -c safe.directory='*' clone --quiet /root/ceph.git {CLONE}")


@pytest.mark.parametrize("suite", SUITES)
def test_make_demo_does_all_of_it_on_a_host_that_has_nothing(suite: str, tmp_path: Path) -> None:
    with bare_host("plain", suite) as host:
        assert host.run("command -v docker ansible-playbook mmdebstrap podman")[1] == ""
        clone(host, tmp_path)
        began = time.monotonic()
        first = host.do(f"cd {CLONE} && make demo")
        print(f"make demo on a host that has nothing: {time.monotonic() - began:.0f} s", first[-1500:], sep="\n")
        assert "rgwkit demo is ready and proven." in first and "digests equal" in first
        assert unchanged(host.do(f"cd {CLONE} && make demo"))
        host.do(f"cd {CLONE} && make teardown DATA=yes")
        assert host.do("docker ps --all --quiet; docker volume ls --quiet") == ""
