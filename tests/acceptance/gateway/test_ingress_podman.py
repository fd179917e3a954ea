# SPDX-License-Identifier: Apache-2.0
"""HAProxy in podman's container on a host without docker, its moves to the package and back, and a service alone."""

from __future__ import annotations

import json

import pytest

from tests.acceptance.gateway.podman_site import PORTS, podman_site
from tests.playbooks import run_playbook

NAME = "rgwkit-ingress"
PORT = 8000
ASK = "import sys, urllib.request; urllib.request.urlopen(sys.argv[1], timeout=10)"
LOADED = f"/etc/rgwkit/{NAME}/loaded"
# What a registry answers, which is all that the check of its type wants.
BACKEND = "import http.server, sys; http.server.test(http.server.SimpleHTTPRequestHandler, port=int(sys.argv[1]))"


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """An ingress as the first run has left it, before a web server with /v2/."""
    with podman_site(tmp_path_factory.mktemp("ingress")) as site:
        site.haproxy = site.push_image("rgwkit/haproxy:2.6", "rgwkit/haproxy:2.6")
        site.tell("mkdir", "-p", "/srv/web/v2")
        unit = ["systemd-run", "--quiet", "--unit=web", "--working-directory=/srv/web", "python3", "-c", BACKEND]
        assert site.tell(*unit, str(PORTS["a"])) == ""
        checked = play(site, "--check", "--diff")
        assert checked.code == 0 and checked.count("changed") > 0, checked.output[-4000:]
        assert "No such file" in site.tell("ls", "/etc/rgwkit") and site.tell("podman", "ps", "--all", "--quiet") == ""
        first = play(site)
        assert first.code == 0, first.output[-4000:]
        yield site


def play(site, *options, **variables):
    backends = [{"name": "web", "address": "127.0.0.1", "port": PORTS["a"]}]
    given = {
        "rgw_ingress_runtime": "podman",
        "rgw_ingress_image_source": "pull",
        "rgw_ingress_image_pull": site.haproxy,
        "rgw_ingress_services": [{"name": "hub", "type": "registry", "port": PORT, "backends": backends}],
    }
    return site.play("ingress", *options, **{**given, **variables})


def serving(site):
    return site.tell("python3", "-c", ASK, f"http://127.0.0.1:{PORT}/v2/") == ""


def container(site, form="{{.Id}}"):
    return site.tell("podman", "inspect", "--format", form, NAME)


def main_pid(site):
    return site.tell("systemctl", "show", "--value", "--property=MainPID", NAME)


def test_a_second_run_changes_nothing(site):
    before = container(site)
    again = play(site)
    assert (again.code, again.count("changed")) == (0, 0), again.output[-4000:]
    assert container(site) == before and serving(site)


def test_haproxy_has_no_rights_that_it_does_not_need(site):
    pid = container(site, "{{.State.Pid}}")
    status = dict(line.split(":", 1) for line in site.tell("cat", f"/proc/{pid}/status").splitlines())
    # CAP_KILL, CAP_SETGID, CAP_SETUID and CAP_NET_BIND_SERVICE.
    assert int(status["CapBnd"], 16) == 1 << 5 | 1 << 6 | 1 << 7 | 1 << 10
    assert status["NoNewPrivs"].strip() == "1"
    assert "Read-only file system" in site.tell("podman", "exec", NAME, "touch", "/usr/sbin/new")


def test_a_change_is_a_reload_of_the_same_container(site):
    before = container(site)
    changed = play(site, rgw_ingress_idle_timeout=601)
    assert changed.code == 0 and changed.count("changed") > 0, changed.output[-4000:]
    assert container(site) == before and serving(site)
    assert play(site).code == 0


def test_killed_it_comes_back(site):
    before = container(site)
    assert site.tell("sh", "-c", f"kill -9 {container(site, '{{.State.Pid}}')}") == ""
    site.wait_for(lambda: container(site) not in (before, "") and serving(site), "HAProxy")


def test_a_configuration_that_haproxy_refuses_is_not_loaded(site):
    before, text = container(site), site.tell("cat", f"/etc/rgwkit/{NAME}/haproxy.cfg")
    nowhere = [{"name": "web", "address": "no-such-host.invalid", "port": 1}]
    services = [{"name": "hub", "type": "registry", "port": PORT, "backends": nowhere}]
    refused = play(site, rgw_ingress_services=services)
    assert refused.code != 0 and "HAProxy refuses the new configuration" in " ".join(refused.output.split())
    assert site.tell("cat", f"/etc/rgwkit/{NAME}/haproxy.cfg") == text and container(site) == before and serving(site)


@pytest.mark.parametrize("runtime", ["package", "podman"])
def test_it_moves_to_another_runtime_and_a_second_run_changes_nothing(site, runtime):
    planned = play(site, "--check", "--diff", rgw_ingress_runtime=runtime)
    assert planned.code == 0 and "runtime" in planned.output, planned.output[-4000:]
    moved = play(site, rgw_ingress_runtime=runtime)
    assert moved.code == 0, moved.output[-4000:]
    site.wait_for(lambda: serving(site), "HAProxy")
    assert json.loads(site.tell("cat", LOADED))["runtime"] == runtime
    assert (container(site).isalnum()) is (runtime == "podman")
    assert site.tell("systemctl", "is-enabled", NAME) == "enabled"
    before = main_pid(site)
    again = play(site, rgw_ingress_runtime=runtime)
    assert (again.code, again.count("changed")) == (0, 0), again.output[-4000:]
    assert main_pid(site) == before


def test_a_move_that_was_cut_off_is_made_good(site):
    site.tell("systemctl", "disable", "--now", NAME)
    site.tell("rm", f"/etc/systemd/system/{NAME}.service")
    assert not serving(site)
    repaired = play(site, rgw_ingress_runtime="package")
    assert repaired.code == 0, repaired.output[-4000:]
    assert serving(site)
    assert play(site).code == 0 and serving(site)


def test_the_image_can_be_made_from_packages(site):
    debian = {"rgw_ingress_image": "rgwkit/haproxy:debian", "rgw_ingress_image_source": "bootstrap"}
    program, away = "/usr/bin/mmdebstrap", "/root/mmdebstrap"
    assert site.tell("mv", program, away) == ""
    refused = play(site, **debian)
    assert refused.code != 0 and "the command mmdebstrap is missing" in " ".join(refused.output.split())
    assert serving(site) and site.tell("mv", away, program) == ""
    made = play(site, **debian)
    assert made.code == 0, made.output[-4000:]
    assert container(site, "{{.ImageName}}") == "localhost/rgwkit/haproxy:debian" and serving(site)
    again = play(site, **debian)
    assert (again.code, again.count("changed")) == (0, 0), again.output[-4000:]


def test_absent_leaves_nothing(site):
    gone = play(site, rgw_ingress_state="absent")
    assert gone.code == 0, gone.output[-4000:]
    assert site.tell("podman", "ps", "--all", "--quiet") == ""
    assert site.tell("sh", "-c", f"ls -d /etc/rgwkit/{NAME} /etc/systemd/system/{NAME}* 2>/dev/null") == ""
    again = play(site, rgw_ingress_state="absent")
    assert (again.code, again.count("changed")) == (0, 0), again.output[-4000:]


def alone(site, tmp_path, state):
    """Bring one service to a state by the role service alone."""
    definition = {
        "name": "lone",
        "runtime": "podman",
        "home": "/inventory",
        "description": "HAProxy alone",
        "role": "service",
        "labels": {"io.rgwkit.home": "/inventory", "io.rgwkit.service": "lone"},
        "image": site.haproxy,
        "entrypoint": ["haproxy"],
        "command": ["-W", "-db", "-f", "/etc/lone/haproxy.cfg"],
        "mounts": [{"source": "/etc/lone", "target": "/etc/lone", "read_only": True}],
        "capabilities": ["KILL", "SETGID", "SETUID"],
        "user": "0",
        "ready_port": {"address": "127.0.0.1", "port": 8099},
        "record": {"path": "/etc/lone/loaded", "files": ["/etc/lone/haproxy.cfg"]},
    }
    role = {"role": "rgwkit.ceph.service", "vars": {"service_definition": definition, "service_state": state}}
    playbook = tmp_path / "lone.yml"
    playbook.write_text(json.dumps([{"hosts": "ingress", "gather_facts": False, "roles": [role]}]))
    return run_playbook(playbook, "-i", site.inventory())


def test_a_service_of_one_s_own_comes_and_goes(site, tmp_path):
    site.tell("mkdir", "-p", "/etc/lone")
    config = "frontend a\n  mode http\n  bind 127.0.0.1:8099\n  timeout client 9s\n  http-request return status 200\n"
    site.put("/etc/lone/haproxy.cfg", config)
    for changes in (True, False):
        run = alone(site, tmp_path, "present")
        assert run.code == 0, run.output[-4000:]
        assert (run.count("changed") > 0) is changes, run.output[-4000:]
    assert site.tell("systemctl", "is-active", "lone") == "active"
    gone = alone(site, tmp_path, "absent")
    assert gone.code == 0, gone.output[-4000:]
    assert site.tell("podman", "ps", "--all", "--quiet") == ""
    assert site.tell("sh", "-c", "ls /etc/systemd/system/lone* 2>/dev/null") == ""
