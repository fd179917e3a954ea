# SPDX-License-Identifier: Apache-2.0
"""What the role rgw_gateway derives from its variables."""

from __future__ import annotations

import pytest
from ansible_collections.rgwkit.ceph.plugins.module_utils.gateway.host_gateways import HostGateways

ROLE = {
    "state": "present",
    "runtime": "package",
    "container_engine": "docker",
    "instances": [{"name": "a", "port": 80, "options": {"rgw_x": "instance"}}, {"name": "b", "port": 81}],
    "options": {"rgw_x": "role", "rgw_zone": "south"},
    "frontend_options": {"tcp_nodelay": 1},
    "realm": "",
    "zonegroup": "",
    "zone": "north",
    "dir": "/etc/gw",
}
CEPHADM = {"runtime": "cephadm"}


def gateways(**given):
    return HostGateways({**ROLE, **given}, "h", "/inventory")


def test_of_the_options_of_zone_role_and_instance_the_closest_counts():
    one, other = gateways().instances
    assert one["ceph_options"] == {"rgw_x": "instance", "rgw_zone": "south", "rgw_frontends": one["text"]}
    assert other["ceph_options"]["rgw_x"] == "role"
    assert gateways(options={}).instances[1]["ceph_options"]["rgw_zone"] == "north"


def test_cephadm_tells_its_daemons_where_to_listen_and_has_its_record_elsewhere():
    one = gateways(**CEPHADM).instances[0]
    assert "rgw_frontends" not in one["ceph_options"]
    assert one["loaded"] == "/etc/gw/a.loaded"


@pytest.mark.parametrize(
    ("given", "runner", "owner", "commands"),
    [
        ({}, "package", "ceph", ["systemctl"]),
        ({"runtime": "container"}, "docker", "root", ["docker"]),
        ({"runtime": "container", "container_engine": "podman"}, "podman", "root", ["podman", "systemctl"]),
        ({**CEPHADM, "container_engine": "podman"}, "cephadm", "root", []),
        ({"state": "absent"}, "package", "ceph", []),
    ],
)
def test_runners_differ_in_what_they_need(given, runner, owner, commands):
    found = gateways(**given)
    assert (found.runner, found.owner) == (runner, owner)
    assert found.needs == {
        "docker": runner == "docker",
        "commands": commands,
        "python_modules": ["requests"] if runner == "docker" else [],
    }
    assert runner in found.runners


@pytest.mark.parametrize(
    ("given", "folders"),
    [({}, 3), (CEPHADM, 1), ({**CEPHADM, "state": "absent"}, 3)],
    ids=["package", "cephadm", "removal of what another runner left"],
)
def test_each_instance_has_a_folder_but_those_of_cephadm(given, folders):
    things = gateways(**given).things
    assert len(things) == folders
    assert things[-1] == {"kind": "folder", "name": "/etc/gw", "legacy": "admin.secret", "variable": "rgw_gateway_dir"}
    assert {thing["legacy"] for thing in things[:-1]} <= {"loaded"}


def test_preflight_is_given_no_options_of_ceph():
    (one, _) = gateways().preflight_instances
    assert (one["entity"], one["frontend_options"]) == ("client.rgw.h.a", {"tcp_nodelay": 1})
    assert not {"options", "ceph_options", "environment"} & set(one)


def test_secrets_are_found_by_name_wherever_options_are_given():
    found = gateways(
        options={"rgw_keystone_admin_password": "hidden", "rgw_x": 1},
        frontend_options={"key": "hidden"},
        instances=[
            {"name": "a", "port": 80, "options": {"rgw_sts_key": "hidden", "rgw_keystone_admin_password": "hidden"}},
            {"name": "b", "port": 81, "frontend_options": {"some_secret": "hidden"}},
        ],
    ).secret_options
    assert found == ["key", "rgw_keystone_admin_password", "rgw_sts_key", "some_secret"]


def test_containers_that_tell_a_version_have_names_of_their_own():
    names = {HostGateways(ROLE, host, home).version_container for host, home in (("h", "/i"), ("h", "/j"), ("k", "/i"))}
    assert len(names) == 3


@pytest.mark.parametrize(
    ("given", "planned"),
    [
        ({}, True),
        ({"image_pull": "always"}, True),  # which a package does not read
        ({"package_state": "latest"}, False),
        ({"runtime": "container", "package_state": "latest"}, True),
        ({"runtime": "container", "image_pull": "always"}, False),
        (CEPHADM, False),
        ({"state": "absent"}, False),
        ({"admin_host": ""}, False),
    ],
)
def test_a_run_that_may_find_something_newer_is_not_planned(given, planned):
    role = {"package_state": "present", "image_pull": "missing", "admin_host": "mon1", **given}
    assert gateways(**role).is_planned is planned
