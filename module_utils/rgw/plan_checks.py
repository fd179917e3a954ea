# SPDX-License-Identifier: Apache-2.0
"""What stands against plans at the gateway, found before anything is written.

A record that is written whole may hold caps, limits and placement targets that the gateway does not have: it keeps them
and never looks at them. Keys and addresses of other users it does refuse, but then a part of the list is written.
"""

from __future__ import annotations

from collections.abc import Sequence

from ..base.errors import InputError
from .admin_api import AdminClient
from .asked import Asked
from .bulk import all_of
from .reconcile import Plan
from .user_record import ACCOUNT, State
from .user_values import NAME_IN_ACCOUNT

_PLACEMENT = {("default_placement",), ("default_storage_class",)}


def check_plans(clients: Sequence[AdminClient], plans: Sequence[Plan]) -> None:
    """Ask the gateway about what the plans change. Raises InputError, which names index and uid, ToolError."""
    plans = [plan for plan in plans if plan.touches_gateway]
    if not plans:
        return
    check_zone(clients[0], "Users written there would be there only")
    all_of(clients, plans, _Checks(plans))


def check_zone(client: AdminClient, effect: str) -> None:
    """Refuse a gateway that is not of the metadata master zone. effect: what would come of it. Raises InputError."""
    zone = client.secondary_zone()
    if zone is not None:
        raise InputError(
            f"the gateway at {client.endpoint} is of zone '{zone}', which is not the metadata master of its realm. "
            f"{effect}; name a gateway of the master zone as endpoint."
        )


class _Checks:
    """Looks at one plan after the other, and asks each question once."""

    def __init__(self, plans: Sequence[Plan]) -> None:
        self._ask = Asked()
        # What one user of the list gives up another one may get.
        self._given_up = {name for plan in plans for name in _claims(plan.before) - _claims(plan.after)}

    def __call__(self, client: AdminClient, plan: Plan) -> None:
        try:
            self._check_release(client, plan)
            self._check_placement(client, plan)
            self._check_account(client, plan)
            self._check_owners(client, plan)
        except InputError as error:
            raise InputError(f"{plan.user.where}: {error}") from error

    def _check_release(self, client: AdminClient, plan: Plan) -> None:
        for path, value in plan.changes.items():
            if path[0] == "caps" and value is not None and not self._ask(client.knows_cap, path[1]):
                raise InputError(f"caps: the release of Ceph at {client.endpoint} does not know '{path[1]}'.")
            if path[-1] == "active" and value is False and not self._ask(client.knows_cap, "accounts"):
                raise InputError(
                    f"{path[0]} ('{path[1]}'): active: false needs Ceph 19; {client.endpoint} is older, and would let "
                    "the key in all the same. Remove the key instead."
                )
            if path[0] == "rate_limit" and not self._ask(client.knows_cap, "ratelimit"):
                raise InputError(f"rate_limit: needs Ceph 17; {client.endpoint} is older.")

    def _check_placement(self, client: AdminClient, plan: Plan) -> None:
        placement, storage_class = (plan.after.get(path, "") for path in sorted(_PLACEMENT))
        if _PLACEMENT.isdisjoint(plan.changes) or not placement:
            return
        if not self._ask(client.knows_placement, placement, storage_class):
            with_class = f" with storage class '{storage_class}'" if storage_class else ""
            raise InputError(
                f"default_placement: {client.endpoint} has no placement target '{placement}'{with_class}. "
                "See: radosgw-admin zonegroup placement list"
            )

    def _check_account(self, client: AdminClient, plan: Plan) -> None:
        before, after = (state.get(("account",), "") for state in (plan.before, plan.after))
        if not plan.user.present or plan.changes.keys().isdisjoint(ACCOUNT):
            return
        if not self._ask(client.knows_cap, "accounts"):
            raise InputError(f"account: needs Ceph 19; {client.endpoint} is older.")
        if not after and plan.after["account_root",]:
            raise InputError("account_root: the user is in no account; give the account, too.")
        if before and before != after:
            raise InputError(
                f"account: the user is in account '{before}', and no user ever leaves an account. Make another user in "
                f"{after!r}, or leave the option out."
            )
        if not NAME_IN_ACCOUNT.fullmatch(plan.after["display_name",]):
            raise InputError(
                f"display_name: '{plan.after['display_name',]}' is no name for a user of an account. Such a name is "
                "made of 1 to 64 letters, digits and _ + = , . @ -"
            )
        if not before and plan.exists and not plan.user.move_buckets and client.has_buckets(plan.user.uid):
            raise InputError(
                "account: the user owns buckets. They would become the account's for good, and until a policy of the "
                "account allows it, neither this user nor the root user could read what is in them (seen on 20.2.4). "
                "Set move_buckets to have that, or make a new user in the account."
            )

    def _check_owners(self, client: AdminClient, plan: Plan) -> None:
        for kind, name in sorted(_claims(plan.after) - _claims(plan.before) - self._given_up):
            if kind == "email" and client.address_is_taken(name):
                raise InputError(f"email: another user at {client.endpoint} has '{name}'.")
            owner = client.owner_of_key(name) if kind == "access_key" else None
            if owner is not None:
                raise InputError(f"s3_keys: access key '{name}' belongs to user '{owner}' at {client.endpoint}.")


def _claims(state: State) -> set[tuple[str, str]]:
    """What only one user of a gateway can have: access keys and an address."""
    claims = {("access_key", path[1]) for path in state if path[0] == "s3_keys"}
    email = state.get(("email",))
    return claims | ({("email", email)} if email else set())
