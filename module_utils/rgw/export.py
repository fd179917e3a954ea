# SPDX-License-Identifier: Apache-2.0
"""What an export returns: what a gateway has, as entries of an inventory."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass
class Export:
    """entries: in the words of the module that applies them. notes: what is left out, and why."""

    entries: list[dict[str, Any]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
