# SPDX-License-Identifier: Apache-2.0
"""Plans as the module rgw_iam returns them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Dict, cast

from ...base.secret import Marks
from ...base.text import presentable
from ..report_words import NOTHING, change_line, kind_of, sentence, shown
from ..user_record import State
from ..user_report import change_lines, differing_after, differing_before, where_files_are
from .reconcile import Plan, ThingPlan


def report(plans: Sequence[Plan], marks: Marks, with_diff: bool = True) -> dict[str, Any]:
    """Return changed, accounts in the order of the list, and if asked for diff (only what differs).

    marks: which stand for secrets.
    """
    result: dict[str, Any] = {
        "changed": any(plan.changed for plan in plans),
        "accounts": [_account(plan, marks) for plan in plans],
    }
    if with_diff:
        changed = [(plan, thing) for plan in plans for thing in plan.things if thing.changed]
        result["diff"] = {
            "before": {_key(plan, one): _before(one, marks) for plan, one in changed},
            "after": {_key(plan, one): _after(one, marks) for plan, one in changed},
        }
    return cast(Dict[str, Any], presentable(result))


def summary(plans: Sequence[Plan], endpoint: str, would: bool) -> str:
    """The outcome in one sentence. would: for check mode, in which nothing happens."""
    things = [thing for plan in plans for thing in plan.things]
    kinds = [kind_of(thing.before is not None, thing.thing.present) for thing in things if thing.changed]
    files = [path for plan in plans for keys in plan.keys for path in keys.secret_files]
    nouns, more = "users, groups, roles and providers of accounts", where_files_are(files, would)
    return sentence(nouns, endpoint, kinds, len(things), would, more)


def _account(plan: Plan, marks: Marks) -> dict[str, Any]:
    return {
        "root": plan.account.root,
        "id": plan.root.account if plan.root else None,
        "changed": plan.changed,
        "changes": [line for thing in plan.things for line in _changes(thing, marks)],
    }


def _changes(plan: ThingPlan, marks: Marks) -> list[str]:
    if not plan.changed:
        return []
    what = f"{plan.thing.kind}.{plan.thing.name}"
    if not plan.thing.present:
        return [f"{what}: removed"]
    lines = [f"{what}: created"] if plan.before is None else []
    before = plan.before or {}
    for path, value in plan.changes.items():
        old = shown(before[path]) if path in before else NOTHING
        lines.append(change_line(f"{what}.{'.'.join(path)}", old, NOTHING if value is None else shown(value)))
    return lines + [f"{what}.{line}" for line in (change_lines(plan.keys, marks) if plan.keys else ())]


def _key(plan: Plan, thing: ThingPlan) -> str:
    return f"{plan.account.root} {thing.thing.kind} {thing.thing.name}"


def _before(plan: ThingPlan, marks: Marks) -> dict[str, Any]:
    of_keys = differing_before(plan.keys, marks) if plan.keys else {}
    return {**_differing(plan.before or {}, plan.after), **of_keys}


def _after(plan: ThingPlan, marks: Marks) -> dict[str, Any]:
    of_keys = differing_after(plan.keys, marks) if plan.keys else {}
    return {**_differing(plan.after, plan.before or {}), **of_keys}


def _differing(state: State, other: State) -> dict[str, Any]:
    return {".".join(path): value for path, value in state.items() if other.get(path) != value}
