# SPDX-License-Identifier: Apache-2.0
"""Outcomes as a module returns them: no secret in it, only marks."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import Any, Dict, cast

from ..base.secret import Marks, Secret
from ..base.text import presentable
from ..base.words import listed, plural
from .reconcile import Outcome, Plan
from .report_words import NOTHING, change_line, kind_of, sentence, shown
from .user_record import State, value_in
from .user_values import GROUPS, SCALARS

# A sentence that names more folders is hard to read.
MOST_FOLDERS = 3


def report(
    outcomes: Sequence[Outcome], marks: Marks, with_diff: bool = True, details_of_all: bool = True
) -> dict[str, Any]:
    """Return changed, users in the order of the list, and if asked for diff (only what differs).

    details_of_all: whether users that do not change are described, too, and not only named.
    """
    plans = [outcome.plan for outcome in outcomes if outcome.plan.changed]
    result = {
        "changed": bool(plans),
        "users": [_user(outcome, marks, details_of_all or outcome.plan.changed) for outcome in outcomes],
        **({"diff": _diff(plans, marks)} if with_diff else {}),
    }
    return cast(Dict[str, Any], presentable(result))


def summary(outcomes: Sequence[Outcome], endpoint: str, would: bool) -> str:
    """The outcome in one sentence: how many users changed how, at which gateway, and where new secrets are.

    would: for check mode, in which nothing happens.
    """
    plans = [outcome.plan for outcome in outcomes]
    kinds = [kind_of(plan.exists, plan.user.present) for plan in plans if plan.changed]
    files = [path for plan in plans for path in plan.secret_files]
    return sentence("users", endpoint, kinds, len(plans), would, where_files_are(files, would))


def where_files_are(files: Sequence[str], would: bool) -> str:
    """The end of such a sentence: how many secret files the run made, in which folders."""
    folders = list(dict.fromkeys(os.path.dirname(path) for path in files))
    if not files:
        return ""
    where = listed(folders) if len(folders) <= MOST_FOLDERS else f"{len(folders)} folders"
    return f"; {plural(len(files), 'new secret file')} {'would be ' if would else ''}in {where}"


def describe(state: State) -> dict[str, Any]:
    """Return a user's state in the words of the module rgw_users, less its secrets; None is what is not known."""
    result: dict[str, Any] = {name: state.get((name,)) for name in SCALARS}
    for group, names in GROUPS.items():
        result[group] = {name: state.get((group, name)) for name in names}
    result["caps"] = {path[1]: state[path] for path in state if path[0] == "caps"}
    result["s3_keys"] = [_key(state, name) for name in _names(state, "s3_keys")]
    result["subusers"] = [
        {"name": name, "access": state.get(("subusers", name, "access")), **_disabled(state, "subusers", name)}
        for name in _names(state, "subusers")
    ]
    result["temp_url_keys"] = [{"index": int(name)} for name in _names(state, "temp_url_keys")]
    return result


def _key(state: State, name: str) -> dict[str, Any]:
    subuser = state.get(("s3_keys", name, "subuser"))
    return {"access_key": name, **({"subuser": subuser} if subuser else {}), **_disabled(state, "s3_keys", name)}


def _disabled(state: State, part: str, name: str) -> dict[str, Any]:
    return {} if value_in(state, (part, name, "active")) else {"active": False}


def _diff(plans: Sequence[Plan], marks: Marks) -> dict[str, Any]:
    return {
        "before": {plan.user.uid: differing_before(plan, marks) for plan in plans},
        "after": {plan.user.uid: differing_after(plan, marks) for plan in plans},
    }


def differing_before(plan: Plan, marks: Marks) -> dict[str, Any]:
    """What is to change, as it was."""
    return _differing(plan, plan.before, plan.after, marks)


def differing_after(plan: Plan, marks: Marks) -> dict[str, Any]:
    """What is to change, as it becomes."""
    files = {f"secret_file {path}": "written" for path in plan.secret_files}
    return {**_differing(plan, plan.after, plan.before, marks), **files}


def _user(outcome: Outcome, marks: Marks, with_details: bool) -> dict[str, Any]:
    plan, state = outcome.plan, outcome.state
    tenant, _sign, uid = plan.user.uid.rpartition("$")
    result: dict[str, Any] = {"uid": uid, "tenant": tenant, "state": "present" if plan.user.present else "absent"}
    if plan.user.present and with_details:
        result.update(describe(state))
    return {**result, "changed": plan.changed, "changes": change_lines(plan, marks)}


def change_lines(plan: Plan, marks: Marks) -> list[str]:
    """A line for each change."""
    lines = []
    if plan.exists != plan.user.present:
        lines.append("user created" if plan.user.present else "user removed")
    for path, value in plan.changes.items():
        old = shown(_shown(plan, plan.before[path], marks)) if path in plan.before else NOTHING
        new = NOTHING if value is None else shown(_shown(plan, value, marks))
        lines.append(change_line(".".join(path), old, new))
    return lines + [f"secret_file {path}: written" for path in plan.secret_files]


def _differing(plan: Plan, state: State, other: State, marks: Marks) -> dict[str, Any]:
    return {".".join(path): _shown(plan, state[path], marks) for path in state if other.get(path) != state[path]}


def _shown(plan: Plan, value: Any, marks: Marks) -> Any:
    if not isinstance(value, Secret):
        return value
    # Nothing is said of a secret made in this run, so that check mode, which makes another, shows the same.
    return "(generated)" if value in plan.secret_files.values() else marks.mark(value)


def _names(state: State, part: str) -> list[str]:
    return sorted({path[1] for path in state if path[0] == part})
