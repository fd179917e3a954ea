# SPDX-License-Identifier: Apache-2.0
"""The findings as workflow commands, which GitHub shows beside the lines of a pull request.

Source: GitHub Docs, "Workflow commands for GitHub Actions"; the escapes are those of actions/toolkit, command.ts.
"""

from __future__ import annotations

from typing import Iterator, List

from .judgement import Judgement, Located
from .text import headline


def render(judgements: List[Judgement], version: str) -> str:
    """For each file the number of findings, for the log, and a command for each finding."""
    return "\n".join(line for judgement in judgements for line in _lines(judgement, version))


def _lines(judgement: Judgement, version: str) -> Iterator[str]:
    yield headline(judgement, version)
    if judgement.problem:
        yield f"::error file={_property(judgement.path)}::{_text(judgement.problem)}"
    for one in judgement.located:
        yield _command(one, version)


def _command(one: Located, version: str) -> str:
    finding = one.finding
    title = _property(f"registry {version}: {finding.place or 'the file'}")
    where = f"file={_property(one.file)},line={one.line},col={one.column},title={title}"
    effect = f"; {finding.effect}" if finding.effect else ""
    return f"::{finding.severity} {where}::{_text(f'{finding.what}{effect}. Next: {finding.remedy}')}"


def _text(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _text(text).replace(":", "%3A").replace(",", "%2C")
