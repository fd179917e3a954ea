# SPDX-License-Identifier: Apache-2.0
"""One address on two ingress hosts: it is where HAProxy takes connections, whatever befalls the other host."""

from __future__ import annotations

import ipaddress
import json
import time
from contextlib import contextmanager

import pytest
import requests

from tests.background import in_background
from tests.playbooks import BIN
from tests.swift_load import CONTAINER, TIMEOUT_SECONDS, swift_load

from .debian_host import debian_host, run

PORT = 8080
KEEPALIVED = "rgwkit-ingress-keepalived"
CONFIG = "/etc/rgwkit/rgwkit-ingress/keepalived.conf"
# keepalived's own: three advertisements of a second each are missed, or two checks fail.
MOVES_SECONDS = 5
# A host that loses the address can no longer send the answers to requests under way, and tells no client so. On a slow
# machine each client may wait for such an answer.
CLIENT_SECONDS = 3
PRIORITIES = {"one": 150, "two": 100}


class Pair:
    """Two ingress hosts, by name, before one gateway."""

    def __init__(self, folder, hosts, gateway):
        self.hosts = hosts
        self._inventory = folder / "pair.json"
        self._gateway = gateway.run("hostname", "-i").split()[0]
        subnet = run("docker", "network", "inspect", "--format", "{{(index .IPAM.Config 0).Subnet}}", "bridge").output
        self._network = ipaddress.ip_network(subnet.strip())
        # One of the last; docker gives containers the first ones.
        self.address = str(self._network[-6])

    def play(self, *options, **variables):
        backend = {"name": "gateway", "address": self._gateway, "port": 8080}
        common = {
            "ansible_connection": "community.docker.docker",
            "ansible_python_interpreter": "/usr/bin/python3",
            "rgw_ingress_runtime": "package",
            "rgw_ingress_services": [{"name": "rgw", "type": "rgw", "port": PORT, "backends": [backend]}],
            "rgw_ingress_virtual_address": f"{self.address}/{self._network.prefixlen}",
            "rgw_ingress_virtual_interface": "eth0",
            **variables,
        }
        hosts = {
            name: {"ansible_host": host.name, "rgw_ingress_virtual_priority": PRIORITIES[name]}
            for name, host in self.hosts.items()
        }
        inventory = {"all": {"children": {"ingress": {"hosts": hosts, "vars": common}}}}
        self._inventory.write_text(json.dumps(inventory))
        return run(str(BIN / "ansible-playbook"), "-i", str(self._inventory), "playbooks/ingress.yml", *options)

    def holders(self):
        """The hosts that have the address."""
        return [name for name, host in self.hosts.items() if f" {self.address}/" in host.tell("ip", "-4", "address")]

    def moved_to(self, name):
        """Seconds until that host has the address."""
        began = time.monotonic()
        while name not in self.holders():
            assert time.monotonic() < began + 60, f"waited for {name} to take the address"
            time.sleep(0.1)
        seconds = time.monotonic() - began
        print(f"\n{self.address} is on {name} after {seconds:.1f} s", flush=True)
        return seconds


@pytest.fixture(scope="module")
def pair(tmp_path_factory, gateway):
    folder = tmp_path_factory.mktemp("pair")
    # For keepalived to give the interface an address.
    with debian_host(folder, "--cap-add=NET_ADMIN") as one, debian_host(folder, "--cap-add=NET_ADMIN") as two:
        pair = Pair(folder, {"one": one, "two": two}, gateway)
        checked = pair.play("--check", "--diff")
        assert checked.code == 0, checked.output[-4000:]
        assert one.tell("ls", "/etc/rgwkit") == "ls: cannot access '/etc/rgwkit': No such file or directory"
        first = pair.play()
        assert first.code == 0, first.output[-4000:]
        yield pair


@pytest.fixture
def load(request, pair, gateway):
    """Clients at the address. What they were told is stored is there at the end."""
    pair.moved_to("one")
    timeout = getattr(request, "param", CLIENT_SECONDS)
    with swift_load(pair.address, PORT, gateway.user, gateway.secret, timeout=timeout) as load:
        time.sleep(2)
        yield load
    assert load.stored and load.lost() == []


def served(load, seconds=5):
    before = len(load.stored)
    time.sleep(seconds)
    return len(load.stored) - before


def test_the_host_of_the_highest_priority_has_it_and_a_second_run_changes_nothing(pair):
    pair.moved_to("one")
    again = pair.play()
    assert (again.code, again.count("changed")) == (0, 0), again.output[-4000:]
    assert pair.holders() == ["one"]
    assert pair.hosts["one"].shown("ActiveState", "haproxy") == "inactive", "the distribution's own runs, too"


def test_it_leaves_a_host_whose_haproxy_stops(pair, load):
    pair.hosts["one"].tell("systemctl", "stop", "rgwkit-ingress")
    assert pair.moved_to("two") < MOVES_SECONDS and pair.holders() == ["two"]
    assert served(load) > 0
    pair.hosts["one"].tell("systemctl", "start", "rgwkit-ingress")
    assert pair.moved_to("one") < 2 * MOVES_SECONDS
    assert served(load) > 0 and pair.holders() == ["one"]


def test_it_leaves_while_haproxy_finishes_an_upload(pair, gateway, load):
    """An HAProxy that stops goes on with what it has, and takes nothing new meanwhile."""
    one = pair.hosts["one"]
    with slow_upload(f"http://{one.address}:{PORT}", gateway) as statuses:
        one.tell("systemctl", "stop", "--no-block", "rgwkit-ingress")
        assert pair.moved_to("two") < MOVES_SECONDS
        assert served(load) > 0
        assert one.tell("pidof", "haproxy") and statuses == [], "the upload has ended, so that nothing was shown"
    assert statuses == [201]
    one.tell("systemctl", "start", "rgwkit-ingress")


@contextmanager
def slow_upload(url, gateway):
    """An upload that goes on until the block ends; yields a list that has its status at the end."""
    login = {"X-Auth-User": gateway.user, "X-Auth-Key": gateway.secret}
    token = {"X-Auth-Token": requests.get(f"{url}/auth/v1.0", headers=login, timeout=10).headers["X-Auth-Token"]}
    statuses = []

    def send(_number, stop):
        def content():
            while not stop.is_set():
                yield b"x" * 1024
                time.sleep(0.05)

        answer = requests.put(f"{url}/swift/v1/{CONTAINER}/slow", data=content(), headers=token, timeout=60)
        statuses.append(answer.status_code)

    with in_background(send):
        time.sleep(1)
        yield statuses


def test_it_leaves_a_host_that_dies_and_comes_back_when_that_has_booted(pair, load):
    one = pair.hosts["one"]
    run("docker", "kill", one.name)
    assert pair.moved_to("two") < MOVES_SECONDS
    assert served(load) > 0
    run("docker", "start", one.name)
    one.wait_booted()
    pair.moved_to("one")
    assert served(load) > 0 and pair.holders() == ["one"]


@pytest.mark.parametrize("load", [TIMEOUT_SECONDS], indirect=True)
def test_a_change_moves_nothing_and_one_that_was_cut_off_is_made_good(pair, load):
    one = pair.hosts["one"]
    pid = one.shown("MainPID", KEEPALIVED)
    changed = pair.play("-e", "rgw_ingress_virtual_priority=120")
    assert changed.code == 0 and "120" in one.tell("cat", CONFIG), changed.output[-4000:]
    one.tell("sh", "-c", f"echo another > {CONFIG}.loaded")
    repaired = pair.play("-e", "rgw_ingress_virtual_priority=120")
    assert repaired.code == 0 and repaired.count("changed") > 0, repaired.output[-4000:]
    assert pair.play().code == 0
    assert one.shown("MainPID", KEEPALIVED) == pid and pair.holders() == ["one"]
    assert load.failures == []


def test_absent_leaves_nothing(pair):
    gone = pair.play("-e", "rgw_ingress_state=absent")
    assert gone.code == 0, gone.output[-4000:]
    for host in pair.hosts.values():
        assert host.shown("LoadState", KEEPALIVED) == "not-found"
        assert host.tell("sh", "-c", "pidof keepalived haproxy") == ""
    assert pair.holders() == []
