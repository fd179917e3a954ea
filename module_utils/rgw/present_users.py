# SPDX-License-Identifier: Apache-2.0
"""The users that a run has created, or in check mode would create."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any


def present_users(users: Iterable[Mapping[str, Any]]) -> list[str]:
    """The uids of users that are present, "tenant$uid" with a tenant.

    users: those of a result of the module rgw_users.
    """
    return [
        f"{user['tenant']}${user['uid']}" if user.get("tenant") else str(user["uid"])
        for user in users
        if user.get("state", "present") == "present"
    ]
