# SPDX-License-Identifier: Apache-2.0
"""How a container was run, from what docker says of it."""

from __future__ import annotations

from ansible_collections.rgwkit.ceph.plugins.module_utils.registry.container import registry_container

MOUNT = {"Type": "bind", "Source": "/etc/hub", "Target": "/etc/docker/registry", "ReadOnly": True}


def test_mounts_and_ports():
    seen = {"Mounts": [MOUNT], "PortBindings": {"5000/tcp": [{"HostIp": "::1", "HostPort": "5001"}]}}
    run = registry_container({"HostConfig": seen})
    assert run["mounts"] == [
        {"type": "bind", "source": "/etc/hub", "target": "/etc/docker/registry", "read_only": True}
    ]
    assert (run["ports"], run["address"]) == (["[::1]:5001:5000"], "[::1]:5001")


def test_the_host_s_network_has_none():
    run = registry_container({"HostConfig": {"Mounts": None, "PortBindings": {}}})
    assert run == {"mounts": [], "ports": [], "address": ""}
