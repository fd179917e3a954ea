# SPDX-License-Identifier: Apache-2.0
"""What an instance runs as, by the runtime."""

from __future__ import annotations

import pytest
from ansible_collections.rgwkit.ceph.plugins.module_utils.gateway.running import (
    gateway_process,
    gateway_service,
    gateway_version,
)

ONE = {
    "container": "ceph-rgw.h.a",
    "entity": "client.rgw.h.a",
    "data": "/var/lib/ceph/radosgw/ceph-rgw.h.a",
    "port": 80,
    "frontend": "beast",
    "frontend_args": ["tcp_nodelay=1"],
    "ceph_options": {"rgw_x": 1},
    "capabilities": ["NET_BIND_SERVICE"],
    "tmpfs": ["/tmp"],
    "command": ["-f"],
    "environment": {},
    "volumes": [],
    "unit": "ceph-radosgw@rgw.h.a",
    "loaded": "/loaded",
    "certificate": "/c.pem",
    "private_key": "",
}
BANNER = "ceph version 16.2.15 (618f440892089921) pacific (stable)"


@pytest.mark.parametrize(
    ("cluster", "runtime", "run", "version"),
    [
        ({"cluster": {"versions": {"mgr": ["17.2.8", "18.2.7"]}}}, "cephadm", {}, "18.2.7"),
        ({"cluster": {"versions": {}}}, "cephadm", {}, ""),
        ({"failed": True, "msg": "no monitor answers"}, "cephadm", {}, ""),
        ({}, "container", {"stdout": BANNER}, "16.2.15"),
        ({}, "container", {"container": {"Output": BANNER}}, "16.2.15"),
        ({}, "container", {"container": {"Output": "no such file"}}, ""),
        ({}, "container", {"skipped": True}, ""),
        ({"cluster": {"versions": {"mgr": ["18.2.7"]}}}, "package", {"stdout": BANNER}, ""),
    ],
)
def test_the_version_is_the_orchestrator_s_or_the_image_s(cluster, runtime, run, version):
    assert gateway_version(cluster, runtime, run) == version


def test_the_process_is_the_instance_s_own_except_with_cephadm():
    own = {name: ONE[name] for name in ("container", "entity", "data")}
    assert gateway_process(ONE, "package", [], "h") == {"via": "host", **own}
    assert gateway_process(ONE, "container", [], "h") == {"via": "container", **own}
    daemons = [{"host": host, "name": f"rgw.h.a.{host}.xyz", "container": f"c-{host}"} for host in ("g", "h")]
    assert gateway_process(ONE, "cephadm", daemons, "h") == {
        "via": "container",
        "container": "c-h",
        "entity": "client.rgw.h.a.h.xyz",
        "data": "/var/lib/ceph/radosgw/ceph-rgw.h.a.h.xyz",
    }


ENTITY = {"key_digest": "d1", "caps": {"mon": "allow rw"}, "options": {"rgw_x": "1"}}
FOUND = {"entity": ENTITY, "settled": True, "release": lambda: "r", "templates": lambda: "t"}
VARIABLES = ("caps", "config", "pids_limit", "memory", "image", "fsid", "dir", "admin_uid", "verify_uid")
ROLE = {name: name for name in VARIABLES}


@pytest.mark.parametrize(
    ("runner", "loaded", "place"),
    [
        ("package", {"key"}, {"programs": ["/usr/bin/radosgw"], "unit": "ceph-radosgw@rgw.h.a.service"}),
        ("docker", {"key", "container", "limits"}, {"image": "image", "container": ONE["container"]}),
        ("podman", {"key", "container", "limits", "unit"}, {"image": "image", "unit": f"{ONE['container']}.service"}),
        ("cephadm", {"port", "frontend"}, {}),
    ],
)
def test_a_record_has_what_the_runner_gives_the_instance(runner, loaded, place):
    service = gateway_service(ONE, runner, ROLE, {"l": "1"}, FOUND)
    assert set(service["definition"]) == {"options", *loaded}
    assert {
        name: value for name, value in service.items() if name in ("programs", "unit", "image", "container")
    } == place
    assert service["files"] == ["/c.pem"] and service["path"] == ONE["loaded"]
    assert ("managed_files" in service) == (runner != "cephadm")


@pytest.mark.parametrize(
    ("change", "part", "name"),
    [
        ({"key_digest": "d2"}, "definition", "key"),
        ({"caps": {"mon": "allow r"}}, "managed", "caps"),
        ({"options": {}}, "managed", "database"),
    ],
)
def test_what_the_monitors_hold_counts(change, part, name):
    before = gateway_service(ONE, "package", ROLE, {}, FOUND)
    after = gateway_service(ONE, "package", ROLE, {}, {**FOUND, "entity": {**ENTITY, **change}})
    assert [key for key in before[part] if before[part][key] != after[part][key]] == [name]


def test_an_instance_without_a_key_has_a_record_of_its_own():
    service = gateway_service(ONE, "package", ROLE, {}, {**FOUND, "entity": {}})
    assert service["definition"]["key"] is None
