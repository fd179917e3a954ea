# SPDX-License-Identifier: Apache-2.0
"""What the module client_settings returns. No content of a file is in it."""

from __future__ import annotations

from collections import Counter
from typing import Any, Dict, List, Sequence

from ..base.words import plural
from .reconcile import Outcome

__all__ = ["report", "summary", "warnings"]


def report(outcomes: Sequence[Outcome]) -> Dict[str, Any]:
    """changed, diff and clients."""
    lines = [f"{one.want.path}: {change}\n" for one in outcomes for change in one.plan.changes]
    return {
        "changed": bool(lines),
        "diff": {"prepared": "".join(lines)},
        "clients": [_entry(one) for one in outcomes],
    }


def summary(outcomes: Sequence[Outcome], would: bool) -> str:
    """One sentence: "client settings: 1 folder created, 1 folder unchanged"."""
    counts = Counter(_word(one) for one in outcomes)
    parts = [
        f"{plural(counts[word], 'folder')} {'would be ' if would and word != 'unchanged' else ''}{word}"
        for word in ("created", "changed", "removed", "unchanged")
        if counts[word]
    ]
    return f"client settings: {', '.join(parts) or 'none listed'}"


def warnings(outcomes: Sequence[Outcome], missing: Sequence[str]) -> List[str]:
    """What an absent folder keeps, and secret files that are missing in check mode."""
    return [
        f"The secret file {path} does not exist yet. The settings are planned as for a new secret" for path in missing
    ] + [
        f"The folder {one.want.path} remains, since the toolkit did not write {', '.join(one.plan.left)} there"
        for one in outcomes
        if one.plan.left
    ]


def _word(outcome: Outcome) -> str:
    if not outcome.plan.changes:
        return "unchanged"
    if not outcome.want.present:
        return "removed"
    return "created" if any(change.startswith("made ") for change in outcome.plan.folder) else "changed"


def _entry(outcome: Outcome) -> Dict[str, Any]:
    want = outcome.want
    return {
        "path": want.path,
        "state": "present" if want.present else "absent",
        "owner": want.account.name if want.account else "",
        "programs": list(want.programs),
        "changed": bool(outcome.plan.changes),
        "changes": outcome.plan.changes,
        "left": outcome.plan.left,
    }
