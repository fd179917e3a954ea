# SPDX-License-Identifier: Apache-2.0
"""Plans as the module rgw_accounts returns them, and accounts as entries of an inventory."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Dict, cast

from ...base.errors import InputError
from ...base.text import presentable
from ..report_words import NOTHING, change_line, kind_of, sentence, shown
from ..user_record import Document, State
from .reconcile import Plan
from .record import LIMITS, QUOTAS, new_document, read_state
from .spec import parse_account


def report(plans: Sequence[Plan], with_diff: bool = True) -> dict[str, Any]:
    """Return changed, accounts in the order of the list, and if asked for diff (only what differs)."""
    changed = [plan for plan in plans if plan.changed]
    result: dict[str, Any] = {"changed": bool(changed), "accounts": [_account(plan) for plan in plans]}
    if with_diff:
        result["diff"] = {
            "before": {plan.account.key: _differing(plan.before, plan.after) for plan in changed},
            "after": {plan.account.key: _differing(plan.after, plan.before) for plan in changed},
        }
    return cast(Dict[str, Any], presentable(result))


def summary(plans: Sequence[Plan], endpoint: str, would: bool) -> str:
    """The outcome in one sentence. would: for check mode, in which nothing happens."""
    kinds = [kind_of(plan.exists, plan.account.present) for plan in plans if plan.changed]
    return sentence("accounts", endpoint, kinds, len(plans), would)


def describe(state: State) -> dict[str, Any]:
    """A state in the words of the module."""
    groups = {quota: {path[1]: state[path] for path in state if path[0] == quota} for quota in QUOTAS}
    return {"email": state["email",], **{limit: state[limit,] for limit in LIMITS}, **groups}


def entries_of(documents: Iterable[Document], home: str) -> tuple[list[dict[str, Any]], list[str]]:
    """Accounts as entries of the module rgw_accounts, and notes on what is left out.

    home: the inventory for which they are. An account without a mark is adopted by its entry.
    """
    entries, notes = [], []
    for document in sorted(documents, key=lambda one: (one["data"].get("tenant", ""), one["data"].get("name", ""))):
        data = document["data"]
        try:
            state = read_state(document)
            described = describe(state)
            new = describe(read_state(new_document(data["id"], data["name"], data["tenant"])))
            entry = {"name": data["name"], "id": data["id"]}
            entry.update({"tenant": data["tenant"]} if data["tenant"] else {})
            entry.update({name: value for name, value in described.items() if value != new[name]})
            entry.update({"adopt": True} if not state["home",] else {})
            parse_account(entry)
        except InputError as error:
            notes.append(f"account '{data.get('id')}' is left out: {error}")
            continue
        if state["home",] not in ("", home):
            notes.append(f"account '{data['name']}' belongs to inventory '{state['home',]}'")
        entries.append(entry)
    return entries, notes


def _account(plan: Plan) -> dict[str, Any]:
    account = plan.account
    result: dict[str, Any] = {
        "name": account.name,
        "id": plan.identifier,
        "tenant": account.tenant,
        "state": "present" if account.present else "absent",
    }
    if account.present:
        result.update(describe(plan.after))
    return {**result, "changed": plan.changed, "changes": _changes(plan)}


def _changes(plan: Plan) -> list[str]:
    if plan.exists != plan.account.present:
        return ["account created" if plan.account.present else "account removed"]
    lines = []
    for path, value in plan.changes.items():
        old = shown(plan.before[path]) if plan.before[path] != "" else NOTHING
        lines.append(change_line(".".join(path), old, shown(value)))
    return lines


def _differing(state: State, other: State) -> dict[str, Any]:
    return {".".join(path): value for path, value in state.items() if other.get(path) != value}
