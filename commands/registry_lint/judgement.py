# SPDX-License-Identifier: Apache-2.0
"""What was found in the files that the command was given, and in which file and line each finding stands."""

from __future__ import annotations

from typing import Any, Dict, List, Mapping, NamedTuple, Tuple

from module_utils.base.findings import ERROR, Finding
from module_utils.registry.config import envfile
from module_utils.registry.config.lint import lint


class Unreadable(Exception):
    """A file that cannot be read; the text says why."""


class Environment(NamedTuple):
    """The registry's variables, the file that has them, and the line of each."""

    variables: Mapping[str, str] = {}
    path: str = ""
    lines: Mapping[str, int] = {}


class Located(NamedTuple):
    """A finding, and where a person has to look: a file, with line and column from 1."""

    finding: Finding
    file: str
    line: int
    column: int

    def as_dict(self) -> Dict[str, Any]:
        """As plain data."""
        return {**self.finding.as_dict(), "file": self.file, "line": self.line, "column": self.column}


class Judgement(NamedTuple):
    """What was found in one file; problem: why it could not be read, else empty."""

    path: str
    located: List[Located]
    problem: str = ""

    @property
    def findings(self) -> List[Finding]:
        """The findings alone."""
        return [one.finding for one in self.located]

    def code(self, strict: bool) -> int:
        """The exit code for this file: 0, 1 for errors, 2 where it could not be read."""
        if self.problem:
            return 2
        return int(any(strict or finding.severity == ERROR for finding in self.findings))


def read_text(path: str) -> str:
    """The text of a file. Raises Unreadable."""
    try:
        with open(path, encoding="utf-8") as file:
            return file.read()
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "not UTF-8"
        raise Unreadable(f"cannot be read: {reason}") from error


def read_environment(path: str) -> Tuple[Environment, List[Judgement]]:
    """The registry's environment, and what was found in its file, if anything was. Raises Unreadable."""
    read = envfile.read(read_text(path), path)
    located = [Located(finding, path, finding.line, finding.column) for finding in read.findings]
    return Environment(read.variables, path, read.lines), [Judgement(path, located)] if located else []


def judge(path: str, version: str, with_files: bool, environment: Environment) -> Judgement:
    """What a registry of the version makes of a file. Raises YamlMissing."""
    try:
        text = read_text(path)
    except Unreadable as error:
        return Judgement(path, [], str(error))
    located = [
        Located(finding, environment.path, environment.lines[finding.variable], 1)
        if finding.variable
        else Located(finding, path, finding.line, finding.column)
        for finding in lint(text, version, with_files, environment.variables)
    ]
    return Judgement(path, located)
