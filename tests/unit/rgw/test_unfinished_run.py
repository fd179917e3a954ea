# SPDX-License-Identifier: Apache-2.0
"""What a run that broke off says."""

from __future__ import annotations

import pytest
from ansible_collections.rgwkit.ceph.plugins.module_utils.base.errors import ToolError
from ansible_collections.rgwkit.ceph.plugins.module_utils.base.login import Login
from ansible_collections.rgwkit.ceph.plugins.module_utils.rgw.acting import ActingFor
from ansible_collections.rgwkit.ceph.plugins.module_utils.rgw.admin_api import AdminClient
from ansible_collections.rgwkit.ceph.plugins.module_utils.rgw.unfinished_run import UnfinishedRun

from tests.unit.rgw.gateway_double import Fault, running_gateway


def test_a_key_that_is_left_stands_in_the_sentence_and_in_the_fields():
    with running_gateway() as gateway:
        gateway.add_user("u")
        gateway.faults = [None, None, Fault(403, "AccessDenied")]

        def connect():
            return AdminClient(gateway.endpoint, Login("A", "s"), wait=0)

        with pytest.raises(UnfinishedRun) as raised, ActingFor(connect) as acting:
            acting.login(connect(), "u")
            raise UnfinishedRun(ToolError("write", "bucket 'b'", "NoSuchThing", "Look."), ["a"], ["b"], "buckets")
    for text in (str(raised.value), raised.value.as_dict()["hint"]):
        assert "Look. Could not remove the run's access key" in text
    assert "Of 2 buckets 1 are done" in str(raised.value)
