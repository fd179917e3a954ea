# SPDX-License-Identifier: Apache-2.0
"""Outcomes as the module dns_records returns them. Nothing of them is secret."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Dict, cast

from ..base.text import presentable
from .names import mark_name
from .plan import Plan

_WORDS = ("created", "changed", "removed")


def report(plans: Sequence[Plan]) -> dict[str, Any]:
    """Return changed, records in the order of the list, and the diff of what differs."""
    changed = [one for one in plans if one.change]
    result = {
        "changed": bool(changed),
        "records": [_record(one) for one in plans],
        "diff": {side: {one.record.name: getattr(one, side) for one in changed} for side in ("before", "after")},
    }
    return cast(Dict[str, Any], presentable(result))


def summary(plans: Sequence[Plan], zone: str, server: str, would: bool) -> str:
    """The outcome in one sentence. would: for check mode, in which nothing happens."""
    words = [_word(one) for one in plans]
    be = "would be " if would else ""
    counts = [f"{words.count(word)} {be}{word}" for word in _WORDS if word in words]
    same = words.count("")
    counts += [f"{same} unchanged"] if same else []
    return f"names of the zone {zone} at {server}: {', '.join(counts) or 'none listed'}"


def _word(one: Plan) -> str:
    if one.change is None:
        return ""
    if not one.change.values:
        return "removed"
    return "changed" if one.found.values else "created"


def _record(one: Plan) -> dict[str, Any]:
    is_there = one.record.present or bool(one.spared)
    values = one.record.values if one.record.present else one.found.values if one.spared else {}
    return {
        "name": one.record.name,
        "mark": mark_name(one.record.name),
        "state": "present" if is_there else "absent",
        "ours": one.record.present or one.change is not None,
        "ttl": one.record.ttl if one.record.present else None,
        "values": {kind: list(found) for kind, found in values.items()},
        "changed": one.change is not None,
        "changes": _changes(one),
    }


def _changes(one: Plan) -> list[str]:
    if one.change is None:
        return []
    gone = [f"- {line}" for line in one.before if line not in one.after]
    return gone + [f"+ {line}" for line in one.after if line not in one.before]
