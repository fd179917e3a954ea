# SPDX-License-Identifier: Apache-2.0
"""Who asks, and in which roles. No role contains another: what each may do is said at each operation."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from enum import Enum

from ..config import RoleGroups


class Role(Enum):
    """user: works in projects. admin: makes projects and sets limits. uber-admin: removes, and reads the audit log."""

    USER = "user"
    ADMIN = "admin"
    UBER_ADMIN = "uber-admin"


@dataclass(frozen=True)
class Identity:
    """What a token or the proxy says of somebody. subject: who; unique and lasting."""

    subject: str
    groups: frozenset[str]


@dataclass(frozen=True)
class Caller:
    """Somebody who has signed in, with roles."""

    identity: Identity
    roles: frozenset[Role]

    @property
    def subject(self) -> str:
        """Who it is."""
        return self.identity.subject

    @property
    def groups(self) -> frozenset[str]:
        """The groups, as the sign-in gives them at this request."""
        return self.identity.groups

    def has(self, *roles: Role) -> bool:
        """Whether one of these roles is the caller's."""
        return not self.roles.isdisjoint(roles)


def roles_of(groups: Collection[str], configured: RoleGroups) -> frozenset[Role]:
    """The roles of somebody in these groups. A role without groups is nobody's."""
    named = {Role.USER: configured.user, Role.ADMIN: configured.admin, Role.UBER_ADMIN: configured.uber_admin}
    return frozenset(role for role, wanted in named.items() if not set(wanted).isdisjoint(groups))
