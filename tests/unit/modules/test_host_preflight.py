# SPDX-License-Identifier: Apache-2.0
"""What is wrong with a host is found on the host itself: real sockets, a real file system."""

from __future__ import annotations

import os
import socket

import pytest
from ansible_collections.rgwkit.ceph.plugins.module_utils.base.findings import Finding
from ansible_collections.rgwkit.ceph.plugins.module_utils.host import checks, needs
from ansible_collections.rgwkit.ceph.plugins.modules import host_preflight

from tests.unit.host.podman_double import Podman


@pytest.fixture(params=[socket.AF_INET, socket.AF_INET6])
def listener(request):
    with socket.socket(request.param) as sock:
        sock.bind(("", 0))
        sock.listen()
        yield sock


def port_of(listener):
    return {"port": listener.getsockname()[1], "purpose": "the registry", "variable": "registry_port"}


def test_a_taken_port_names_its_holder_and_the_variable(run_module, listener):
    result = run_module(host_preflight, root=False, ports=[port_of(listener)])
    assert result["failed"]
    assert f"(process {os.getpid()})" in result["findings"][0]["what"]
    assert "registry_port" in result["findings"][0]["remedy"]


def test_a_free_port_is_no_finding(run_module, listener):
    wanted = port_of(listener)
    listener.close()
    assert run_module(host_preflight, root=False, ports=[wanted])["findings"] == []


def test_a_port_that_is_bound_but_does_not_listen_is_no_finding():
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        assert checks.check_port(sock.getsockname()[1], "x", "y") is None


def test_a_full_disk_says_how_much_is_needed(run_module, tmp_path):
    wanted = {"path": str(tmp_path / "not" / "there" / "yet"), "mib": 1 << 30, "purpose": "the image"}
    finding = run_module(host_preflight, root=False, disk=[wanted])["findings"][0]
    assert f"the image needs {1 << 30} MiB" in finding["what"]
    assert str(tmp_path) in finding["what"]


def test_all_findings_come_at_once(run_module, listener, tmp_path):
    disk = {"path": str(tmp_path), "mib": 1 << 30, "purpose": "the image"}
    result = run_module(host_preflight, root=False, ports=[port_of(listener)], disk=[disk])
    assert len(result["findings"]) == 2
    assert result["msg"].count("remedy:") == 2


@pytest.mark.parametrize("address", ["127.0.0.1", "0.0.0.0", "::1", "[::1]", "::", "localhost"])
def test_addresses_of_this_host(run_module, address):
    wanted = {"address": address, "purpose": "registry", "variable": "registry_address"}
    assert run_module(host_preflight, root=False, addresses=[wanted])["findings"] == []


@pytest.mark.parametrize(
    ("address", "problem"),
    [("192.0.2.77", "on no interface"), ("2001:db8::1", "on no interface"), ("no.such.invalid", "is no address")],
)
def test_addresses_of_others(run_module, address, problem):
    wanted = {"address": address, "purpose": "registry", "variable": "registry_address"}
    (finding,) = run_module(host_preflight, root=False, addresses=[wanted])["findings"]
    assert problem in finding["what"] and "registry_address" in finding["remedy"]


@pytest.mark.parametrize("port", [0, -1, 70000])
def test_a_number_that_is_no_port(run_module, port):
    wanted = {"port": port, "purpose": "the registry", "variable": "registry_port"}
    (finding,) = run_module(host_preflight, root=False, ports=[wanted])["findings"]
    assert "is none" in finding["what"] and "registry_port" in finding["remedy"]


@pytest.mark.parametrize("check", [False, True])
def test_everything_that_a_stock_host_lacks_is_one_message(run_module, monkeypatch, tmp_path, check):
    # No user has this id.
    monkeypatch.setattr(os, "geteuid", lambda: 4_000_000)
    monkeypatch.setenv("DOCKER_HOST", f"unix://{tmp_path}/docker.sock")
    result = run_module(
        host_preflight,
        check,
        docker=True,
        commands=["no-such-command", "sh"],
        python_modules=["no_such_module", "json"],
    )
    assert result["failed"] and result["msg"].startswith("this host is not ready:\n- the tasks run as user id 4000000")
    whats = [finding["what"] for finding in result["findings"]]
    words = ["they need root", "no-such-command", "no_such_module", "docker.sock"]
    assert [[word for word in words if word in what] for what in whats] == [[word] for word in words]
    assert len(whats) == result["msg"].count("remedy: ") == 4


def test_a_host_that_has_all_is_no_finding(run_module, monkeypatch):
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    packages = [{"name": "no-such-package", "version": "1", "purpose": "the test", "instead": "nothing"}]
    found = run_module(host_preflight, commands=["sh"], python_modules=["json"], packages=packages)
    assert found["findings"] == []


def test_a_podman_that_is_old_and_has_no_names_is_one_message(run_module, monkeypatch, tmp_path):
    podman = Podman(tmp_path, monkeypatch)
    podman.answer("--version", "echo podman version 3.4.4")
    podman.answer("info --format", "echo cni")
    result = run_module(host_preflight, root=False, podman=True, podman_network=True, commands=["podman"])
    old, network = result["findings"]
    assert (
        "podman is 3.4, and services need 4.3 or later" in old["what"]
        and "networks are of the kind cni" in network["what"]
    )
    assert result["msg"].count("remedy:") == 2


def test_an_image_is_asked_of_the_program_that_is_checked(run_module, monkeypatch, tmp_path):
    podman = Podman(tmp_path, monkeypatch)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(needs, "_MORE_FOLDERS", ())
    podman.refuse("image inspect", "Error: no such image")
    podman.refuse("manifest inspect", "Error: reading image: no such host")
    podman.answer("--version", "echo podman version 4.3.1")
    images = [{"name": "rgwkit/ceph:18", "pull": "quay.io/ceph/ceph:v18"}]
    found = run_module(host_preflight, root=False, podman=True, images=images)["findings"][-1]
    assert "since podman cannot pull quay.io/ceph/ceph:v18 (reading image: no such host)" in found["what"]
    assert found["remedy"].endswith("or let podman reach the registry")


def test_what_keeps_an_ordinary_user_from_services_is_among_the_findings(run_module, monkeypatch):
    seen = []
    finding = Finding("user.max_user_namespaces is 0", "sysctl -w user.max_user_namespaces=15000")
    monkeypatch.setattr(host_preflight, "check_rootless", lambda network: seen.append(network) or [finding])
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    result = run_module(host_preflight, scope="user", podman_network=False)
    assert seen == [False] and [one["what"] for one in result["findings"]] == ["user.max_user_namespaces is 0"]
    # Root is asked for only where the services are the system's.
    assert "they need root" in run_module(host_preflight)["msg"] and seen == [False]
