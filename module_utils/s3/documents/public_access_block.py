# SPDX-License-Identifier: Apache-2.0
"""?publicAccessBlock: which public grants are refused or overruled. Canonical form: four booleans.

Four times false means the same as no configuration (S3 API, PublicAccessBlockConfiguration).
"""

from __future__ import annotations

from typing import Any, ClassVar
from xml.etree.ElementTree import Element

from .. import markup
from .document import Canonical, Document
from .given import flag, mapping

_ELEMENTS = {
    "block_public_acls": "BlockPublicAcls",
    "ignore_public_acls": "IgnorePublicAcls",
    "block_public_policy": "BlockPublicPolicy",
    "restrict_public_buckets": "RestrictPublicBuckets",
}


class PublicAccessBlock(Document):
    """Data: a mapping of the four names, of which those not given are false; or one boolean for all of them."""

    name = "public_access_block"
    query = "publicAccessBlock"
    root = "PublicAccessBlockConfiguration"
    # What 16.2.15 calls its answer, also where there is no configuration.
    former_root = "BlockPublicAccessBlockConfiguration"
    none_codes = ("NoSuchPublicAccessBlockConfiguration",)
    as_new: ClassVar[Canonical] = dict.fromkeys(_ELEMENTS, False)

    def body(self, canonical: Canonical) -> bytes:
        """All four."""
        words = {True: "true", False: "false"}
        children = [markup.element(tag, words[canonical[name]]) for name, tag in _ELEMENTS.items()]
        return markup.to_bytes(markup.element(self.root, *children))

    def _wanted(self, data: Any, place: str) -> Canonical:
        if isinstance(data, bool):
            return dict.fromkeys(_ELEMENTS, data)
        given = mapping(data, place, _ELEMENTS)
        return {name: flag(given.get(name, False), f"{place}.{name}") for name in _ELEMENTS}

    def _stored(self, parsed: Element) -> Canonical:
        return {name: (markup.text_of(parsed, tag) or "").lower() == "true" for name, tag in _ELEMENTS.items()}
