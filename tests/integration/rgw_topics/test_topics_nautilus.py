# SPDX-License-Identifier: Apache-2.0
"""What Ceph 14 says of topics."""

from __future__ import annotations

import pytest

from tests.ceph import RELEASE

pytestmark = pytest.mark.skipif(RELEASE > 14, reason="Ceph 14 only")


def test_ceph_14_is_refused(module, owner, name):
    result = module({"name": name, "owner": owner.uid, "push_endpoint": "http://receiver.example"})
    assert (result["failure"]["status"], result["failure"]["code"]) == (501, "NotImplemented")
    assert "that needs Ceph 16" in result["msg"]
