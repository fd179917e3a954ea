# SPDX-License-Identifier: Apache-2.0
"""What an instance runs as, by the runtime."""

from __future__ import annotations

import pytest
from ansible_collections.rgwkit.ceph.plugins.module_utils.gateway.running import gateway_process, gateway_version

ONE = {
    "container": "ceph-rgw.h.a",
    "entity": "client.rgw.h.a",
    "data": "/var/lib/ceph/radosgw/ceph-rgw.h.a",
}
BANNER = "ceph version 16.2.15 (618f440892089921) pacific (stable)"


@pytest.mark.parametrize(
    ("cluster", "runtime", "once", "version"),
    [
        ({"cluster": {"versions": {"mgr": ["17.2.8", "18.2.7"]}}}, "cephadm", {}, "18.2.7"),
        ({"cluster": {"versions": {}}}, "cephadm", {}, ""),
        ({"failed": True, "msg": "no monitor answers"}, "cephadm", {}, ""),
        ({}, "docker", {"stdout": BANNER}, "16.2.15"),
        ({}, "podman", {"stdout": BANNER}, "16.2.15"),
        ({}, "docker", {"stdout": "no such file"}, ""),
        ({}, "podman", {"skipped": True}, ""),
        ({"cluster": {"versions": {"mgr": ["18.2.7"]}}}, "package", {"stdout": BANNER}, ""),
    ],
)
def test_the_version_is_the_orchestrator_s_or_the_image_s(cluster, runtime, once, version):
    assert gateway_version(cluster, runtime, once) == version


@pytest.mark.parametrize(
    ("runtime", "place"),
    [
        ("package", {"via": "host", "runtime": ""}),
        ("docker", {"via": "container", "runtime": "docker"}),
        ("podman", {"via": "container", "runtime": "podman"}),
    ],
)
def test_the_process_is_the_instance_s_own(runtime, place):
    assert gateway_process(ONE, runtime, [], "h", "docker") == {**place, **ONE}


def test_a_daemon_of_cephadm_has_a_name_of_its_own_and_cephadm_s_engine():
    daemons = [{"host": host, "name": f"rgw.h.a.{host}.xyz", "container": f"c-{host}"} for host in ("g", "h")]
    assert gateway_process(ONE, "cephadm", daemons, "h", "podman") == {
        "via": "container",
        "runtime": "podman",
        "container": "c-h",
        "entity": "client.rgw.h.a.h.xyz",
        "data": "/var/lib/ceph/radosgw/ceph-rgw.h.a.h.xyz",
    }
