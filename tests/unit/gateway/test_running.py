# SPDX-License-Identifier: Apache-2.0
"""What an instance runs as, by the runtime."""

from __future__ import annotations

import pytest
from ansible_collections.rgwkit.ceph.plugins.module_utils.gateway.running import (
    gateway_definition,
    gateway_process,
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
}
PARTS = {
    "key": "k",
    "version": "18.2.7",
    "image": ["ceph:18", "sha256:1"],
    "labels": {"l": "1"},
    "limits": [8192, ""],
    "unit": "u",
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


@pytest.mark.parametrize(
    ("runner", "names"),
    [
        ("package", {"key", "version"}),
        ("docker", {"key", "version", "image", "labels", "limits", "capabilities", "tmpfs"}),
        ("podman", {"key", "version", "image", "labels", "limits", "capabilities", "tmpfs", "unit"}),
        ("cephadm", {"port", "frontend"}),
    ],
)
def test_a_restart_depends_on_what_the_runner_gives_the_instance(runner, names):
    definition = gateway_definition(ONE, runner, **PARTS)
    assert set(definition) == {"options", *names}
    assert definition["options"] == {"rgw_x": 1}
    known = {**ONE, **PARTS, "frontend": ["beast", ["tcp_nodelay=1"]]}
    assert all(definition[name] == known[name] for name in names)
