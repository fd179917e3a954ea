# SPDX-License-Identifier: Apache-2.0
"""What is wrong with a registry's configuration, as data. A finding names keys and types and never shows a value."""

from __future__ import annotations

from typing import Dict, Iterable, NamedTuple

ERROR = "error"
WARNING = "warning"

# What becomes of a registry, by the part of it that meets the fault (measured on 2.8.2).
REFUSED = "the registry does not start (configuration error, exit 1)"
FATAL = "the registry does not start (fatal error, exit 1)"
PANICS = "the registry does not start (panic, exit 2)"
IGNORED = "the registry ignores it without a word"


class Fault(NamedTuple):
    """A value that is not as it has to be: what is there, what the registry does with it, what to write instead."""

    problem: str
    effect: str
    fix: str
    severity: str = ERROR


class Finding(NamedTuple):
    """A fault at its dotted path; source says which registry, and what part of it, encodes the rule."""

    severity: str
    path: str
    problem: str
    effect: str
    fix: str
    source: str

    def as_dict(self) -> Dict[str, str]:
        """For a module's result."""
        return dict(self._asdict())

    def __str__(self) -> str:
        return f"{self.severity}: {self.path or 'the file'}: {self.problem}; {self.effect}. Next: {self.fix}"


def found(path: str, fault: Fault, source: str) -> Finding:
    """The finding that a fault is at a path."""
    return Finding(fault.severity, path, fault.problem, fault.effect, fault.fix, source)


def counted(findings: Iterable[Finding]) -> str:
    """How many of each, in words: "2 errors, 1 warning"."""
    severities = [finding.severity for finding in findings]
    counts = [(severities.count(severity), severity) for severity in (ERROR, WARNING)]
    return ", ".join(f"{count} {name}{'' if count == 1 else 's'}" for count, name in counts if count) or "no findings"
