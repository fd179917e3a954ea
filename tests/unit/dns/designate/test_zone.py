# SPDX-License-Identifier: Apache-2.0
"""The state ERROR of a recordset, which the tests' Designate does not come to. tests/integration/dns has the rest."""

from __future__ import annotations

import json

import pytest
from ansible_collections.rgwkit.ceph.plugins.module_utils.base.errors import ToolError
from ansible_collections.rgwkit.ceph.plugins.module_utils.base.secret import Secret
from ansible_collections.rgwkit.ceph.plugins.module_utils.dns.designate.client import Designate
from ansible_collections.rgwkit.ceph.plugins.module_utils.dns.designate.zone import DesignateZone
from ansible_collections.rgwkit.ceph.plugins.module_utils.http.endpoint import Endpoint

from tests.hostile_servers import fixed, hostile_server

NAME = "s3.example.com"
ZONE = {"id": "1", "name": "example.com.", "ttl": 300}


def settle(status: str) -> None:
    """Wait for a name whose recordset has this state whenever it is asked for."""
    recordset = {"id": "2", "name": f"{NAME}.", "type": "A", "records": ["192.0.2.10"], "status": status}
    answer = {**recordset, "zones": [ZONE], "recordsets": [recordset]}
    with hostile_server(fixed(json.dumps(answer).encode())) as url:
        designate = Designate(Endpoint.parse(f"http://{url}"), Secret("t"), 5)
        DesignateZone(designate, "example.com", "the project p", 0.3, None).settle([NAME])


@pytest.mark.parametrize(
    ("status", "said"), [("ERROR", "the status is ERROR"), ("PENDING", "still PENDING after 0.3 s")]
)
def test_what_has_not_arrived_is_said(status, said):
    with pytest.raises(ToolError) as failed:
        settle(status)
    assert f"Could not publish A of {NAME} in the zone example.com at Designate" in str(failed.value)
    assert said in str(failed.value) and "designate-worker" in failed.value.hint


def test_what_is_active_has_arrived():
    settle("ACTIVE")
