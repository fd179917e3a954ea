# SPDX-License-Identifier: Apache-2.0
"""What accounts are declared to be: from a module's parameters to checked values.

What an entry does not mention is left alone. What it gives as null becomes what a new account has.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ...base.errors import InputError, checked
from ...base.words import shortened
from ..user_record import State
from ..user_values import ACCOUNT_ID, GROUPS, NAME_IN_ACCOUNT, SCALARS, TENANT
from .record import LIMITS, NO_QUOTA, QUOTAS

_LARGEST_INT32 = 2**31 - 1
_QUOTA: dict[str, Any] = {
    "type": "dict",
    "options": {"max_size": {"type": "str"}, "max_objects": {"type": "int"}, "enabled": {"type": "bool"}},
}
# Of the options that are text, those that may be given as numbers.
NUMBERS = ("max_size",)
ACCOUNT_OPTIONS: dict[str, dict[str, Any]] = {
    "name": {"type": "str", "required": True},
    "id": {"type": "str"},
    "tenant": {"type": "str"},
    "state": {"type": "str", "choices": ["present", "absent"], "default": "present"},
    "adopt": {"type": "bool", "default": False},
    "email": {"type": "str"},
    # A limit of keys is no secret, whatever its name.
    **{limit: {"type": "int", "no_log": False} for limit in LIMITS},
    **dict.fromkeys(QUOTAS, _QUOTA),
}


@dataclass(frozen=True)
class DesiredAccount:
    """One entry of the list, checked.

    where: its place in the list, for errors. identifier: its ID, None if the entry gives none. adopt: whether an
    account that carries no mark becomes this inventory's. wanted: what the entry mentions.
    """

    where: str
    name: str
    identifier: str | None
    tenant: str
    present: bool
    adopt: bool
    wanted: State

    @property
    def key(self) -> str:
        """The name that no other account of the gateway has: "tenant$name", or "name" without a tenant."""
        return f"{self.tenant}${self.name}" if self.tenant else self.name


def parse_accounts(entries: Sequence[Mapping[str, Any]]) -> list[DesiredAccount]:
    """Check all entries. Raises InputError, whose text names index and account."""
    accounts: list[DesiredAccount] = []
    places: dict[tuple[str, str], str] = {}
    for index, entry in enumerate(entries):
        where = f"accounts[{index}] (name '{shortened(entry['name'])}')"
        try:
            account = parse_account(entry, where)
            for what, value in (("account", account.key), ("id", account.identifier), ("email", entry.get("email"))):
                if value and (what, value) in places:
                    raise InputError(f"{what} '{value}' is given twice, first at {places[what, value]}.")
                places[what, value or ""] = where
        except InputError as error:
            raise InputError(f"{where}: {error}") from error
        accounts.append(account)
    return accounts


def parse_account(entry: Mapping[str, Any], where: str = "") -> DesiredAccount:
    """Check an entry by itself. Raises InputError."""
    name, identifier, tenant = entry["name"], entry.get("id"), entry.get("tenant") or ""
    # RGW takes any name. IAM shows it in no name of its own, but as the alias of the account, which has no blanks.
    if not NAME_IN_ACCOUNT.fullmatch(name) or ACCOUNT_ID.fullmatch(name):
        raise InputError("name is made of 1 to 64 letters, digits and _ + = , . @ - and is not like an ID.")
    if identifier is not None and not ACCOUNT_ID.fullmatch(identifier):
        raise InputError(f"id: '{shortened(identifier)}' is not 'RGW' and 17 digits.")
    if tenant and not TENANT.fullmatch(tenant):
        raise InputError("a tenant is made of letters, digits and underscores.")
    present = entry.get("state", "present") == "present"
    wanted = _wanted(entry) if present else {}
    return DesiredAccount(where, name, identifier, tenant, present, bool(entry.get("adopt")), wanted)


def _wanted(entry: Mapping[str, Any]) -> State:
    wanted: State = {("name",): entry["name"]}
    if "email" in entry:
        wanted["email",] = "" if entry["email"] is None else checked("email", SCALARS["email"], entry["email"])
    for limit, default in LIMITS.items():
        if limit in entry:
            wanted[limit,] = default if entry[limit] is None else checked(limit, _limit, entry[limit])
    for quota in QUOTAS:
        if quota not in entry:
            continue
        checks = GROUPS["bucket_quota"]
        given = dict.fromkeys(checks) if entry[quota] is None else dict(entry[quota])
        if any(value is not None for value in given.values()):
            given.setdefault("enabled", True)  # a limit that is written down is meant to hold
        for name, value in given.items():
            wanted[quota, name] = NO_QUOTA[name] if value is None else checked(f"{quota}.{name}", checks[name], value)
    return wanted


def _limit(given: int) -> int:
    if not -1 <= given <= _LARGEST_INT32:
        raise InputError(f"{given} is no limit; give 0 or more, or -1.")
    return given
