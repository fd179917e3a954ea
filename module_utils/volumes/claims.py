# SPDX-License-Identifier: Apache-2.0
"""What the metadata of a swift container tells about its use as a volume: an id, and the hosts that write into it.

    X-Container-Meta-Rgwkit-Volume-Id: 4fdb3c9e8a5d4b0f9d0f4f6a1c9b7e21
    X-Container-Meta-Rgwkit-Writer-9c0e2f41: docker-1
    X-Container-Meta-Rgwkit-Writer-b1d20a7c: docker-2 shared

Each host writes a field of its own and reads all of them afterwards. So of two hosts that begin at the same time, at
least one sees the other. Swift has no condition for a POST that would do better.
"""

from __future__ import annotations

import hashlib
import re
from typing import Dict, List, Mapping, NamedTuple

__all__ = ["ID", "Claim", "claim_field", "claims_of"]

ID = "rgwkit-volume-id"
_WRITER = "rgwkit-writer-"
_FIELD = re.compile(f"{_WRITER}[0-9a-f]{{8}}")
_SHARED = " shared"


class Claim(NamedTuple):
    """A host that writes into a container. shared: whether it lets others write, too. field: name of the metadata."""

    host: str
    shared: bool
    field: str

    @property
    def value(self) -> str:
        """The value of the metadata."""
        return self.host + (_SHARED if self.shared else "")


def claim_field(host: str) -> str:
    """The name of the metadata of a host: names of headers do not keep capitals, and take few characters."""
    return _WRITER + hashlib.sha256(host.encode()).hexdigest()[:8]


def claims_of(metadata: Mapping[str, str]) -> List[Claim]:
    """The claims in the metadata of a container, by host."""
    found: Dict[str, Claim] = {}
    for field, value in metadata.items():
        if _FIELD.fullmatch(field) and value:
            shared = value.endswith(_SHARED)
            host = value[: -len(_SHARED)] if shared else value
            found[host] = Claim(host, shared, field)
    return [found[host] for host in sorted(found)]
