# SPDX-License-Identifier: Apache-2.0
"""What the role rgw_ingress derives from its variables."""

from __future__ import annotations

import pytest
from ansible_collections.rgwkit.ceph.plugins.module_utils.gateway.host_ingress import HostIngress
from ansible_collections.rgwkit.ceph.plugins.module_utils.services.definition import complete
from ansible_collections.rgwkit.ceph.plugins.module_utils.services.service import Service

TLS = {"certificate": "/c.pem", "key": "/k.pem", "names": ["hub.example"]}
BACKEND = {"name": "r1", "address": "192.0.2.1", "port": 5000}
ROLE = {
    "state": "present",
    "runtime": "docker",
    "name": "lb",
    "dir": "/etc/lb",
    "socket": "/run/lb/admin.sock",
    "image": "haproxy:2.6",
    "image_source": "auto",
    "image_pull": "docker.io/haproxy:2.6",
    "services": [
        {"name": "rgw", "type": "rgw", "port": 80, "backends": [BACKEND]},
        {"name": "hub", "type": "registry", "port": 443, "tls": TLS, "backends": [BACKEND]},
    ],
}
MORE = {"idle_timeout": 600, "pids_limit": 512, "memory": "", "virtual_priority": 100, "virtual_router_id": 51}
NO_ADDRESS = {**MORE, "virtual_address": "", "virtual_interface": ""}
IMAGE = {"name": "haproxy:2.6", "source": "auto", "pull": "docker.io/haproxy:2.6"}


def ingress(**given):
    return HostIngress({**ROLE, **given}, "/inventory")


@pytest.mark.parametrize(
    ("runtime", "state", "commands", "images"),
    [
        ("docker", "present", ["docker"], [IMAGE]),
        ("docker", "absent", ["docker"], []),
        ("podman", "present", ["podman", "systemctl"], [IMAGE]),
        ("package", "present", ["systemctl"], []),
        ("package", "absent", [], []),
    ],
)
def test_needs_follow_runtime_and_state(runtime, state, commands, images):
    needs = ingress(runtime=runtime, state=state).needs
    assert (needs["docker"], needs["podman"]) == (runtime == "docker", runtime == "podman")
    assert (needs["commands"], needs["images"]) == (commands, images)
    assert needs["python_modules"] == (["requests"] if runtime == "docker" else [])
    packages = [(package["name"], package["version"]) for package in needs["packages"]]
    assert packages == ([("haproxy", "2.4")] if (runtime, state) == ("package", "present") else [])


def test_the_container_may_write_to_the_folder_of_the_socket_only():
    folder, run = ingress(**NO_ADDRESS).haproxy["mounts"]
    assert (folder["source"], folder["target"], folder["read_only"]) == ("/etc/lb", "/etc/lb", True)
    assert (run["source"], run["target"], run.get("read_only")) == ("/run/lb", "/run/lb", None)
    assert (folder["relabel"], run["relabel"]) == ("shared", "shared")


def test_haproxy_has_the_same_rights_in_each_runtime():
    definition = complete(ingress(**NO_ADDRESS).haproxy)
    assert definition["confined"] and definition["capabilities"] == ["KILL", "NET_BIND_SERVICE", "SETGID", "SETUID"]
    unit = Service(ingress(**{**NO_ADDRESS, "runtime": "package"}).haproxy).unit_text
    for name in definition["capabilities"]:
        assert f"CAP_{name}" in unit
    assert "ProtectSystem=strict\nReadWritePaths=/run/lb\n" in unit and "NoNewPrivileges=yes" in unit
    assert "ExecStart=haproxy -Ws -f /etc/lb/haproxy.cfg\n" in unit
    assert "ExecReload=/bin/sh -c 'kill -USR2 $MAINPID'\n" in unit


def test_podman_s_unit_runs_the_container_of_docker():
    unit = Service(ingress(**{**NO_ADDRESS, "runtime": "podman"}).haproxy).unit_text
    for word in ("--cap-drop=all", "--cap-add=SETUID", "--read-only", "--stop-signal=SIGUSR1", "--network=host"):
        assert f'"{word}"' in unit
    assert "ExecReload=podman kill --signal=USR2 lb\n" in unit


def test_certificates_are_those_of_services_with_tls():
    assert ingress().certificates == [{**TLS, "purpose": "the ingress", "variable": "rgw_ingress_services"}]


def test_each_type_of_services_has_a_check():
    assert set(ingress().checks) == {"rgw", "registry"}
    assert all(check["ask"].startswith("/") and check["status"] for check in ingress().checks.values())


@pytest.mark.parametrize(
    ("address", "is_name"), [("192.0.2.1", False), ("2001:db8::1", False), ("gw1", True), ("1.example", True)]
)
def test_a_backend_s_host_name_has_to_be_resolved(address, is_name):
    services = [{**ROLE["services"][0], "backends": [BACKEND, {**BACKEND, "address": address}]}]
    assert ingress(services=services).has_names is is_name


def test_a_changed_service_makes_another_record():
    fewer = ingress(**NO_ADDRESS, services=ROLE["services"][:1]).haproxy
    assert fewer["record"]["managed"] != ingress(**NO_ADDRESS).haproxy["record"]["managed"]


def test_keepalived_is_a_service_of_the_package_where_there_is_an_address():
    (haproxy,) = ingress(**NO_ADDRESS).definitions
    assert {"/etc/lb/haproxy.cfg", "/etc/lb/hub.pem"} <= set(haproxy["record"]["files"])
    assert {"/c.pem", "/k.pem"} <= set(haproxy["record"]["managed_files"])
    address = {"virtual_address": "192.0.2.9/24", "virtual_interface": "eth0"}
    haproxy, keepalived = ingress(runtime="podman", **{**NO_ADDRESS, **address}).definitions
    assert (haproxy["runtime"], keepalived["runtime"]) == ("podman", "package")
    service = Service(keepalived)
    assert service.unit == "lb-keepalived.service" and "(rgwkit: /inventory)\n" in service.unit_text
    assert keepalived["record"]["managed"]["variables"]["virtual_address"] == "192.0.2.9/24"


@pytest.mark.parametrize(("runtime", "command"), [("docker", "docker logs lb"), ("podman", "journalctl --unit=lb")])
def test_people_are_told_where_the_log_is(runtime, command):
    assert ingress(runtime=runtime).log_command == command
