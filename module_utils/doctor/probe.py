# SPDX-License-Identifier: Apache-2.0
"""What a probe is: one question to the gateway, with what its failure means."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Callable

from .session import SwiftSession

ERROR = "error"
WARNING = "warning"


@dataclass(frozen=True)
class Probe:
    """`check` raises Finding for a wrong answer, and Skip where the question cannot be asked.

    `severity` is ERROR for what breaks a registry or loses data, and WARNING for what only some clients or setups mind.
    A probe that `only_reads` runs in check mode too. When a `gate` fails, the probes after it would only say the same.
    """

    name: str
    group: str
    cause: str
    remedy: str
    affected: str
    reference: str
    check: Callable[[SwiftSession], None]
    severity: str = ERROR
    only_reads: bool = False
    gate: bool = False

    @property
    def question(self) -> str:
        """What it asks of the gateway, in one sentence: the first line of its check's documentation."""
        return (self.check.__doc__ or "").strip().partition("\n")[0]
