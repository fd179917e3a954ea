# SPDX-License-Identifier: Apache-2.0
"""A token of Keystone's API v3 and what the answer says of it (Identity API v3, "Password authentication")."""

from __future__ import annotations

from calendar import timegm
from collections.abc import Mapping
from dataclasses import dataclass, field
from time import strptime
from typing import Any

from ..base.secret import Secret


@dataclass(frozen=True)
class Service:
    """One endpoint of the catalogue. interface: public, internal or admin."""

    kind: str
    name: str
    interface: str
    region: str
    url: str


@dataclass(frozen=True)
class Token:
    """issued, expires: seconds since the epoch by Keystone's clock. roles: names of the user's roles in the project.

    project_id, domain_id: what the token is for, one of them empty. role_ids: of the roles, by their names.
    """

    value: Secret
    issued: int
    expires: int
    user_id: str
    project_id: str
    roles: tuple[str, ...]
    catalogue: tuple[Service, ...]
    domain_id: str = ""
    role_ids: Mapping[str, str] = field(default_factory=dict)

    @property
    def lifetime(self) -> int:
        """Seconds for which a token holds."""
        return self.expires - self.issued


def read_token(value: str, document: Any) -> Token:
    """The token of an answer: the field X-Subject-Token and the body. Raises ValueError for any other body."""
    try:
        token: Mapping[str, Any] = document["token"]
        domain: Mapping[str, Any] | None = token.get("domain")
        return Token(
            Secret(value),
            _seconds(token["issued_at"]),
            _seconds(token["expires_at"]),
            str(token["user"]["id"]),
            "" if domain else str(token["project"]["id"]),
            tuple(str(role["name"]) for role in token["roles"]),
            tuple(_services(token.get("catalog") or [])),
            str(domain["id"]) if domain else "",
            {str(role["name"]): str(role["id"]) for role in token["roles"] if "id" in role},
        )
    except (KeyError, TypeError) as error:
        raise ValueError(f"the answer has no {error}") from None


def _services(catalogue: list[Mapping[str, Any]]) -> list[Service]:
    return [
        Service(
            str(service["type"]),
            str(service.get("name") or ""),
            str(endpoint["interface"]),
            str(endpoint.get("region_id") or endpoint.get("region") or ""),
            str(endpoint["url"]),
        )
        for service in catalogue
        for endpoint in service["endpoints"]
    ]


def _seconds(text: str) -> int:
    """Seconds since the epoch of "2026-11-30T10:00:00.000000Z"."""
    return timegm(strptime(str(text)[:19], "%Y-%m-%dT%H:%M:%S"))
