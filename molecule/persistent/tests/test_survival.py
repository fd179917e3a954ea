# SPDX-License-Identifier: Apache-2.0
"""Objects that were stored before the container was killed and removed."""

from __future__ import annotations

import swiftclient


def test_the_object_is_there_still(swift_login):
    connection = swiftclient.Connection(*swift_login, retries=0)
    _headers, content = connection.get_object("registry", "molecule-left-this")
    assert content == b"before the kill"
