# SPDX-License-Identifier: Apache-2.0
"""A registry without docker: Debian's package, run by systemd, on a host that has neither before the first run."""

from __future__ import annotations

import json
import secrets
import subprocess
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Iterator

import pytest

from tests.playbooks import BIN, PROJECT, Run

HERE = Path(__file__).parent
IMAGE = "rgwkit-test/systemd:bookworm"
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
class Host:
    """A Debian host, as a container."""

    folder: Path
    name: str = field(default_factory=lambda: f"rgwkit-test-{secrets.token_hex(3)}")

    def play(self, *options: str, **variables: Any) -> Run:
        """Run playbooks/registry.yml with these variables over those for a registry that keeps blobs in a folder."""
        host = {
            "ansible_connection": "community.docker.docker",
            "ansible_host": self.name,
            "ansible_python_interpreter": "/usr/bin/python3",
            "registry_runtime": "package",
            "registry_name": "hub",
            "registry_port": 5001,
            "registry_storage": "filesystem",
            "registry_probe_layer_sizes": [1024],
            "registry_ready_timeout": 30,
            **variables,
        }
        inventory = self.folder / "hosts.json"
        inventory.write_text(json.dumps({"all": {"children": {"registries": {"hosts": {"one": host}}}}}))
        return run(str(BIN / "ansible-playbook"), "-i", str(inventory), "playbooks/registry.yml", *options)

    def tell(self, *command: str) -> str:
        """What a command on the host says, whether it succeeds or not."""
        return run("docker", "exec", self.name, *command).output.strip()

    def shown(self, name: str, unit: str = "hub") -> str:
        """A property of a unit, in systemd's words."""
        return self.tell("systemctl", "show", "--value", f"--property={name}", unit)

    def header(self, name: str) -> str:
        """A header of what the registry answers."""
        ask = "import sys, urllib.request; print(urllib.request.urlopen(sys.argv[1], timeout=10).headers[sys.argv[2]])"
        return self.tell("python3", "-c", ask, "http://127.0.0.1:5001/v2/", name)

    def wait_booted(self) -> None:
        until = time.monotonic() + BOOT_SECONDS
        while (state := self.tell("systemctl", "is-system-running")) not in ("running", "degraded"):
            assert time.monotonic() < until, state
            time.sleep(0.2)


@contextmanager
def debian_host(folder: Path) -> Iterator[Host]:
    """A host that goes at the end."""
    host = Host(folder)
    try:
        begun = run("docker", "run", "--detach", f"--name={host.name}", *RIGHTS, IMAGE)
        assert begun.code == 0, begun.output
        host.wait_booted()
        yield host
    finally:
        run("docker", "rm", "--force", "--volumes", host.name)


@pytest.fixture(scope="module")
def host(tmp_path_factory):
    made = run(str(BIN / "ansible-playbook"), str(HERE / "package_host.yml"))
    if made.code:
        pytest.skip(f"the image of a host with systemd cannot be made from packages: {made.output[-600:]}")
    with debian_host(tmp_path_factory.mktemp("package")) as host:
        checked = host.play("--check", "--diff")
        assert checked.code == 0, checked.output[-4000:]
        assert host.tell("find", "/etc", "/usr/bin", "-name", "hub*", "-o", "-name", "docker*") == ""
        first = host.play("-vvvv", "--diff")
        assert first.code == 0, first.output[-4000:]
        assert host.tell("cat", "/etc/rgwkit/hub/http.secret") not in first.output
        yield host


def test_a_registry_runs_confined_and_a_second_run_changes_nothing(host):
    began = host.shown("ActiveEnterTimestampMonotonic")
    again = host.play()
    assert (again.code, again.count("changed")) == (0, 0), again.output[-4000:]
    assert host.shown("ActiveEnterTimestampMonotonic") == began
    pid = host.shown("MainPID")
    status = dict(line.split(":", 1) for line in host.tell("cat", f"/proc/{pid}/status").splitlines())
    assert (status["Uid"].split()[0], status["NoNewPrivs"].strip(), status["CapEff"].strip("\t0")) == ("65532", "1", "")
    assert host.tell("stat", "--format=%u %a", "/etc/rgwkit/hub/config.yml") == "65532 600"
    assert host.tell("find", "/etc/rgwkit/hub/data", "-name", "data", "-type", "f") != "", "nothing was pushed"


def test_the_distribution_s_own_registry_stays_off(host):
    assert host.tell("systemctl", "is-enabled", "docker-registry") == "disabled"
    assert host.shown("ActiveState", "docker-registry") == "inactive"
    assert host.shown("ActiveEnterTimestampMonotonic", "docker-registry") == "0", "it has run"


def test_another_configuration_restarts_it_and_a_run_that_was_cut_off_is_made_good(host):
    began = host.shown("ActiveEnterTimestampMonotonic")
    headers = {"registry_headers": {"X-Proof": ["two"]}}
    changed = host.play(**headers)
    assert changed.code == 0, changed.output[-4000:]
    assert host.shown("ActiveEnterTimestampMonotonic") != began
    assert host.header("X-Proof") == "two"
    # As if that run had written the file and not come to the restart.
    restarted = host.shown("ActiveEnterTimestampMonotonic")
    host.tell("touch", "/etc/rgwkit/hub/config.yml")
    repaired = host.play(**headers)
    assert (repaired.code, repaired.count("changed")) == (0, 1), repaired.output[-4000:]
    assert host.shown("ActiveEnterTimestampMonotonic") != restarted


def test_a_configuration_that_the_registry_refuses_changes_nothing(host):
    before = host.shown("ActiveEnterTimestampMonotonic"), host.tell("sha256sum", "/etc/rgwkit/hub/config.yml")
    words = {"realm": "https://auth.test/token", "service": "hub", "issuer": "auth.test"}
    refused = host.play(registry_token={**words, "rootcertbundle": "/etc/docker/registry/missing.pem"})
    assert refused.code != 0 and "was tried beside it and refused" in refused.output, refused.output[-4000:]
    assert "missing.pem: no such file" in refused.output
    after = host.shown("ActiveEnterTimestampMonotonic"), host.tell("sha256sum", "/etc/rgwkit/hub/config.yml")
    assert after == before and host.header("Docker-Distribution-Api-Version") == "registry/2.0"
    assert host.tell("find", "/etc/rgwkit/hub", "-name", "trial") == ""
    assert host.shown("LoadState", "hub-trial") == "not-found"


def test_absent_leaves_nothing(host):
    gone = host.play(registry_state="absent", registry_remove_data=True)
    assert gone.code == 0, gone.output[-4000:]
    assert host.shown("LoadState") == "not-found"
    assert host.tell("find", "/etc/rgwkit", "/etc/systemd/system", "-name", "hub*") == ""
    assert host.tell("ss", "-Hlnt") == "", "something still listens"
