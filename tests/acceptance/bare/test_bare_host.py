# SPDX-License-Identifier: Apache-2.0
"""A Debian host with docker and Python only: what it lacks is one message, and then the demo runs as typed."""

from __future__ import annotations

import json
import subprocess
import time
from pathlib import Path
from typing import Iterator

import pytest

from tests.acceptance.bare.host import SUITES, BareHost, bare_host
from tests.hosts.ssh import SshServer
from tests.playbooks import BIN, PROJECT, run_playbook

DEMO = "cd /root/empty && ../venv/bin/ansible-playbook -i localhost, -c local rgwkit.ceph.demo"
TEARDOWN = (
    "cd /root/empty && ../venv/bin/ansible-playbook -i localhost, -c local rgwkit.ceph.teardown -e remove_data=yes"
)
SUMMARY = "/root/empty/rgwkit-demo/.credentials/summary.txt"
START_SECONDS = 60


@pytest.fixture(scope="module", params=SUITES)
def bare(request: pytest.FixtureRequest) -> Iterator[BareHost]:
    with bare_host("bare", request.param) as host:
        host.do("mkdir -p /run/sshd /root/empty && /usr/sbin/sshd && nohup dockerd >/var/log/dockerd 2>&1 &")
        host.do(f"timeout {START_SECONDS} sh -c 'until docker version; do sleep 1; done'")
        yield host


def messages(output: str) -> list[str]:
    """The errors of a run, without the places that Ansible shows beside each."""
    return [said.partition("Origin:")[0] for said in output.split("[ERROR]")[1:]]


@pytest.fixture(scope="module")
def tarball(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("tarball")
    subprocess.run([PROJECT / "scripts/stage", folder / "stage"], check=True)
    build = [BIN / "ansible-galaxy", "collection", "build", folder / "stage", "--output-path", folder]
    subprocess.run(build, check=True, capture_output=True)
    (found,) = folder.glob("*.tar.gz")
    return found


def test_the_demo_runs_by_name_after_one_message(bare: BareHost, tarball: Path) -> None:
    subprocess.run(["docker", "cp", tarball, f"{bare.name}:/root/rgwkit.tar.gz"], check=True, capture_output=True)
    bare.do("cd /root && python3 -m venv venv && venv/bin/pip install --quiet ansible")
    bare.do("cd /root && venv/bin/ansible-galaxy collection install rgwkit.tar.gz")
    code, output = bare.run(DEMO)
    (said,) = messages(output)
    assert code != 0 and "this host is not ready" in said
    assert "mmdebstrap" in said and "pip install requests" in said and "changed=0" in output
    bare.do("apt-get update -q && apt-get install -q -y --no-install-recommends mmdebstrap")
    bare.do("/root/venv/bin/pip install --quiet requests")
    begin = time.monotonic()
    first = bare.do(DEMO)
    print(f"demo by name: {time.monotonic() - begin:.0f} s", first[-1500:], sep="\n")
    look_at_the_storage_as_the_summary_says(bare)
    assert "changed=0" in bare.do(DEMO)
    bare.do(TEARDOWN)
    assert bare.do("docker ps --all --quiet") == ""


def look_at_the_storage_as_the_summary_says(bare: BareHost) -> None:
    """The summary names no file that a collection has not, says how to get the clients, and its commands run."""
    summary = bare.do(f"cat {SUMMARY}")
    heading, *rest = summary.partition("# Look at")[2].splitlines()
    assert "(pip install python-swiftclient s3cmd)" in heading, summary
    bare.do("/root/venv/bin/pip install --quiet python-swiftclient s3cmd")
    commands = rest[: rest.index("")]
    assert [line.split()[0] for line in commands] == [".", "swift", "s3cmd", "docker"]
    seen = bare.do("\n".join(["set -e", "PATH=/root/venv/bin:$PATH", *commands]))
    assert "files/docker/registry" in seen and "health: HEALTH_" in seen, seen


def test_a_stock_host_over_ssh_gets_one_message(bare: BareHost, tmp_path: Path) -> None:
    server = SshServer(bare.name, bare.port, tmp_path)
    host = server.by_key(server.add_user("op")).variables
    bare.do("echo 'op ALL=(ALL) NOPASSWD: ALL' > /etc/sudoers.d/op && chmod 440 /etc/sudoers.d/op")
    inventory = tmp_path / "hosts.json"
    inventory.write_text(json.dumps({"all": {"children": {"registries": {"hosts": {"stock": host}}}}}))
    given = {"registry_storage": "filesystem", "registry_users": [], "registry_name": "rgwkit-test-stock"}
    for become, lacks in (((), ["root", "requests"]), (("-b",), ["requests"])):
        run = run_playbook("registry", "-i", inventory, *become, **given)
        (said,) = messages(run.output)
        assert run.code != 0 and run.count("changed") == 0 and "this host is not ready" in said, run.output[-4000:]
        assert all(word in said for word in lacks) and "apt install" in said and "python3-requests" in said
        assert said.count("remedy:") == len(lacks) + ("mmdebstrap" in said), said
