# SPDX-License-Identifier: Apache-2.0
"""What is wrong with a registry's configuration, as data. A finding names keys and types and never shows a value."""

from __future__ import annotations

from typing import NamedTuple

from ...base.findings import ERROR, Finding

# What becomes of a registry, by the part of it that meets the fault (measured on 2.8.2).
REFUSED = "the registry does not start (configuration error, exit 1)"
FATAL = "the registry does not start (fatal error, exit 1)"
PANICS = "the registry does not start (panic, exit 2)"
IGNORED = "the registry ignores it without a word"


class Fault(NamedTuple):
    """A value that is not as it has to be: what is there, what the registry does with it, what to write instead."""

    what: str
    effect: str
    remedy: str
    severity: str = ERROR


def found(path: str, fault: Fault, source: str) -> Finding:
    """The finding that a fault is at a path."""
    return Finding(fault.what, fault.remedy, fault.effect, fault.severity, path, source)
