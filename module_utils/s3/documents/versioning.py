# SPDX-License-Identifier: Apache-2.0
"""?versioning: whether an object that is written again keeps its former versions.

Canonical form: "enabled" or "suspended". A bucket that never had versions reads as suspended: in both, a write takes
the place of the version "null", and S3 has no way from the one back to the other (S3 User Guide, "How S3 Versioning
works").
"""

from __future__ import annotations

from typing import Any
from xml.etree.ElementTree import Element

from ...base.errors import InputError
from .. import markup
from .document import Canonical, Document
from .given import shown

ENABLED, SUSPENDED = "enabled", "suspended"
_WORDS = {True: ENABLED, False: SUSPENDED, ENABLED: ENABLED, SUSPENDED: SUSPENDED, "true": ENABLED, "false": SUSPENDED}


class Versioning(Document):
    """Data: enabled, suspended, or a boolean."""

    name = "versioning"
    query = "versioning"
    root = "VersioningConfiguration"
    as_new = SUSPENDED
    removable = False

    def body(self, canonical: Canonical) -> bytes:
        """The state alone: MfaDelete, which RGW has too, stays as it is."""
        return markup.to_bytes(markup.element(self.root, markup.element("Status", canonical.capitalize())))

    def _wanted(self, data: Any, place: str) -> Canonical:
        word = data.lower() if isinstance(data, str) else data
        if not isinstance(word, (str, bool)) or word not in _WORDS:
            raise InputError(f"{place}: {shown(data)}, and it has to be enabled or suspended.")
        return _WORDS[word]

    def _stored(self, parsed: Element) -> Canonical:
        return ENABLED if markup.text_of(parsed, "Status") == "Enabled" else SUSPENDED
