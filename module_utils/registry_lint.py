# SPDX-License-Identifier: Apache-2.0
"""What is wrong with a registry's config.yml that exists already: for a module, and as a command.

From a clone: python3 -m module_utils.registry_lint FILE..., which needs PyYAML and nothing else.
"""

from __future__ import annotations

import argparse
import os
import sys
import textwrap
from typing import Any, Iterator, List, Mapping, Optional, Tuple

from .registry_environment import Overlaid, overlaid
from .registry_finding import ERROR, FATAL, PANICS, Fault, Finding, counted, found
from .registry_schema import VERSIONS
from .registry_validator import validate
from .registry_yaml import NEEDS_YAML, parse

# Where a configuration names files, and what becomes of a registry where they are missing (measured on 2.8.2).
_INVENTS_A_USER = "the registry makes a user docker and writes its random password to the log"
_FILES: Tuple[Tuple[str, str, str], ...] = (
    ("auth.htpasswd.path", _INVENTS_A_USER, "make it with htpasswd -B, or with the module registry_htpasswd"),
    ("auth.token.rootcertbundle", PANICS, "put the token server's certificates there"),
    ("http.tls.certificate", FATAL, "put the certificate there"),
    ("http.tls.key", FATAL, "put the certificate's key there"),
)


def lint(
    text: str, version: str, with_files: bool = False, environment: Optional[Mapping[str, str]] = None
) -> List[Finding]:
    """Findings in the text of a config.yml. with_files: also look whether the files that it names exist on this host.

    environment: the registry's, whose variables REGISTRY_* overrule the file. Raises RuntimeError where PyYAML is
    missing.
    """
    parsed = parse(text)
    if parsed.config is None and parsed.findings:
        return parsed.findings
    laid = overlaid(parsed.config, environment, version) if environment else Overlaid(parsed.config, [])
    files = list(missing_files(laid.config, version)) if with_files else []
    return parsed.findings + laid.findings + validate(laid.config, version) + files


def missing_files(config: Any, version: str) -> Iterator[Finding]:
    """Files that a configuration names and this host does not have; a registry in a container sees other files."""
    for place, effect, fix in _FILES:
        value = config
        for name in place.split("."):
            value = value.get(name) if isinstance(value, Mapping) else None
        if isinstance(value, str) and value and not os.path.exists(value):
            yield found(place, Fault("no such file on this host", effect, fix), f"distribution {version}")


def table(findings: List[Finding], width: int) -> Iterator[str]:
    """Lines of a table: severity and path, and below them in sentences what is wrong and what to do."""
    for finding in findings:
        yield f"  {finding.severity:7}  {finding.path or '(file)'}: {finding.problem}"
        for word, sentence in (("effect", finding.effect), ("fix", finding.fix)):
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
    return max([_report(path, given) for path in given.files])


def _environment(path: Optional[str]) -> Mapping[str, str]:
    if path is None:
        return {}
    with open(path, encoding="utf-8") as file:
        pairs = [line.rstrip("\n").partition("=") for line in file if "=" in line and not line.startswith("#")]
    return {name: value for name, _equals, value in pairs}


def _report(path: str, given: argparse.Namespace) -> int:
    try:
        with open(path, encoding="utf-8") as file:
            findings = lint(file.read(), given.version, given.with_files, _environment(given.env))
    except RuntimeError:
        sys.stderr.write(f"{NEEDS_YAML}\n")
        return 2
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "not UTF-8"
        sys.stderr.write(f"{path}: cannot be read: {reason}\n")
        return 2
    lines = [f"{path}: {counted(findings)} (registry {given.version})", *table(findings, 110)]
    sys.stdout.write("\n".join(lines) + "\n")
    return 1 if [finding for finding in findings if finding.severity == ERROR or given.strict] else 0


if __name__ == "__main__":
    raise SystemExit(main())
