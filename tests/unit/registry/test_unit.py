# SPDX-License-Identifier: Apache-2.0
"""The properties of a registry's unit."""

from __future__ import annotations

import pytest
from ansible_collections.rgwkit.ceph.plugins.module_utils.registry.unit import unit_properties

from tests.unit.registry.variables import DEFAULTS


def properties(**changes):
    return unit_properties({**DEFAULTS, **changes})


@pytest.mark.parametrize(("port", "rights"), [(5000, ""), ("1024", ""), ("443", "CAP_NET_BIND_SERVICE")])
def test_only_a_privileged_port_comes_with_a_right(port, rights):
    assert f"CapabilityBoundingSet={rights}" in properties(port=port)
    assert any(one.startswith("AmbientCapabilities=") for one in properties(port=port)) is bool(rights)


def test_the_unit_sees_its_files_at_the_container_s_paths():
    found = properties(uid=1000)
    assert "User=1000" in found and "BindReadOnlyPaths=/etc/rgwkit/hub:/etc/docker/registry" in found
    assert "ProtectSystem=strict" in found and not any(one.startswith("BindPaths=") for one in found)
    data = properties(storage="filesystem", filesystem_rootdirectory="/blobs")
    assert data[-1] == "BindPaths=/etc/rgwkit/hub/data:/blobs"
