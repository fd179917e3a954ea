# SPDX-License-Identifier: Apache-2.0
"""?tagging: the tags of a bucket. Canonical form: a mapping of keys to values.

The limits are S3's (Amazon S3 User Guide, "Using cost allocation S3 bucket tags"; API reference, "Tag").
"""

from __future__ import annotations

from typing import Any, ClassVar, Dict
from xml.etree.ElementTree import Element

from ...base.errors import InputError
from .. import markup
from .document import Canonical, Document
from .given import pairs

MOST_TAGS = 50
LONGEST_KEY = 128
LONGEST_VALUE = 256


class Tagging(Document):
    """Data: a mapping of keys to values, both text."""

    name = "tagging"
    query = "tagging"
    root = "Tagging"
    none_codes = ("NoSuchTagSet", "NoSuchTagSetError")
    as_new: ClassVar[Canonical] = {}

    def body(self, canonical: Canonical) -> bytes:
        """The tags in the order of their keys."""
        return markup.to_bytes(markup.element(self.root, markup.element("TagSet", *tag_elements(canonical))))

    def _wanted(self, data: Any, place: str) -> Canonical:
        return tags(data, place, MOST_TAGS)

    def _stored(self, parsed: Element) -> Canonical:
        return tags_of(parsed, "TagSet/Tag")


def tags(data: Any, place: str, most: int) -> Dict[str, str]:
    """Tags that an operator gives, here or in a filter. Raises InputError."""
    given = pairs(data, place, LONGEST_KEY, LONGEST_VALUE)
    if len(given) > most:
        raise InputError(f"{place}: {len(given)} tags, and S3 takes {most} at most.")
    for key in given:
        if key.lower().startswith("aws:"):
            raise InputError(f"{place}.{key}: S3 keeps keys that begin with 'aws:' for itself; choose another one.")
    return given


def tag_elements(canonical: Dict[str, str]) -> list[Element]:
    """A Tag for each, in the order of their keys."""
    return [
        markup.element("Tag", markup.element("Key", key), markup.element("Value", value))
        for key, value in sorted(canonical.items())
    ]


def tags_of(parent: Element, path: str) -> Dict[str, str]:
    """What the elements at a path say."""
    found = parent.findall(path)
    return {markup.text_of(tag, "Key") or "": markup.text_of(tag, "Value") or "" for tag in found}
