# SPDX-License-Identifier: Apache-2.0
"""What a Docker registry makes of config.yml files, before it does.

    python3 -m commands.registry_lint FILE...

From a clone; needs PyYAML and nothing else. Exit codes: 0 no errors, 1 errors, 2 a file that cannot be read.
"""

from __future__ import annotations

import argparse
import sys
import textwrap
from typing import Iterator, List, Optional

from module_utils.base.findings import ERROR, Finding, counted
from module_utils.registry.config import envfile
from module_utils.registry.config.envfile import EnvironmentFile
from module_utils.registry.config.lint import lint
from module_utils.registry.config.schema import VERSIONS
from module_utils.registry.config.yaml import NEEDS_YAML, YamlMissing


def table(findings: List[Finding], width: int) -> Iterator[str]:
    """Lines of a table: severity and path, and below them in sentences what is wrong and what to do."""
    for finding in findings:
        yield f"  {finding.severity:7}  {finding.place or '(file)'}: {finding.what}"
        for word, sentence in (("effect", finding.effect), ("remedy", finding.remedy)):
            yield from textwrap.wrap(
                sentence, width, initial_indent=f"{'':11}{word:7} ", subsequent_indent=" " * 19, break_long_words=False
            )


def main(arguments: Optional[List[str]] = None) -> int:
    """The command: 0 without errors, 1 with some, 2 where a file cannot be read."""
    parser = argparse.ArgumentParser(
        prog="registry_lint",
        description="Says what a Docker registry makes of config.yml files, before it does. Values are never shown.",
        epilog="exit code: 0 no errors, 1 errors, 2 a file that cannot be read",
    )
    parser.add_argument("files", nargs="+", metavar="FILE")
    parser.add_argument("--version", choices=VERSIONS, default="2.8", help="of the registry (default: 2.8)")
    parser.add_argument("--files", dest="with_files", action="store_true", help="also look for the files it names")
    parser.add_argument("--env", metavar="ENVFILE", help="file of NAME=VALUE lines, the registry's environment")
    parser.add_argument("--strict", action="store_true", help="warnings count as errors")
    given = parser.parse_args(arguments)
    try:
        environment = _environment(given.env)
        return max([_report(path, given, environment) for path in given.files])
    except YamlMissing:
        sys.stderr.write(f"{NEEDS_YAML}\n")
        return 2
    except _Unreadable as error:
        sys.stderr.write(f"{error}\n")
        return 2


class _Unreadable(Exception):
    """A file that cannot be read; the text names the file."""


def _text(path: str) -> str:
    try:
        with open(path, encoding="utf-8") as file:
            return file.read()
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "not UTF-8"
        raise _Unreadable(f"{path}: cannot be read: {reason}") from error


def _environment(path: Optional[str]) -> EnvironmentFile:
    """The file that --env names; it is read once, before any configuration is judged."""
    if path is None:
        return EnvironmentFile({}, [])
    return envfile.read(_text(path), path)


def _report(path: str, given: argparse.Namespace, environment: EnvironmentFile) -> int:
    try:
        text = _text(path)
    except _Unreadable as error:
        sys.stderr.write(f"{error}\n")
        return 2
    findings = environment.findings + lint(text, given.version, given.with_files, environment.variables)
    lines = [f"{path}: {counted(findings)} (registry {given.version})", *table(findings, 110)]
    sys.stdout.write("\n".join(lines) + "\n")
    return 1 if [finding for finding in findings if finding.severity == ERROR or given.strict] else 0


def run() -> None:
    """The command."""
    raise SystemExit(main())


if __name__ == "__main__":
    run()
