# SPDX-License-Identifier: Apache-2.0
"""Outcomes as the module rgw_keystone_identity returns them. Nothing of them is secret."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Dict, cast

from ...base.text import json_text, presentable
from ...base.words import one_line
from .plan import Plan
from .spec import Owner, mark_of

_WORDS = ("created", "changed", "removed")


def report(plans: Sequence[Plan], owner: Owner) -> dict[str, Any]:
    """Return changed, objects in the order of the list, and the diff of what differs."""
    changed = [one for one in plans if one.changed]
    result = {
        "changed": bool(changed),
        "objects": [_object(one, owner) for one in plans],
        "diff": {side: {one.wanted.name: getattr(one, side) for one in changed} for side in ("before", "after")},
    }
    return cast(Dict[str, Any], presentable(result))


def summary(plans: Sequence[Plan], endpoint: str, would: bool) -> str:
    """The outcome in one sentence. would: for check mode, in which nothing happens."""
    words = [_word(one) for one in plans]
    be = "would be " if would else ""
    counts = [f"{words.count(word)} {be}{word}" for word in _WORDS if word in words]
    same = words.count("")
    counts += [f"{same} unchanged"] if same else []
    return one_line(f"objects of Keystone {endpoint}: {', '.join(counts) or 'none listed'}")


def _word(one: Plan) -> str:
    if not one.changed:
        return ""
    return "removed" if one.removed else "changed" if one.found else "created"


def _object(one: Plan, owner: Owner) -> dict[str, Any]:
    ours = one.changed or bool(one.found and mark_of(one.found.get("description"))[1] == owner.home)
    lines = [f"{name}: {json_text(one.before.get(name))} -> {json_text(value)}" for name, value in one.told.items()]
    return {
        "kind": one.wanted.kind,
        "name": one.wanted.name,
        "state": "present" if one.wanted.present or one.spared else "absent",
        "ours": ours,
        "changed": one.changed,
        "changes": lines if one.found else [_word(one)] if one.changed else [],
    }
