# SPDX-License-Identifier: Apache-2.0
"""What one check found, in the form that the doctor's probes and the registry's steps share."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from .verdicts import OK, SKIPPED


@dataclass(frozen=True)
class Verdict:
    """`verdict` is a word of http.verdicts or registry.api.errors; texts are empty where there is nothing to say."""

    verdict: str
    seconds: float = 0.0
    expected: str = ""
    got: str = ""
    cause: str = ""
    remedy: str = ""

    @property
    def ok(self) -> bool:
        """Whether the check ran and found nothing wrong."""
        return self.verdict == OK

    @property
    def failed(self) -> bool:
        """Whether the check ran and found something wrong."""
        return self.verdict not in (OK, SKIPPED)

    def as_dict(self) -> dict[str, Any]:
        """The verdict as plain data."""
        return {**asdict(self), "ok": self.ok}
