# SPDX-License-Identifier: Apache-2.0
"""The shape of a schema: sections with keys that come and go with the registry's versions."""

from __future__ import annotations

from typing import Mapping, NamedTuple, Optional, Union

from .finding import REFUSED
from .schema_values import Kind

VERSIONS = ("2.7", "2.8", "3.0", "3.1")


def at_least(version: str, other: str) -> bool:
    """Whether a version is the other or a later one."""
    return VERSIONS.index(version) >= VERSIONS.index(other)


class Key(NamedTuple):
    """What a key holds and which versions have it; required: its absence has the section's effect.

    instead: what to write where a version has no such key. deprecated: what to write although it still has.
    empty: what becomes of a registry where the key is there without a value, "" where that is like no key.
    """

    node: Node
    since: str = VERSIONS[0]
    until: str = VERSIONS[-1]
    required: bool = False
    instead: str = ""
    deprecated: str = ""
    empty: str = ""

    def known_to(self, version: str) -> bool:
        """Whether a registry of this version knows the key."""
        return at_least(version, self.since) and at_least(self.until, version)


class Section(NamedTuple):
    """A mapping with known keys; effect: what becomes of a registry where it is missing or lacks what is required.

    shape: the same where it is no mapping.
    fold: keys may be written in capitals. elsewhere: words of other drivers, and what this one calls them.
    is_choice: its keys are drivers or the like, of which schema_rules judges those that are not known.
    others: what has to stand under keys that are not known, where the registry reads them before it ignores them.
    """

    keys: Mapping[str, Key]
    source: str
    effect: str = REFUSED
    fold: bool = False
    elsewhere: Mapping[str, str] = {}
    is_choice: bool = False
    shape: str = REFUSED
    others: Optional[Node] = None


class Each(NamedTuple):
    """A list of which each item is alike."""

    node: Node


Node = Union[Section, Each, Kind]
