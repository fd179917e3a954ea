# SPDX-License-Identifier: Apache-2.0
"""Outcomes as a module returns them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Dict, cast

from ...base.text import presentable
from ...base.words import plural
from ...s3.documents.catalogue import DOCUMENTS
from ...s3.documents.differences import differences
from ..report_words import NOTHING, change_line, kind_of, sentence, shown
from ..user_record import State
from .names import bare_name, tenant_of
from .plan import Plan
from .reconcile import Outcome
from .record import Record, group_of, objects
from .spec import PLACE


def report(outcomes: Sequence[Outcome], with_diff: bool = True, details_of_all: bool = True) -> dict[str, Any]:
    """Return changed, buckets in the order of the list, and if asked for diff (only what differs).

    details_of_all: whether buckets that do not change are described, too, and not only named.
    """
    plans = [outcome.plan for outcome in outcomes if outcome.plan.changed]
    result = {
        "changed": bool(plans),
        "buckets": [_bucket(outcome, details_of_all or outcome.plan.changed) for outcome in outcomes],
        **({"diff": _diff(plans)} if with_diff else {}),
    }
    return cast(Dict[str, Any], presentable(result))


def summary(outcomes: Sequence[Outcome], endpoint: str, would: bool) -> str:
    """The outcome in one sentence: how many buckets changed how, at which gateway.

    would: for check mode, in which nothing happens.
    """
    plans = [outcome.plan for outcome in outcomes]
    kinds = [kind_of(plan.exists, plan.bucket.present) for plan in plans if plan.changed]
    return sentence("buckets", endpoint, kinds, len(plans), would)


def describe(state: State) -> dict[str, Any]:
    """Return a bucket's state in the words of the module rgw_buckets, as far as it was read."""
    result: dict[str, Any] = {name: state.get((name,)) for name in ("owner", *PLACE)}
    for group in ("quota", "rate_limit"):
        if group_of(state, group):
            result[group] = group_of(state, group)
    result.update({name: state[name,] for name in DOCUMENTS if (name,) in state})
    result.update({name: state[name,] for name in ("read_acl", "write_acl", "versions_location") if (name,) in state})
    for group in ("web", "metadata"):
        if group_of(state, group):
            result[group] = {name: value for name, value in group_of(state, group).items() if value not in ("", False)}
    result["owner"] = (result["owner"] or "").rpartition("$")[2]
    return result


def _bucket(outcome: Outcome, with_details: bool) -> dict[str, Any]:
    plan = outcome.plan
    bucket = plan.bucket
    result: dict[str, Any] = {
        "name": bare_name(bucket.key),
        "tenant": tenant_of(bucket.key),
        "state": "present" if bucket.present else "absent",
    }
    if bucket.present and with_details:
        result.update(describe(outcome.state))
    return {**result, "changed": plan.changed, "changes": changes(plan)}


def changes(plan: Plan) -> list[str]:
    """What a plan changes, a line for each."""
    lines = []
    if plan.exists != plan.bucket.present:
        lines.append("bucket created" if plan.bucket.present else f"bucket removed{_with_objects(plan.found.record)}")
    if plan.changes_owner:
        old = f"objects of {plan.owner}" if plan.found.owner_is_unfinished else plan.before["owner",]
        lines.append(change_line("owner", shown(old), shown(plan.owner)))
    for path, value in plan.changes.items():
        if path[0] in DOCUMENTS:
            document = DOCUMENTS[path[0]]
            old = plan.before.get(path, document.settled(document.as_new, plan.found.setting))
            lines += differences(value, old, path[0])
        else:
            old = shown(plan.before[path]) if path in plan.before else NOTHING
            lines.append(change_line(".".join(path), old, shown(value)))
    return lines


def _with_objects(record: Record | None) -> str:
    count = objects(record or {})
    return f" with {plural(count, 'object')}" if count else ""


def _diff(plans: Sequence[Plan]) -> dict[str, Any]:
    return {
        "before": {plan.bucket.key: _differing(plan.before, plan.after) for plan in plans},
        "after": {plan.bucket.key: _differing(plan.after, plan.before) for plan in plans},
    }


def _differing(state: State, other: State) -> dict[str, Any]:
    return {".".join(path): value for path, value in state.items() if other.get(path) != value}
