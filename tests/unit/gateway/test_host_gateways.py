# SPDX-License-Identifier: Apache-2.0
"""What the role rgw_gateway derives from its variables."""

from __future__ import annotations

import pytest
from ansible_collections.rgwkit.ceph.plugins.module_utils.gateway.host_gateways import HostGateways

ROLE = {
    "state": "present",
    "runtime": "package",
    "instances": [{"name": "a", "port": 80, "options": {"rgw_x": "instance"}}, {"name": "b", "port": 81}],
    "options": {"rgw_x": "role", "rgw_zone": "south"},
    "frontend_options": {"tcp_nodelay": 1},
    "realm": "",
    "zonegroup": "",
    "zone": "north",
    "dir": "/etc/gw",
    "keystone": {},
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
    ("given", "owner", "commands"),
    [
        ({}, "ceph", ["systemctl"]),
        ({"runtime": "docker"}, "root", ["docker"]),
        ({"runtime": "podman"}, "root", ["podman", "systemctl"]),
        (CEPHADM, "root", []),
        ({"runtime": "docker", "state": "absent"}, "root", []),
        ({"state": "absent"}, "ceph", []),
    ],
)
def test_runtimes_differ_in_what_they_need(given, owner, commands):
    found = gateways(**given)
    assert found.owner == owner
    assert found.needs == {
        "docker": commands[:1] == ["docker"],
        "podman": commands[:1] == ["podman"],
        "commands": commands,
        "python_modules": ["requests"] if commands[:1] == ["docker"] else [],
    }


@pytest.mark.parametrize(
    ("given", "folders"),
    [({}, 3), (CEPHADM, 1), ({**CEPHADM, "state": "absent"}, 3)],
    ids=["package", "cephadm", "removal of what another runtime left"],
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


KEYSTONE = {"url": "https://k:5000/v3", "user": "rgw", "password_file": "/p", "ca_file": "/ca.pem"}


def test_keystone_s_options_go_before_all_others():
    found = gateways(keystone=KEYSTONE, options={"rgw_keystone_url": "https://other"})
    one = found.instances[0]["ceph_options"]
    assert one["rgw_keystone_url"] == "https://k:5000" and one["rgw_x"] == "instance"
    assert one["rgw_keystone_admin_password_path"] == "/var/lib/ceph/radosgw/ceph-rgw.h.a/keystone.secret"
    assert found.keystone_conflicts == ["rgw_keystone_url"]
    assert gateways(keystone=KEYSTONE).keystone_conflicts == gateways().keystone_conflicts == []


def test_cephadm_s_gateways_read_no_file_with_the_password():
    one = gateways(keystone=KEYSTONE, **CEPHADM).instances[0]
    assert not [name for name in one["ceph_options"] if "password" in name]


def test_keystone_is_checked_for_the_gateways_own_urls_or_for_those_of_clients():
    assert gateways().keystone == {}
    found = gateways(keystone=KEYSTONE, options={"rgw_swift_url_prefix": "/"}).keystone
    assert (found["gateway_urls"], found["url_prefix"]) == (["http://127.0.0.1:80", "http://127.0.0.1:81"], "/")
    given = {**KEYSTONE, "catalogue_urls": ["https://objects"]}
    assert gateways(keystone=given).keystone["gateway_urls"] == ["https://objects"]


DEFINED = {
    **{name: name for name in ("caps", "config", "memory", "image", "fsid", "admin_uid", "verify_uid")},
    "image_pull": "never",
    "package": "",
    "package_state": "present",
    "pids_limit": 0,
}


def test_each_instance_is_defined_with_its_own_key():
    entities = [{"name": f"client.rgw.h.{name}", "key_digest": f"of {name}"} for name in ("b", "a")]
    role = {**ROLE, **DEFINED, "runtime": "docker"}
    found = HostGateways(role, "h", "/inventory", entities=entities, release=lambda: "r")
    assert [(one["name"], one["record"]["definition"]["key"]) for one in found.services] == [
        ("ceph-rgw.h.a", "of a"),
        ("ceph-rgw.h.b", "of b"),
    ]
    assert {(one["home"], one["labels"]["io.rgwkit.gateway"]) for one in found.services} == {("/inventory", "h")}
    one = HostGateways(role, "h", "/inventory", found.instances[1])
    assert (one.service["name"], one.service["record"]["definition"]["key"]) == ("ceph-rgw.h.b", None)
    assert HostGateways({**role, **CEPHADM}, "h", "/inventory", found.instances[1]).record["runtime"] == "cephadm"


@pytest.mark.parametrize(
    ("given", "planned"),
    [
        ({}, True),
        ({"image_pull": "always"}, True),  # which a package does not read
        ({"package_state": "latest"}, False),
        ({"runtime": "docker", "package_state": "latest"}, True),
        ({"runtime": "podman", "image_pull": "always"}, False),
        (CEPHADM, False),
        ({"state": "absent"}, False),
        ({"admin_host": ""}, False),
    ],
)
def test_a_run_that_may_find_something_newer_is_not_planned(given, planned):
    role = {"package_state": "present", "image_pull": "missing", "admin_host": "mon1", **given}
    assert gateways(**role).is_planned is planned
