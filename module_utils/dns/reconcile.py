# SPDX-License-Identifier: Apache-2.0
"""Read, plan, apply, read again, and ask as a client does: the names of one zone."""

from __future__ import annotations

import secrets
from collections.abc import Sequence

from ..base.errors import ToolError
from .change import Publisher
from .mark import Owner
from .names import below_wildcard
from .plan import Plan, lines, plan
from .records import Record


def reconcile(publisher: Publisher, records: Sequence[Record], owner: Owner, check_mode: bool) -> list[Plan]:
    """Bring the zone to what is wanted; the plans. Raises InputError before anything is changed, ToolError."""
    plans = _planned(publisher, records, owner)
    changes = [one.change for one in plans if one.change]
    if check_mode:
        return plans
    if changes:
        publisher.apply(changes)
        # A server may leave out what it does not like, and say that all went well.
        left = [one.record.name for one in _planned(publisher, records, owner) if one.change]
        if left:
            hint = "Look into the server's log for what it ignored."
            target = f"{', '.join(left)} in the zone {publisher.zone} at {publisher}"
            raise ToolError("keep", target, "something else is there than was told", hint)
    publisher.settle([one.record.name for one in plans if not one.spared])
    for one in plans:
        if one.record.present:
            _expect_answer(publisher, one.record)
    return plans


def _planned(publisher: Publisher, records: Sequence[Record], owner: Owner) -> list[Plan]:
    return plan(records, [publisher.read(record.name) for record in records], owner)


def _expect_answer(publisher: Publisher, record: Record) -> None:
    """Ask for the name, and for a wildcard by a name that no record has."""
    name = below_wildcard(record.name, f"rgwkit-{secrets.token_hex(4)}")
    for where, told in publisher.answers(name).items():
        if told != record.values:
            said = "; ".join(lines(told, dict.fromkeys(told, record.ttl))) or "no record"
            hint = "Look for a view, a more specific name or an allow-query of the server that hides the record."
            raise ToolError("resolve", f"{name} at {where}", said, hint)
