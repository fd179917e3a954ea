# SPDX-License-Identifier: Apache-2.0
"""The rate limits of a whole gateway: for users and buckets that have none of their own, and for anonymous requests.

Sources: Ceph documentation "Rate Limit Management" (radosgw/admin) and "Admin Operations" (radosgw/adminops); answers
of Ceph 18.2.7 and 20.2.4. Ceph 14.2.21 and 16.2.15 answer 405. A gateway reads these limits when it starts.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Dict

from ..base.errors import InputError, ToolError, checked
from .admin_api import AdminClient
from .admin_errors import NOT_A_GATEWAY, Attempt
from .admin_session import json_of, success
from .report_words import change_line, shown
from .user_ratelimit import LIMITS, NO_LIMITS
from .user_values import GROUPS

Limits = Dict[str, Any]
_PATH = "/admin/ratelimit"
# Options -> the word of a request. Answers have "user_ratelimit" and so on.
SCOPES = {"user": "user", "bucket": "bucket", "anonymous": "anon"}


@dataclass(frozen=True)
class Plan:
    """before, after: all limits, by scope."""

    before: Mapping[str, Limits]
    after: Mapping[str, Limits]

    @property
    def scopes(self) -> list[str]:
        """The scopes that change."""
        return [scope for scope in SCOPES if self.before[scope] != self.after[scope]]

    @property
    def changes(self) -> list[str]:
        """A line for each change."""
        return [
            change_line(f"{scope}.{name}", shown(self.before[scope][name]), shown(value))
            for scope in self.scopes
            for name, value in self.after[scope].items()
            if self.before[scope][name] != value
        ]


def parse_limits(given: Mapping[str, Mapping[str, Any] | None]) -> dict[str, Limits]:
    """Check what a module's parameters mention of each scope. Raises InputError, whose text names the option.

    given: by scope; null, for a scope or a limit, is what a new gateway has: no limit.
    """
    wanted: dict[str, Limits] = {}
    for scope, limits in given.items():
        if limits is None:
            wanted[scope] = dict(NO_LIMITS)
            continue
        checks = GROUPS["rate_limit"]
        wanted[scope] = {
            name: NO_LIMITS[name] if value is None else checked(f"{scope}.{name}", checks[name], value)
            for name, value in limits.items()
        }
        if any(value is not None for value in limits.values()):
            wanted[scope].setdefault("enabled", True)  # a limit that is written down is meant to hold
    return wanted


def reconcile_limits(client: AdminClient, wanted: Mapping[str, Limits], check_mode: bool) -> Plan:
    """Make the limits what they are wanted to be. Raises InputError before anything is written, ToolError."""
    if not client.knows_cap("ratelimit"):
        raise InputError(f"rate limits need Ceph 17; {client.endpoint} is older.")
    plan = _planned(_read(client), wanted)
    if check_mode or not plan.scopes:
        return plan
    for scope in plan.scopes:
        _write(client, scope, plan.after[scope])
    seen = _read(client)
    for scope in plan.scopes:
        if seen[scope] != plan.after[scope]:
            attempt = _attempt(client, f"set the rate limit '{scope}' of")
            hint = "Somebody else has changed the limits meanwhile, or the gateway keeps others. Look at them."
            raise ToolError(attempt.operation, attempt.target, "the gateway has other limits now", hint, status=200)
    return plan


def first_plan(wanted: Mapping[str, Limits]) -> Plan:
    """What would become of the limits on a gateway that does not exist yet."""
    return _planned({scope: dict(NO_LIMITS) for scope in SCOPES}, wanted)


def _planned(before: Mapping[str, Limits], wanted: Mapping[str, Limits]) -> Plan:
    return Plan(before, {scope: {**before[scope], **wanted.get(scope, {})} for scope in SCOPES})


def _read(client: AdminClient) -> dict[str, Limits]:
    attempt = _attempt(client, "read the rate limits of")
    answer = success(attempt, client.request(attempt, "GET", _PATH, {"global": "true", "format": "json"}))
    said = json_of(answer)
    try:
        return {scope: {name: said[f"{scope}_ratelimit"][name] for name in (*LIMITS, "enabled")} for scope in SCOPES}
    except (KeyError, TypeError):
        code = "without rate limits"
        raise ToolError(attempt.operation, attempt.target, code, NOT_A_GATEWAY, status=answer.status) from None


def _write(client: AdminClient, scope: str, limits: Limits) -> None:
    attempt = _attempt(client, f"set the rate limit '{scope}' of")
    values = {name.replace("_", "-"): str(value).lower() for name, value in limits.items()}
    query = {"global": "true", "ratelimit-scope": SCOPES[scope], "format": "json", **values}
    success(attempt, client.request(attempt, "POST", _PATH, query))


def _attempt(client: AdminClient, operation: str) -> Attempt:
    return Attempt(operation, f"the gateway at {client.endpoint}", "ratelimit=*", client.credentials.user)
