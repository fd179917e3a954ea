# SPDX-License-Identifier: Apache-2.0
"""Whether a registry redirects its clients: as its variable says, or as the last proof has found."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

OFF, ON, AUTO = "off", "on", "auto"
# YAML and -e make booleans, and texts of them, of on and off.
_WORDS = {**dict.fromkeys(("true", "yes", "1", ON), ON), AUTO: AUTO}


def choice_of(value: Any) -> str:
    """The choice that a value of registry_redirect stands for; OFF for what is no other."""
    return _WORDS.get(str(value).lower(), OFF)


@dataclass(frozen=True)
class Outcome:
    """What a proof has found. inputs: digest of what the proof depends on. found: what is wrong; empty if nothing."""

    inputs: str = ""
    redirects: bool = False
    found: str = ""

    @classmethod
    def read(cls, kept: Any) -> Outcome:
        """The outcome from what the role keeps, data or its JSON; an outcome for no inputs if it is none."""
        try:
            given = kept if isinstance(kept, Mapping) else json.loads(kept)
            return cls(str(given["inputs"]), given["redirects"] is True, str(given["found"]))
        except (ValueError, TypeError, KeyError):
            return cls()

    @property
    def kept(self) -> dict[str, Any]:
        """What the role keeps."""
        return asdict(self)


def digest_of_inputs(inputs: Mapping[str, Any]) -> str:
    """SHA-256 in hex digits."""
    return hashlib.sha256(json.dumps(inputs, sort_keys=True, default=str).encode()).hexdigest()
