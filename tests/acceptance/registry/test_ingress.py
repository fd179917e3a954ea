# SPDX-License-Identifier: Apache-2.0
"""Changes of an ingress in use: reload, drain, a gateway without its cluster, what it refuses, and its end."""

from __future__ import annotations

import socket
import subprocess
import threading
import time
from contextlib import contextmanager

import pytest
import requests
import yaml

from tests.certificates import write_self_signed
from tests.integration.ingress.ingress_host import ingress_host, registries
from tests.playbooks import free_port


@pytest.fixture(scope="module")
def ingress(tmp_path_factory, gateway):
    with registries(tmp_path_factory.mktemp("registries"), ["a", "b"]) as ports:
        replicas = [{"name": name, "address": "127.0.0.1", "port": port} for name, port in ports.items()]
        gateways = [{"name": "one", "address": gateway.host, "port": gateway.port}]
        services = [
            {"name": "registry", "type": "registry", "port": free_port(), "backends": replicas},
            {"name": "rgw", "type": "rgw", "port": free_port(), "backends": gateways},
        ]
        with ingress_host(tmp_path_factory.mktemp("lb"), services) as host:
            run = host.play()
            assert run.code == 0, run.output[-4000:]
            yield host


@pytest.fixture
def take(ingress, tmp_path):
    """Runs drain or ready for one of the registries, as a play for its host would."""

    def run(task, backend, **variables):
        names = {"rgw_ingress_service": "registry", "rgw_ingress_backend": backend}
        include = {"name": "rgwkit.ceph.rgw_ingress", "tasks_from": task}
        tasks = [{"name": task, "ansible.builtin.include_role": include, "vars": names}]
        playbook = tmp_path / f"{task}.yml"
        playbook.write_text(yaml.safe_dump([{"hosts": "all", "gather_facts": False, "tasks": tasks}]))
        return ingress.play(playbook=playbook, **variables)

    return run


@contextmanager
def slow_upload(url):
    """An upload that goes on until the block ends; yields a list that has its status at the end."""
    begun = requests.post(f"{url}/v2/slow/blobs/uploads/", timeout=10)
    ended, statuses = threading.Event(), []

    def content():
        while not ended.is_set():
            yield b"x" * 1024
            time.sleep(0.05)

    def send():
        statuses.append(requests.patch(begun.headers["Location"], data=content(), timeout=60).status_code)

    thread = threading.Thread(target=send)
    thread.start()
    try:
        yield statuses
    finally:
        ended.set()
        thread.join()


def busy(ingress):
    """The registry that has a request."""
    until = time.monotonic() + 10
    while True:
        found = [name for name in ("a", "b") if ingress.backend("registry", name)["scur"] == "1"]
        if found:
            return found[0]
        assert time.monotonic() < until, "no registry has a request"
        time.sleep(0.1)


def worker(ingress):
    return next(line for line in ingress.tell("show info").splitlines() if line.startswith("Pid:"))


def registry_url(ingress):
    return f"http://127.0.0.1:{ingress.port('registry')}"


def test_a_reload_ends_no_connection(ingress):
    before = worker(ingress)
    with slow_upload(registry_url(ingress)) as statuses:
        run = ingress.play(rgw_ingress_idle_timeout=601)
        assert run.code == 0, run.output[-4000:]
        assert worker(ingress) != before
        assert statuses == []
    assert statuses == [202]


def test_a_reload_that_was_cut_off_is_made_good(ingress):
    (ingress.folder / "etc" / "loaded").write_text("another one")
    before = worker(ingress)
    run = ingress.play(rgw_ingress_idle_timeout=601)
    assert run.code == 0, run.output[-4000:]
    assert worker(ingress) != before


def test_drain_waits_for_the_last_request_and_ready_puts_the_backend_back(ingress, take):
    with slow_upload(registry_url(ingress)) as statuses:
        name = busy(ingress)
        late = take("drain", name, rgw_ingress_drain_timeout=2)
        assert late.code != 0 and statuses == []
        assert ingress.backend("registry", name)["status"] == "DRAIN"
        had = ingress.backend("registry", name)["stot"]
        for _request in range(10):
            assert requests.get(f"{registry_url(ingress)}/v2/", timeout=10).status_code == 200
        assert ingress.backend("registry", name)["stot"] == had
    assert statuses == [202]
    assert take("drain", name).code == 0
    ready = take("ready", name)
    assert ready.code == 0, ready.output[-4000:]
    assert ingress.backend("registry", name)["status"] == "UP"


def test_an_unknown_backend_is_said(ingress, take):
    run = take("drain", "nobody")
    assert run.code != 0 and "registry/nobody' was not found" in run.output


def test_a_gateway_without_its_cluster_gets_no_requests(ingress, gateway):
    ingress.wait_for("rgw", "one", "UP", 30)
    gateway.run("sh", "-c", "kill -STOP $(pidof ceph-osd)")
    try:
        ingress.wait_for("rgw", "one", "DOWN", 90)
        # What only asks the gateway for a word sees nothing of it.
        assert requests.get(f"{gateway.url}/swift/healthcheck", timeout=10).status_code == 200
        assert requests.get(f"http://127.0.0.1:{ingress.port('rgw')}/", timeout=10).status_code == 503
    finally:
        # A cluster of one OSD has nobody to renew its leases with (PGs stay laggy), until it peers again.
        gateway.run("sh", "-c", "kill -CONT $(pidof ceph-osd); ceph osd down 0")
    ingress.wait_for("rgw", "one", "UP", 60)


def test_what_clients_or_the_host_would_refuse_changes_nothing(ingress, tmp_path):
    before = worker(ingress)
    pair = [write_self_signed(tmp_path / name) for name in ("one.pem", "two.pem")]
    tls = {"certificate": str(pair[0]), "key": str(pair[1]), "names": ["127.0.0.1"]}
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        more = {**ingress.services[0], "name": "more", "port": taken.getsockname()[1]}
        # A certificate is read before anything is asked of the host.
        for change, said in (
            ({"tls": tls}, f"does not belong to the key {pair[1]}"),
            ({}, f"port {more['port']}, wanted for the ingress, is taken by"),
        ):
            run = ingress.play(rgw_ingress_services=[*ingress.services, {**more, **change}])
            assert run.code != 0 and said in run.output, run.output[-4000:]
    assert worker(ingress) == before
    assert requests.get(f"{registry_url(ingress)}/v2/", timeout=10).status_code == 200


def test_keepalived_s_configuration_is_written_and_checked(ingress):
    address = {"rgw_ingress_virtual_address": "192.0.2.10/24", "rgw_ingress_virtual_interface": "docker0"}
    config = ingress.folder / "etc" / "keepalived.conf"
    refused = ingress.play(**address, rgw_ingress_virtual_router_id=999)
    assert refused.code != 0 and not config.exists()
    run = ingress.play(**address)
    assert run.code == 0, run.output[-4000:]
    assert "192.0.2.10/24" in config.read_text()


def test_absent_leaves_nothing(ingress):
    run = ingress.play("-e", "rgw_ingress_state=absent")
    assert run.code == 0, run.output[-4000:]
    assert not (ingress.folder / "etc").exists() and not ingress.socket.parent.exists()
    assert subprocess.run(["docker", "inspect", ingress.name], capture_output=True, check=False).returncode != 0
    again = ingress.play("-e", "rgw_ingress_state=absent")
    assert (again.code, again.count("changed")) == (0, 0)
