# SPDX-License-Identifier: Apache-2.0
"""The findings for people: severity and place, and below them where, what comes of it, and what to do."""

from __future__ import annotations

import textwrap
from typing import Iterator, List

from module_utils.base.findings import counted

from .judgement import Judgement, Located

_WIDTH = 110
_INDENT = " " * 11


def headline(judgement: Judgement, version: str) -> str:
    """How many findings a file has."""
    return f"{judgement.path}: {judgement.problem or f'{counted(judgement.findings)} (registry {version})'}"


def render(judgements: List[Judgement], version: str) -> str:
    """A table for each file that could be read."""
    readable = [judgement for judgement in judgements if not judgement.problem]
    return "\n".join(
        line
        for judgement in readable
        for line in (headline(judgement, version), *(row for one in judgement.located for row in _rows(one)))
    )


def _rows(one: Located) -> Iterator[str]:
    finding = one.finding
    yield f"  {finding.severity:7}  {finding.place or '(file)'}: {finding.what}"
    yield f"{_INDENT}{'at':7} {one.file}:{one.line}:{one.column}"
    for word, sentence in (("effect", finding.effect), ("remedy", finding.remedy)):
        yield from _wrapped(word, sentence)


def _wrapped(word: str, sentence: str) -> List[str]:
    """The sentence in lines, of which the last one has more than a single word."""
    lines: List[str] = []
    for width in range(_WIDTH, _WIDTH // 2, -1):
        lines = textwrap.wrap(
            sentence,
            width,
            initial_indent=f"{_INDENT}{word:7} ",
            subsequent_indent=" " * 19,
            break_long_words=False,
            break_on_hyphens=False,
        )
        if len(lines) < 2 or " " in lines[-1].strip():
            break
    return lines
