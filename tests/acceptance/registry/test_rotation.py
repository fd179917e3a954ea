# SPDX-License-Identifier: Apache-2.0
"""Rotation of the registries' credentials while clients push and pull through a load balancer."""

from __future__ import annotations

import json
import re
import subprocess
import time
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Iterator

import pytest
import requests

from tests.integration.ingress.ingress_host import ingress_host
from tests.integration.processes import command_lines
from tests.playbooks import Demo, Run, free_port, new_demo, run_playbook
from tests.registry_load import registry_load


@dataclass(frozen=True)
class Site:
    """One gateway, two registries on it, a load balancer before them."""

    demo: Demo
    inventory: Path
    balancer: str

    def play(self, playbook: str, *options: str, **variables: object) -> Run:
        return run_playbook(playbook, *options, "-i", "inventories/demo", "-i", self.inventory, **variables)

    def secret(self, name: str) -> str:
        return (self.demo.directory / "users" / name).read_text().strip()

    def swift_status(self, subuser: str, secret: str) -> int:
        login = {"X-Auth-User": f"registry:{subuser}", "X-Auth-Key": secret}
        return requests.get(f"http://127.0.0.1:{self.demo.rgw_port}/auth/v1", headers=login, timeout=10).status_code

    def parts(self) -> tuple[list[str], list[str]]:
        """The subusers and access keys of the user, as radosgw-admin sees them."""
        command = ["docker", "exec", self.demo.name, "radosgw-admin", "user", "info", "--uid=registry"]
        info = json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
        return [subuser["id"] for subuser in info["subusers"]], [key["access_key"] for key in info["keys"]]

    def containers(self) -> list[str]:
        return [self.demo.name, f"{self.demo.name}-registry", f"{self.demo.name}-second"]


@pytest.fixture(scope="module")
def site(tmp_path_factory) -> Iterator[Site]:
    demo = new_demo("rotate", tmp_path_factory.mktemp("rotate") / "demo")
    ports = (demo.registry_port, free_port())
    variables = {
        **demo.variables(),
        # A published port would go on listening for a registry that has stopped to.
        "registry_network": "",
        "registry_swift_authurl": f"http://127.0.0.1:{demo.rgw_port}/auth/v1",
        "registry_users": [],
        "registry_http_secret_file": f"{demo.directory}/http.secret",
        "rgw_users_retire_grace": 2,
    }
    second = {
        **variables,
        "registry_name": f"{demo.name}-second",
        "registry_port": ports[1],
        "registry_dir": f"{demo.directory}/second",
    }
    inventory = tmp_path_factory.mktemp("inventory") / "hosts.json"
    hosts = {"demo": variables, "second": second}
    inventory.write_text(json.dumps({"all": {"children": {"registries": {"hosts": hosts}}}}))
    backends = [{"name": f"on-{port}", "address": "127.0.0.1", "port": port} for port in ports]
    service = {
        "name": "registry",
        "type": "registry",
        "address": "127.0.0.1",
        "port": free_port(),
        "backends": backends,
    }
    with ingress_host(tmp_path_factory.mktemp("ingress"), [service]) as ingress:
        site = Site(demo, inventory, f"http://127.0.0.1:{service['port']}")
        try:
            for playbook, limit in (("demo", "demo"), ("registry", "second")):
                run = site.play(playbook, "--limit", limit)
                assert run.code == 0, run.output[-4000:]
            # A registry that restarts is not drained first: what it does not take goes to the other one.
            balanced = ingress.play()
            assert balanced.code == 0, balanced.output[-4000:]
            yield site
        finally:
            # Both hosts are this one: side by side they would remove the same things.
            site.play("teardown", "--forks", "1", remove_data=True)


@contextmanager
def followed(container: str, log: Path) -> Iterator[None]:
    """Writes down all that the container logs: docker keeps only the last 20 MB, under load those of minutes."""
    with log.open("wb") as output:
        command = ["docker", "logs", "--follow", container]
        with subprocess.Popen(command, stdout=output, stderr=subprocess.STDOUT) as following:
            try:
                yield
            finally:
                following.terminate()


def test_rotation_under_load_loses_nothing_and_shows_no_secret(site, tmp_path):
    old = {name: site.secret(f"registry-a.{name}.secret") for name in ("swift", "s3")}
    gateway_log = tmp_path / "gateway.log"
    with command_lines() as seen, followed(site.demo.name, gateway_log), registry_load(site.balancer) as load:
        while not load.pushed:
            time.sleep(0.1)
        before = len(load.pushed)
        run = site.play("rotate", "-vvvv", "--diff", demo_generation="b")
        during = len(load.pushed) - before
    assert run.code == 0, run.output[-4000:]
    assert load.failures == []
    assert during > 10
    assert load.lost() == []

    assert site.parts() == (["registry:registry-b"], ["registry-b"])
    assert site.swift_status("registry-a", old["swift"]) in (401, 403)
    assert site.swift_status("registry-b", site.secret("registry-b.swift.secret")) == 204
    assert not list((site.demo.directory / "users").glob("registry-a.*"))

    new = {name: site.secret(f"registry-b.{name}.secret") for name in ("swift", "s3")}
    docker = [["docker", "inspect", *site.containers()], *(["docker", "logs", name] for name in site.containers())]
    places = {
        "output": run.output,
        "command lines": b"\n".join(seen).decode(errors="replace"),
        "log of the gateway": gateway_log.read_text(),
        **{" ".join(command[1:]): _output(command) for command in docker},
    }
    assert "TASK [rgwkit.ceph.rgw_users : Remove the retired logins]" in places["output"]
    assert "ansible-playbook" in places["command lines"]
    assert "DELETE /admin/user" in places["log of the gateway"]
    canaries = [*old.values(), *new.values(), *site.demo.secrets()]
    assert not [where for where, text in places.items() for canary in canaries if canary in text]
    # Reports hold no secret, and are for everyone. A registry reads its configuration by its own group.
    secret_to_others = [str(site.demo.directory), "-type", "f", "-not", "-path", "*/verify/*"]
    assert _output(["find", *secret_to_others, "-perm", "/007"]) == ""
    assert _output(["find", *secret_to_others, "-perm", "/070", "-not", "-group", "65532"]) == ""


def test_a_second_run_changes_nothing(site):
    again = site.play("rotate", demo_generation="b")
    assert (again.code, again.count("changed")) == (0, 0), again.output[-4000:]


def test_check_mode_says_what_would_go_and_leaves_it(site):
    run = site.play("rotate", "--check", "--diff", demo_generation="a")
    assert run.code == 0, run.output[-4000:]
    assert "subusers.registry-b" in run.output
    assert site.parts() == (["registry:registry-b"], ["registry-b"])


def test_a_registry_that_does_not_come_up_stops_the_rotation_before_anything_goes(site):
    unreachable = "http://127.0.0.1:9/auth/v1"
    with registry_load(site.balancer) as load:
        run = site.play("rotate", demo_generation="a", registry_swift_authurl=unreachable, registry_ready_timeout=3)
    assert run.code != 0
    assert load.failures == []
    # The second registry was locked and no more.
    recap = run.output.rpartition("PLAY RECAP")[2]
    assert re.search(r"^second .*changed=0 .*failed=0", recap, re.MULTILINE), recap
    assert site.swift_status("registry-b", site.secret("registry-b.swift.secret")) == 204
    goes_on = site.play("rotate", demo_generation="a")
    assert goes_on.code == 0, goes_on.output[-4000:]
    assert site.parts() == (["registry:registry-a"], ["registry-a"])


def test_what_a_registry_uses_is_not_retired(site):
    still_used = {
        "registry_swift_username": "registry:registry-a",
        "registry_swift_secret_file": f"{site.demo.directory}/users/registry-a.swift.secret",
    }
    run = site.play("rotate", demo_generation="b", **still_used)
    assert run.code != 0
    assert "cannot retire registry:registry-a, which consumers still use" in " ".join(run.output.split())
    assert site.swift_status("registry-a", site.secret("registry-a.swift.secret")) == 204


def _output(command: list[str]) -> str:
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=True)
    return done.stdout
