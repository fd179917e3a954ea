# SPDX-License-Identifier: Apache-2.0
"""The words in which a run over many users, buckets or topics tells what it did."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ..base.text import json_text
from ..base.words import one_line

# What happens to each, in the order in which a sentence tells it.
KINDS = ("created", "changed", "removed")
NOTHING = "(none)"


def kind_of(exists: bool, present: bool) -> str:
    """What happens to something that changes: exists, whether it was there; present, whether it is to be."""
    if exists == present:
        return "changed"
    return "created" if present else "removed"


def sentence(nouns: str, endpoint: str, kinds: Sequence[str], total: int, would: bool, more: str = "") -> str:
    """The outcome in one sentence: how many changed how, and at which gateway.

    kinds: of those that changed. would: for check mode, in which nothing happens.
    """
    be = "would be " if would else ""
    counts = [f"{kinds.count(kind)} {be}{kind}" for kind in KINDS if kind in kinds]
    if total > len(kinds):
        counts.append(f"{total - len(kinds)} unchanged")
    return one_line(f"{nouns} on {endpoint}: {', '.join(counts) or 'none listed'}{more}")


def change_line(name: str, old: str, new: str) -> str:
    """A change of one value: `max_buckets: 7 -> 1000`."""
    return f"{name}: {old} -> {new}"


def shown(value: Any) -> str:
    """A value in such a line."""
    return json_text(value)
