# SPDX-License-Identifier: Apache-2.0
"""Outcomes as the module rgw_topics returns them: URLs without user and password, and marks in place of secrets."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Dict, cast

from ...base.secret import Marks, Secret
from ...base.text import presentable
from ...base.words import listed
from ..report_words import NOTHING, change_line, kind_of, sentence, shown
from .options import ATTRIBUTES, is_as_new
from .plan import Plan
from .reconcile import Outcome
from .state import State, differences


def report(outcomes: Sequence[Outcome], marks: Marks, with_diff: bool = True) -> dict[str, Any]:
    """Return changed, topics in the order of the list, and if asked for diff (only what differs)."""
    plans = [outcome.plan for outcome in outcomes if outcome.plan.changed]
    result: dict[str, Any] = {"changed": bool(plans), "topics": [_topic(outcome, marks) for outcome in outcomes]}
    if with_diff:
        result["diff"] = {
            "before": {plan.topic.key: _differing(plan, plan.before, marks, "as it was") for plan in plans},
            "after": {plan.topic.key: _differing(plan, plan.after, marks, "as it is now") for plan in plans},
        }
    return cast(Dict[str, Any], presentable(result))


def summary(outcomes: Sequence[Outcome], endpoint: str, would: bool) -> str:
    """The outcome in one sentence. would: for check mode, in which nothing happens."""
    plans = [outcome.plan for outcome in outcomes]
    kinds = [kind_of(plan.exists, plan.topic.present) for plan in plans if plan.changed]
    return sentence("topics", endpoint, kinds, len(plans), would)


def warnings(outcomes: Sequence[Outcome]) -> list[str]:
    """What a run leaves as it is although somebody has to know of it."""
    return [_of_strangers(outcome.plan) for outcome in outcomes if outcome.plan.strangers]


def _of_strangers(plan: Plan) -> str:
    copies = listed([f"'{name}'" for name in plan.strangers])
    return (
        f"topic '{plan.topic.key}': notifications of buckets of other users ({copies}) have the topic as it was. "
        "Their events go where it sent them before. Their owners have to store these notifications again."
    )


def _topic(outcome: Outcome, marks: Marks) -> dict[str, Any]:
    plan, topic = outcome.plan, outcome.plan.topic
    result: dict[str, Any] = {
        "name": topic.name,
        "tenant": topic.tenant,
        "owner": topic.owner.rpartition("$")[2],
        "state": "present" if topic.present else "absent",
    }
    if topic.present:
        result.update({"arn": outcome.arn, **{name: outcome.state.get(name) for name in (*ATTRIBUTES, "user")}})
    return {**result, "changed": plan.changed, "changes": _changes(plan, marks)}


def _changes(plan: Plan, marks: Marks) -> list[str]:
    lines = []
    if plan.exists != plan.topic.present:
        lines.append("topic created" if plan.topic.present else "topic removed")
    for name in plan.changes:
        old, new = (_told(state.get(name), marks) for state in (plan.before, plan.after))
        lines.append(change_line(name, old, new))
    return lines + [f"notifications of bucket '{bucket}': stored again" for bucket in plan.outdated]


def _differing(plan: Plan, state: State, marks: Marks, words: str) -> Mapping[str, Any]:
    names = [name for name in differences(plan.before, plan.after) if name in state]
    if not plan.changes:  # created or removed: what any topic has says nothing
        names = [name for name in names if not is_as_new(name, state[name])]
    told = {name: _shown(state[name], marks) for name in names}
    return {**told, **{f"notifications of bucket '{bucket}'": words for bucket in plan.outdated}}


def _told(value: Any, marks: Marks) -> str:
    return NOTHING if value is None else shown(_shown(value, marks))


def _shown(value: Any, marks: Marks) -> Any:
    return marks.mark(value) if isinstance(value, Secret) else value
