# SPDX-License-Identifier: Apache-2.0
"""The demo after a restart of the docker daemon, as after a reboot: all comes back by itself, in any order."""

from __future__ import annotations

import json
import subprocess
import time
import urllib.request
from contextlib import suppress

import pytest

from tests.playbooks import BIN, PROJECT, Run, new_demo

from .private_docker import private_docker

BACK_SECONDS = 90


class Site:
    """A demo of a docker daemon of its own."""

    def __init__(self, docker, demo):
        self.docker, self.demo = docker, demo
        self.registry_name = f"{demo.name}-registry"

    def play(self, playbook, *options, **variables):
        # The daemon has no rules of its own; the machine's let nothing through between containers unknown to them.
        here = {"ceph_demo_storage": "persistent", "ceph_demo_network_mode": "host"}
        extra = {**self.demo.variables(), **here, **variables}
        command = [str(BIN / "ansible-playbook"), f"playbooks/{playbook}.yml", "-e", json.dumps(extra), *options]
        done = subprocess.run(
            command, cwd=PROJECT, env=self.docker.environment, capture_output=True, text=True, check=False
        )
        return Run(done.returncode, done.stdout + done.stderr)

    def restarts(self, name):
        return int(self.docker.tell("inspect", "--format={{.RestartCount}}", name))

    def wait_for(self, *ports):
        """Wait until what listens on these ports answers HTTP."""
        until = time.monotonic() + BACK_SECONDS
        for url in (f"http://127.0.0.1:{port}/" for port in ports):
            while not answers(url):
                states = self.docker.tell("ps", "--all", "--format={{.Names}}: {{.Status}}")
                assert time.monotonic() < until, f"{url} does not answer; {states}"
                time.sleep(0.2)


def answers(url):
    with suppress(OSError):
        urllib.request.urlopen(url, timeout=5).close()
        return True
    return False


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    demo = new_demo("reboot", tmp_path_factory.mktemp("demo"))
    with private_docker(tmp_path_factory.mktemp("docker")) as docker:
        docker.load(str(demo.variables()["ceph_demo_image"]), "rgwkit/registry:2.8")
        site = Site(docker, demo)
        made = site.play("demo")
        assert made.code == 0, made.output[-4000:]
        yield site


def test_the_demo_and_its_registry_come_back_by_themselves(site):
    site.docker.stop()
    site.docker.start()
    site.wait_for(site.demo.rgw_port, site.demo.registry_port)


def test_a_registry_waits_for_its_storage_and_is_there_soon_after_it(site):
    site.docker.tell("stop", site.demo.name)
    site.docker.tell("restart", site.registry_name)
    time.sleep(5)
    assert site.restarts(site.registry_name) == 0
    log = site.docker.tell("logs", site.registry_name)
    assert "panic" not in log
    site.docker.tell("start", site.demo.name)
    site.wait_for(site.demo.rgw_port, site.demo.registry_port)


def test_a_play_starts_a_service_anew_that_docker_pauses(site):
    """A registry whose image does not wait, such as the upstream one, is restarted with longer and longer pauses."""
    bare = site.docker.tell("run", "--detach", "--entrypoint=sleep", "--network=none", "rgwkit/registry:2.8", "60")
    site.docker.tell("commit", '--change=ENTRYPOINT ["docker-registry"]', bare, "rgwkit-test/upstream:1")
    site.docker.tell("rm", "--force", bare)
    upstream = {"registry_image": "rgwkit-test/upstream:1"}
    made = site.play("registry", **upstream)
    assert made.code == 0, made.output[-4000:]
    site.docker.tell("stop", site.demo.name)
    site.docker.tell("restart", site.registry_name)
    while site.restarts(site.registry_name) < 2:
        time.sleep(0.2)
    met = site.play("registry", "--check", **upstream)
    assert f"docker has restarted container {site.registry_name}" in " ".join(met.output.split())
    assert (met.code, met.count("changed")) == (0, 1), met.output[-4000:]
    again = site.play("demo", **upstream)
    assert again.code == 0, again.output[-4000:]
