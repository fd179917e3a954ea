# SPDX-License-Identifier: Apache-2.0
"""Whose a name is: a TXT record beside the name has the identity of the inventory, as records have no room for it."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass

_TEXT = re.compile(r"rgwkit: (?P<home>[\x20-\x7e]+)\Z")
# A path of the controller is nobody's business, and a character-string has 255 octets at most (RFC 1035, 3.3).
_SHOWN = re.compile(r"[\w.@:+=, -]{1,200}\Z", re.ASCII)


@dataclass(frozen=True)
class Owner:
    """identity: the inventory's, as marks have it. takeover: whether names of other inventories count as its own."""

    identity: str
    takeover: bool = False

    @classmethod
    def of(cls, home: str, takeover: bool) -> Owner:
        """The owner for a home; a path becomes a digest."""
        digest = hashlib.sha256(home.encode("utf-8", "surrogateescape")).hexdigest()[:16]
        return cls(home if _SHOWN.match(home) else f"sha256-{digest}", takeover)

    @property
    def mark(self) -> str:
        """The text of the TXT record."""
        return f"rgwkit: {self.identity}"

    def owns(self, identity: str) -> bool:
        """Whether a name with this identity may be changed."""
        return identity == self.identity or bool(identity and self.takeover)


def identity_of(text: str) -> str:
    """Whose mark a text is; empty for what is no mark."""
    found = _TEXT.match(text)
    return found["home"] if found else ""
