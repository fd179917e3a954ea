# SPDX-License-Identifier: Apache-2.0
"""The S3 keys of IAM users: part of the users' records, checked, planned and written as by the module rgw_users.

CreateAccessKey takes neither a name nor a secret, and tells the secret that the gateway makes only once. A record that
is written whole takes both (seen on 20.2.4). The limit of an account on keys holds for CreateAccessKey only, so that it
is looked at here.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from ...base.errors import InputError, ToolError
from ...s3 import markup
from ..reconcile import Plan as UserPlan
from ..reconcile import apply_plan, plan_user
from ..user_record import new_document, read_state
from ..user_report import describe
from ..user_spec import DesiredUser, GivenOnce, parse_user
from .client import IamClient, Root

# What the IAM API gives a user as uid (20.2.4).
_MADE_BY_IAM = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_USER_HINT = "Look at the user with the IAM API (GetUser)."


@dataclass(frozen=True)
class KeyRules:
    """allow_weak: whether short secrets are taken. retire: whether keys with the state "retired" go.

    given: the access keys and secret files of all entries of the run.
    """

    allow_weak: bool = False
    retire: bool = False
    given: GivenOnce = field(default_factory=GivenOnce)


def parse_keys(where: str, root: str, name: str, entry: Mapping[str, Any], rules: KeyRules) -> DesiredUser | None:
    """What the entry of an IAM user says of keys, None if it says nothing. Raises InputError."""
    if "s3_keys" not in entry:
        return None
    # The gateway chooses the uid, so the record goes by both names until it is read.
    tenant, _sign, uid = root.rpartition("$")
    said = {"uid": f"{name}@{uid}", "tenant": tenant, "s3_keys": entry["s3_keys"], "purge": entry.get("purge")}
    user = parse_user(where, said, rules.allow_weak, rules.retire)
    rules.given.claim(where, said, user)
    return user


def plan_keys(keys: DesiredUser, client: IamClient | None, root: Root | None, name: str, limit: int) -> UserPlan:
    """Compare the keys of an IAM user with the entry. Raises InputError, ToolError.

    client, root: None for a user who does not exist. limit: of the account, a negative number for none.
    """
    if client is None or root is None:
        plan = plan_user(keys, new_document(keys.uid))
    else:
        plan = _plan_of_record(keys, client, root, name)
    before, after = ({path[1] for path in state if path[0] == "s3_keys"} for state in (plan.before, plan.after))
    if after - before and 0 <= limit < len(after):
        raise InputError(
            f"{keys.where}: s3_keys: the user would have {len(after)} keys, and the limit of the account is {limit}. "
            "List fewer, or raise max_access_keys by the module rgw_accounts."
        )
    return plan


def apply_keys(plan: UserPlan, client: IamClient, root: Root, name: str) -> None:
    """Carry out a plan, also that of a user who did not exist when the plan was made. Raises ToolError."""
    try:
        now = _plan_of_record(plan.user, client, root, name)
    except InputError as error:
        raise ToolError("change", f"the keys of user '{name}'", "somebody else changed them", str(error)) from error
    apply_plan(client, now)


def keys_made_here(client: IamClient, root: Root, name: str) -> list[dict[str, Any]]:
    """The keys of a user whom the IAM API has made, as entries without secrets. Raises InputError, ToolError.

    Users with a uid of an operator's choice have theirs in the list of rgw_users.
    """
    uid = _uid_of(client, root, name)
    document = client.read_user(uid) if _MADE_BY_IAM.fullmatch(uid.rpartition("$")[2]) else None
    found: list[dict[str, Any]] = describe(read_state(document))["s3_keys"] if document else []
    return [key for key in found if "subuser" not in key]


def _plan_of_record(keys: DesiredUser, client: IamClient, root: Root, name: str) -> UserPlan:
    uid = _uid_of(client, root, name)
    document = client.read_user(uid)
    if document is None:
        raise ToolError("read", f"user '{uid}' at {client.endpoint}", "no such user", _USER_HINT, status=404)
    return plan_user(replace(keys, uid=uid), document)


def _uid_of(client: IamClient, root: Root, name: str) -> str:
    """The uid of an IAM user."""
    about = f"user '{name}'"
    said = client.ask(root, about, "GetUser", {"UserName": name})
    uid = markup.text_of(said, ".//UserId") if said is not None else None
    if not uid:
        raise ToolError("read", f"{about} at {client.endpoint}", "without a UserId", _USER_HINT, status=200)
    # IAM leaves the tenant out, which is that of the account and so of its root user.
    tenant, sign, _name = root.uid.rpartition("$")
    return f"{tenant}{sign}{uid.rpartition('$')[2]}"
