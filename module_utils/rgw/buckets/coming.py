# SPDX-License-Identifier: Apache-2.0
"""What an earlier task of the same run creates: missing in check mode, and no reason to refuse a plan there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import FrozenSet

from ..acting import ActingFor
from ..admin_api import AdminClient


@dataclass(frozen=True)
class Coming:
    """users: uids, with their tenants ("tenant$uid"). topics: names."""

    users: FrozenSet[str] = frozenset()
    topics: FrozenSet[str] = frozenset()

    def owner(self, acting: ActingFor, client: AdminClient, uid: str) -> bool:
        """Whether a user is not there yet, and comes. Raises ToolError."""
        return uid in self.users and acting.record(client, uid) is None


NOTHING_COMES = Coming()
