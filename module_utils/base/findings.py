# SPDX-License-Identifier: Apache-2.0
"""Something that is wrong, with its remedy: the one form that preflights, the lint and checks of storage report."""

from __future__ import annotations

from typing import Any, Dict, Iterable, NamedTuple

ERROR = "error"
WARNING = "warning"


class Finding(NamedTuple):
    """what: the problem, without secrets; remedy: what to do about it. The other parts may be empty.

    effect: what comes of the problem. severity: ERROR or WARNING. place: a dotted path, a digest, or a key of a bucket.
    source: the document or release that the rule rests on. line, column: of the place in a text, counted from 1, or 0
    where no text was read. variable: the environment variable whose value the problem is.
    """

    what: str
    remedy: str
    effect: str = ""
    severity: str = ERROR
    place: str = ""
    source: str = ""
    line: int = 0
    column: int = 0
    variable: str = ""

    def as_dict(self) -> Dict[str, Any]:
        """For a module's result: the parts that are not empty."""
        return {name: part for name, part in self._asdict().items() if part}

    def __str__(self) -> str:
        effect = f"; {self.effect}" if self.effect else ""
        place = f"{self.place}: " if self.place else ""
        return f"{self.severity}: {place}{self.what}{effect}. Next: {self.remedy}"


def as_data(findings: Iterable[Finding]) -> list[Dict[str, Any]]:
    """All findings as plain data for a module's result."""
    return [finding.as_dict() for finding in findings]


def describe(findings: Iterable[Finding]) -> str:
    """All findings as one readable message."""
    return "\n".join(f"- {finding.what}\n  remedy: {finding.remedy}" for finding in findings)


def counted(findings: Iterable[Finding]) -> str:
    """How many of each severity, in words: "2 errors, 1 warning"."""
    severities = [finding.severity for finding in findings]
    counts = [(severities.count(severity), severity) for severity in (ERROR, WARNING)]
    return ", ".join(f"{count} {name}{'' if count == 1 else 's'}" for count, name in counts if count) or "no findings"
