# SPDX-License-Identifier: Apache-2.0
"""What a zone has of a name, what becomes of the name, and what everything that has a zone can do."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from .records import Values


@dataclass(frozen=True)
class Found:
    """What a zone has of one name. ttls: by types. others: types that are not the toolkit's business.

    marks: the texts of the TXT records of the mark.
    """

    name: str
    values: Values = field(default_factory=dict)
    ttls: dict[str, int] = field(default_factory=dict)
    others: tuple[str, ...] = ()
    marks: tuple[str, ...] = ()


@dataclass(frozen=True)
class Change:
    """What becomes of one name. values: what is to be there, empty for nothing. mark: the text of its mark."""

    found: Found
    values: Values
    ttl: int
    mark: str


class Publisher(Protocol):
    """One zone, wherever it is kept. zone: its name. As a text: where it is kept. All methods raise ToolError."""

    zone: str

    def read(self, name: str) -> Found:
        """What the zone has at exactly this name and at its mark. Raises InputError for a name of another zone."""

    def apply(self, changes: Sequence[Change]) -> None:
        """Carry out all changes, and none of them if it is known before that one cannot be."""

    def settle(self, names: Sequence[str]) -> None:
        """Wait until clients can be told what the zone has of these names."""

    def answers(self, name: str) -> Mapping[str, Values]:
        """What clients are told, by the name servers that are asked."""
