# SPDX-License-Identifier: Apache-2.0
"""A file of NAME=VALUE lines, read as docker's --env-file reads it, or as a shell does where it has `export`."""

from __future__ import annotations

import re
import shlex
from typing import Dict, List, Mapping, NamedTuple, Optional, Tuple

from ...base.findings import WARNING, Finding
from .finding import Fault, found

_SOURCE = "docker's --env-file"
_EXPORT = re.compile(r"export[ \t]+")
_NAME = re.compile(r"[^\s=]+")


class EnvironmentFile(NamedTuple):
    """The variables of the file, what was not understood in it, and the line of each variable, counted from 1."""

    variables: Dict[str, str]
    findings: List[Finding]
    lines: Mapping[str, int] = {}


def read(text: str, name: str) -> EnvironmentFile:
    """The variables in the text of the file `name`; of each line that gives none there is a finding."""
    lines = [
        (number, line.lstrip()) for number, line in enumerate(text.lstrip("\ufeff").splitlines(), 1) if line.strip()
    ]
    lines = [(number, line) for number, line in lines if not line.startswith("#")]
    exports = [number for number, line in lines if _EXPORT.match(line)]
    variables: Dict[str, str] = {}
    lines_of: Dict[str, int] = {}
    findings: List[Finding] = []
    if exports:
        effect = "a shell reads such a line, docker's --env-file refuses the file; read here as a shell does"
        export = Fault("export before a name", effect, "write NAME=VALUE alone for docker", WARNING)
        findings.append(_finding(name, exports[0], export))
    for number, line in lines:
        word, value, fault = _pair(line, bool(exports))
        if fault:
            findings.append(_finding(name, number, fault))
        else:
            variables[word], lines_of[word] = value, number
    return EnvironmentFile(variables, findings, lines_of)


def _pair(line: str, for_a_shell: bool) -> Tuple[str, str, Optional[Fault]]:
    word, equals, value = _EXPORT.sub("", line, count=1).partition("=") if for_a_shell else line.partition("=")
    if not _NAME.fullmatch(word):
        return "", "", _unread("no NAME=VALUE", "write a name without blanks, = and the value")
    if not equals:
        return "", "", _unread("a name without a value", "write NAME=VALUE: docker takes it from where docker runs")
    if for_a_shell:
        try:
            value = " ".join(shlex.split(value, comments=True)[:1])
        except ValueError:
            return "", "", _unread("a quote that does not close", "close the quote")
    return word, value, None


def _unread(problem: str, fix: str) -> Fault:
    return Fault(problem, "the line is not looked at", fix, WARNING)


def _finding(name: str, number: int, fault: Fault) -> Finding:
    return found(f"{name}, line {number}", fault, _SOURCE)._replace(line=number, column=1)
