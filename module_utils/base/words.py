# SPDX-License-Identifier: Apache-2.0
"""Words of the reports that people read: outcomes, plurals, and text that cannot move a terminal's cursor."""

from __future__ import annotations

from typing import Any, Mapping, Sequence

# The four outcomes of a check, worst first.
FAIL, WARN, PASS, SKIP = "FAIL", "warn", "ok", "skip"
_LONGEST_SHOWN = 80


def one_line(text: str) -> str:
    """`text` without anything that could move a terminal's cursor or pass for other text."""
    return "".join(character if character.isprintable() else escaped(character) for character in text)


def escaped(character: str) -> str:
    """The character as Python writes it: \\x1b, \\u202e."""
    code = ord(character)
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def shortened(name: str) -> str:
    """A name that fits into a sentence: of a longer one its first 80 characters."""
    return name if len(name) <= _LONGEST_SHOWN else f"{name[:_LONGEST_SHOWN]}..."


def plural(number: int, noun: str) -> str:
    """`1 probe`, `2 probes`."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def listed(words: Sequence[str]) -> str:
    """`a`, `a and b`, `a, b and c`."""
    return " and ".join([", ".join(words[:-1]), *words[-1:]]) if len(words) > 1 else "".join(words)


def changes(changed: Mapping[str, bool], would: bool) -> str:
    """What of several parts changed, or in check mode would change: `configuration and container changed`."""
    parts = [part for part, has in changed.items() if has]
    return f"{listed(parts)} {'would change' if would else 'changed'}" if parts else "unchanged"


def wrong(verdict: Mapping[str, Any]) -> str:
    """What is wrong: the verdict's word, what was expected and what came."""
    return f"{verdict['verdict']}: expected {verdict['expected']}; got {verdict['got']}"


def paragraph(title: str, verdict: Mapping[str, Any]) -> str:
    """A verdict that did not pass, in five lines: what was checked, what came, why and what to do."""
    return "\n".join(
        (
            f"{title}: {verdict['verdict']}",
            f"  expected: {verdict['expected']}",
            f"  got:      {verdict['got']}",
            f"  cause:    {verdict['cause']}",
            f"  remedy:   {verdict['remedy']}",
        )
    )
