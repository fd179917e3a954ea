# SPDX-License-Identifier: Apache-2.0
"""What has to change in a zone, and what must not: nothing of others is changed or removed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ..base.errors import InputError
from ..base.words import listed
from .change import Change, Found
from .mark import Owner, identity_of
from .names import mark_name
from .records import CNAME, Record, Values


@dataclass(frozen=True)
class Plan:
    """One name: as it is and as it is to be. change: None without one. spared: why a name that should go stays."""

    record: Record
    found: Found
    change: Change | None = None
    spared: str = ""

    @property
    def before(self) -> list[str]:
        """For the diff: a line for each type."""
        return lines(self.found.values, self.found.ttls) + [f"TXT {text}" for text in self.found.marks]

    @property
    def after(self) -> list[str]:
        """For the diff; empty for a name that goes."""
        if self.change is None:
            return self.before
        values = self.change.values
        marks = [f"TXT {self.change.mark}"] if values else []
        return lines(values, dict.fromkeys(values, self.change.ttl)) + marks


def lines(values: Values, ttls: Mapping[str, int]) -> list[str]:
    """Records as people read them: "A 192.0.2.1, 192.0.2.2 (300 s)"."""
    return [f"{kind} {', '.join(values[kind])} ({ttls[kind]} s)" for kind in values]


def plan(records: Sequence[Record], found: Sequence[Found], owner: Owner) -> list[Plan]:
    """The plans in the order of the list. Raises InputError for all that would change a name of others."""
    problems = [problem for pair in zip(records, found) for problem in _objections(*pair, owner)]
    if problems:
        raise InputError(" ".join(problems))
    return [_plan(record, there, owner) for record, there in zip(records, found)]


def _objections(record: Record, found: Found, owner: Owner) -> list[str]:
    identity = _identity(found)
    place = f"{record.where}: the name {record.name}"
    if found.marks and not identity:
        return [
            f"{place} has TXT records at {mark_name(record.name)} that are no mark of this toolkit. "
            "Next: remove them, or choose another name."
        ]
    if identity and not owner.owns(identity):
        return [
            f"{place} is of the inventory {identity}, and this inventory is {owner.identity}. Next: run this there, "
            "choose another name, or take the name over with -e rgwkit_takeover=true."
        ]
    if not record.present:
        return []
    if found.values and not identity:
        has = listed(lines(found.values, found.ttls))
        return [
            f"{place} has records that this toolkit did not create: {has}. "
            "Next: remove them from the zone, or choose another name."
        ]
    beside = [kind for kind in found.others if CNAME in record.values]
    if beside:
        return [
            f"{place} has {listed(beside)}, beside which no CNAME may be (RFC 1034, 3.6.2). "
            "Next: give addresses instead of a target."
        ]
    return []


def _plan(record: Record, found: Found, owner: Owner) -> Plan:
    if not record.present:
        if not found.marks:
            has = listed(lines(found.values, found.ttls))
            spared = f"the name {record.name} was not created by this toolkit, and stays: {has}" if has else ""
            return Plan(record, found, spared=spared)
        return Plan(record, found, Change(found, {}, 0, ""))
    is_there = found.values == record.values and all(ttl == record.ttl for ttl in found.ttls.values())
    if is_there and found.marks == (owner.mark,):
        return Plan(record, found)
    return Plan(record, found, Change(found, record.values, record.ttl, owner.mark))


def _identity(found: Found) -> str:
    """Whose mark the name has; empty without one, and where anything stands beside the mark."""
    return identity_of(found.marks[0]) if len(found.marks) == 1 else ""
