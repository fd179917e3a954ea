# SPDX-License-Identifier: Apache-2.0
"""Which releases of Ceph a demo's data may go to."""

from __future__ import annotations

import pytest
from ansible_collections.rgwkit.ceph.plugins.module_utils.base.errors import ToolError
from ansible_collections.rgwkit.ceph.plugins.module_utils.demo.upgrade import release_of, upgrade


@pytest.mark.parametrize("new", ["16", "17", "18", "18.2"])
def test_ceph_upgrades_to_the_next_two_releases(new):
    assert upgrade("demo", "16", "ceph:x", new) == ("16", new, "")


def test_a_longer_way_leads_over_the_last_release_in_reach():
    assert upgrade("demo", "14", "ceph:18", "18").objection == (
        "demo keeps data of Ceph 14, and ceph:18 has Ceph 18: an upgrade passes over one release at most. Next: "
        "upgrade first to Ceph 16 (CEPH=16 for make, -e ceph_image_release=16 for a playbook), or remove the demo with "
        "its data"
    )


@pytest.mark.parametrize("new", ["17", "latest"])
def test_there_is_no_way_back(new):
    objection = upgrade("demo", "18", "ceph:x", new).objection
    assert f"ceph:x has Ceph {new}: Ceph has no way back to an older release. Next: stay with Ceph 18 (" in objection


def test_the_release_is_the_number_before_the_first_dot():
    assert release_of("warning\nceph version 20.3.0-dev (x) tentacle (dev)\n") == "20"
    with pytest.raises(ToolError, match="printed 'command not found'"):
        release_of("command not found")
