# SPDX-License-Identifier: Apache-2.0
"""A name server that is none. A real BIND has the rest (tests/integration/dns)."""

from __future__ import annotations

import pytest
from ansible_collections.rgwkit.ceph.plugins.module_utils.base.errors import InputError, ToolError
from ansible_collections.rgwkit.ceph.plugins.module_utils.dns.name_server import NameServer


def test_an_empty_name_is_not_this_host():
    with pytest.raises(InputError, match=r"the name server is empty\. Next: give its name or address"):
        NameServer(" ", 53, 1)


def test_nobody_there():
    with pytest.raises(ToolError, match=r"Could not read A of s3\.example\.com at 127\.0\.0\.1:1: Connection refused"):
        NameServer("127.0.0.1", 1, 1).answers("s3.example.com")
