# SPDX-License-Identifier: Apache-2.0
"""What the role rgw_ingress derives from its variables."""

from __future__ import annotations

import pytest
from ansible_collections.rgwkit.ceph.plugins.module_utils.gateway.host_ingress import HostIngress

TLS = {"certificate": "/c.pem", "key": "/k.pem", "names": ["hub.example"]}
BACKEND = {"name": "r1", "address": "192.0.2.1", "port": 5000}
ROLE = {
    "state": "present",
    "runtime": "container",
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
IMAGE = {"name": "haproxy:2.6", "source": "auto", "pull": "docker.io/haproxy:2.6"}


def ingress(**given):
    return HostIngress({**ROLE, **given}, "/inventory")


@pytest.mark.parametrize(
    ("runtime", "names"),
    [
        ("container", ["container/lb", "container/lb-check", "unit/lb-keepalived.service"]),
        ("package", ["unit/lb.service", "unit/lb-keepalived.service"]),
    ],
)
def test_names_on_the_host_follow_the_runtime(runtime, names):
    things = ingress(runtime=runtime).things
    assert [f"{thing['kind']}/{thing['name']}" for thing in things] == names
    assert {(thing["folder"], thing["variable"]) for thing in things} == {("/etc/lb", "rgw_ingress_name")}


@pytest.mark.parametrize(
    ("runtime", "state", "docker", "commands", "images"),
    [
        ("container", "present", True, ["docker"], [IMAGE]),
        ("container", "absent", True, ["docker"], []),
        ("package", "present", False, ["systemctl"], []),
        ("package", "absent", False, [], []),
    ],
)
def test_needs_follow_runtime_and_state(runtime, state, docker, commands, images):
    modules = ["requests"] if docker else []
    wanted = {"docker": docker, "commands": commands, "python_modules": modules, "images": images}
    assert ingress(runtime=runtime, state=state).needs == wanted


def test_the_container_may_write_to_the_folder_of_the_socket_only():
    folder, run = ingress().mounts
    assert (folder["source"], folder["target"], folder["read_only"]) == ("/etc/lb", "/etc/lb", True)
    assert (run["source"], run["target"], run.get("read_only")) == ("/run/lb", "/run/lb", None)


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


MORE = {"idle_timeout": 600, "pids_limit": 512, "memory": "", "virtual_priority": 100, "virtual_router_id": 51}
NO_ADDRESS = {**MORE, "virtual_address": "", "virtual_interface": ""}


def test_the_records_are_of_haproxy_and_of_keepalived_where_there_is_an_address():
    (haproxy,) = ingress(**NO_ADDRESS).records
    assert (haproxy["container"], haproxy["image"]) == ("lb", "haproxy:2.6")
    assert {"/etc/lb/haproxy.cfg", "/etc/lb/hub.pem"} <= set(haproxy["files"])
    assert {"/c.pem", "/k.pem"} <= set(haproxy["managed_files"])
    address = {"virtual_address": "192.0.2.9/24", "virtual_interface": "eth0"}
    haproxy, keepalived = ingress(runtime="package", **{**NO_ADDRESS, **address}).records
    assert (haproxy["unit"], keepalived["unit"]) == ("lb.service", "lb-keepalived.service")
    assert keepalived["managed"]["variables"]["virtual_address"] == "192.0.2.9/24"


def test_a_changed_service_makes_another_record():
    fewer = ingress(**NO_ADDRESS, services=ROLE["services"][:1]).records
    assert fewer[0]["managed"] != ingress(**NO_ADDRESS).records[0]["managed"]
