# SPDX-License-Identifier: Apache-2.0
"""The accounts that users are declared to be in: from names to IDs."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import replace

from ...base.errors import InputError
from ..user_spec import DesiredUser
from ..user_values import ACCOUNT_ID
from .client import AccountClient
from .reconcile import known_accounts

_PATH = ("account",)


def with_accounts(
    connect: Callable[[], AccountClient], users: Sequence[DesiredUser], coming: Collection[str] = ()
) -> list[DesiredUser]:
    """The users, with the IDs of their accounts in place of names. Raises InputError, ToolError.

    coming: for check mode, the names ("tenant$name") of accounts that an earlier task of the run creates.
    """
    if not any(user.wanted.get(_PATH) for user in users):
        return list(users)
    client = connect()
    try:
        known = known_accounts(client)
    except InputError as error:
        first = next(user for user in users if user.wanted.get(_PATH))
        raise InputError(f"{first.where}: account: {error}") from error
    finally:
        client.close()
    identifiers = {(one["data"]["tenant"], one["data"]["name"]): str(one["data"]["id"]) for one in known}
    return [_resolved(user, identifiers, coming) for user in users]


def _resolved(user: DesiredUser, identifiers: dict[tuple[str, str], str], coming: Collection[str]) -> DesiredUser:
    given = user.wanted.get(_PATH)
    if not given:
        return user
    tenant = user.uid.rpartition("$")[0]
    identifier = given if given in identifiers.values() else identifiers.get((tenant, given))
    if identifier is None and (f"{tenant}${given}" if tenant else given) not in coming:
        of_tenant = "" if ACCOUNT_ID.fullmatch(given) else f" of tenant '{tenant}'" if tenant else " without a tenant"
        raise InputError(f"{user.where}: account: there is no account '{given}'{of_tenant}. Create the account first.")
    return replace(user, wanted={**user.wanted, _PATH: identifier or given})
