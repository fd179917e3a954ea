# SPDX-License-Identifier: Apache-2.0
"""An instance as a service: its process by the runtime, and what its record has."""

from __future__ import annotations

import pytest
from ansible_collections.rgwkit.ceph.plugins.module_utils.gateway.definition import gateway_definition, gateway_record
from ansible_collections.rgwkit.ceph.plugins.module_utils.gateway.instances import rgw_instances
from ansible_collections.rgwkit.ceph.plugins.module_utils.services.service import Service

PAIR = {"certificate": "/c.pem", "private_key": "/k.pem"}
DATA = "/var/lib/ceph/radosgw/ceph-rgw.h.a"
VARIABLES = ("caps", "config", "memory", "image", "fsid", "dir", "admin_uid", "verify_uid")
ROLE = {
    **{name: name for name in VARIABLES},
    "runtime": "docker",
    "image_pull": "missing",
    "package": "",
    "package_state": "present",
    "pids_limit": 8192,
    "keystone": {},
}
ENTITY = {"key_digest": "d1", "caps": {"mon": "allow rw"}, "options": {"rgw_x": "1"}}
FOUND = {"entity": ENTITY, "release": lambda: "r"}


def instance(**given):
    (one,) = rgw_instances([{"name": "a", "port": 80, **given}], "h", {})
    return {**one, "ceph_options": {"rgw_x": 1}}


def definition(one=None, found=FOUND, **role):
    return gateway_definition(one or instance(), {**ROLE, **role}, "h", "/inventory", found)


def test_a_container_has_what_radosgw_needs_and_no_more():
    given = definition(instance(**PAIR))
    assert [(mount["source"], mount["read_only"]) for mount in given["mounts"]] == [
        ("/etc/ceph", True),
        (DATA, False),
        ("/c.pem", True),
        ("/k.pem", True),
    ]
    assert all(mount["source"] == mount["target"] for mount in given["mounts"])
    both = definition(instance(certificate="/p.pem", private_key="/p.pem"))
    assert [mount["source"] for mount in both["mounts"][2:]] == ["/p.pem"]
    options = Service(given).docker
    assert (options["cap_drop"], options["capabilities"]) == (["ALL"], ["DAC_READ_SEARCH", "NET_BIND_SERVICE"])
    # /etc/ceph keeps its label, since other programs of the host read the folder.
    assert options["security_opts"] == ["no-new-privileges", "label=disable"] and options["read_only"] is True
    assert (options["pids_limit"], options["memory"], options["stop_timeout"]) == (8192, "memory", 130)


KEYSTONE = {"url": "https://k:5000", "password_file": "/p", "ca_file": "/ca.pem"}


def test_a_gateway_with_keystone_reads_its_password_and_the_authority():
    given = definition(keystone=KEYSTONE)
    authority = [mount for mount in given["mounts"] if mount["source"] == "/ca.pem"]
    assert [mount["target"][:8] for mount in authority] == ["/etc/ssl", "/etc/pki"]
    assert given["record"]["files"] == [f"{DATA}/keystone.secret", "/ca.pem"]
    assert "/p" in given["record"]["managed_files"]  # of which the instance has a copy
    assert "/p" not in [mount["source"] for mount in given["mounts"]]
    assert definition()["record"]["files"] == []


def test_a_gateway_of_cephadm_gets_the_password_from_the_monitors():
    assert gateway_record(instance(), {**ROLE, "keystone": KEYSTONE})["files"] == ["/p"]


def test_podman_s_unit_runs_the_same_container_and_waits_for_its_requests():
    text = Service(definition(runtime="podman", memory="")).unit_text
    for word in ("--read-only", "--cap-drop=all", "--cap-add=NET_BIND_SERVICE", "--pids-limit=8192", "--pull=never"):
        assert f'"{word}"' in text
    assert "--log-driver=journald" in text and "--cgroups=split" in text and "--memory" not in text
    assert "TimeoutStopSec=140\n" in text and "Restart=always\n" in text and "StartLimitIntervalSec=0\n" in text
    assert "Description=Ceph object gateway client.rgw.h.a (rgwkit: /inventory)\n" in text


@pytest.mark.parametrize(
    ("package", "packages"),
    [
        ("", {"default": ["radosgw"], "RedHat": ["ceph-radosgw"], "Suse": ["ceph-radosgw"]}),
        ("own", {"default": ["own"]}),
    ],
)
def test_a_package_brings_its_own_unit(package, packages):
    given = definition(runtime="package", package=package)
    assert given["packages"] == packages
    found = Service(given)
    assert (found.unit, found.of_distribution) == ("ceph-radosgw@rgw.h.a.service", True)
    assert "Restart=always" in found.unit_text and "StartLimitIntervalSec=0" in found.unit_text


def test_with_another_runtime_it_is_what_another_run_has_left():
    was = {**definition(runtime="docker"), "runtime": "package"}
    assert Service(was).unit == Service(definition(runtime="package")).unit
    was = {**definition(runtime="package"), "runtime": "podman"}
    assert Service(was).unit == "ceph-rgw.h.a.service"


@pytest.mark.parametrize(
    ("runtime", "place"),
    [
        ("package", {"programs": ["/usr/bin/radosgw"], "unit": "ceph-radosgw@rgw.h.a.service"}),
        ("docker", {"image": "image", "container": "ceph-rgw.h.a"}),
        ("podman", {"image": "image", "unit": "ceph-rgw.h.a.service"}),
    ],
)
def test_a_record_has_what_the_runtime_gives_the_instance(runtime, place):
    record = Service(definition(instance(**PAIR), runtime=runtime)).record
    assert {name: record[name] for name in ("programs", "unit", "image", "container") if name in record} == place
    assert {"options", "key"} <= set(record["definition"])
    assert (record["path"], record["files"]) == (f"{DATA}/loaded", ["/c.pem", "/k.pem"])
    assert {"/etc/ceph/ceph.conf", f"{DATA}/keyring"} <= set(record["managed_files"])
    assert record["block"] == "client.rgw.h.a"


@pytest.mark.parametrize(
    ("change", "part", "name"),
    [
        ({"key_digest": "d2"}, "definition", "key"),
        ({"caps": {"mon": "allow r"}}, "managed", "caps"),
        ({"options": {}}, "managed", "database"),
    ],
)
def test_what_the_monitors_hold_counts(change, part, name):
    before = definition()["record"]
    after = definition(found={**FOUND, "entity": {**ENTITY, **change}})["record"]
    assert [key for key in before[part] if before[part][key] != after[part][key]] == [name]


def test_an_instance_without_a_key_has_a_record_of_its_own():
    assert definition(found={**FOUND, "entity": None})["record"]["definition"]["key"] is None


def test_of_what_cephadm_runs_a_record_has_what_the_orchestrator_is_told():
    one = {**instance(**PAIR), "loaded": "/etc/gw/a.loaded"}
    record = gateway_record(one, ROLE)
    assert (record["path"], record["runtime"], record["files"]) == ("/etc/gw/a.loaded", "cephadm", ["/c.pem", "/k.pem"])
    assert set(record["definition"]) == {"options", "port", "frontend"}
    assert not {"unit", "container", "managed", "managed_files"} & set(record)
