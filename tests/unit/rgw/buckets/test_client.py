# SPDX-License-Identifier: Apache-2.0
"""What the client of buckets makes of answers that no gateway of today gives."""

from __future__ import annotations

import pytest
from ansible_collections.rgwkit.ceph.plugins.module_utils.base.errors import ToolError
from ansible_collections.rgwkit.ceph.plugins.module_utils.base.login import Login
from ansible_collections.rgwkit.ceph.plugins.module_utils.rgw.buckets.client import BucketClient


@pytest.mark.parametrize("fresh, word", [(True, "true"), (False, "false")])
def test_a_user_without_a_sum_is_no_usage_of_zero(gateway, fresh, word):
    client = BucketClient(gateway.endpoint, Login("A", "s"), timeout=2, wait=0)
    with pytest.raises(ToolError, match="without a usage"):
        client.usage_of("al", fresh)
    client.close()
    assert f"sync={word}" in gateway.targets("GET")[-1] and "stats=true" in gateway.targets("GET")[-1]
