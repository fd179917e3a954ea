# SPDX-License-Identifier: Apache-2.0
"""What the command understands."""

from __future__ import annotations

import argparse
import sys
from typing import List, Optional, Sequence

from module_utils.registry.config.schema import VERSIONS

from ..version import VERSION

FORMATS = ("text", "json", "sarif", "github")
EPILOG = "exit code: 0 no errors, 1 errors, 2 a file that cannot be read, or an argument that cannot be used"


def parse(arguments: Optional[Sequence[str]] = None) -> argparse.Namespace:
    """The arguments as data; only with --schema are there no files. Leaves with 2 where they cannot be used."""
    parser = argparse.ArgumentParser(
        prog="registry-lint",
        description="Says what a Docker registry makes of config.yml files, before it does. Values are never shown.",
        epilog=EPILOG,
    )
    parser.add_argument("files", nargs="*", metavar="FILE")
    parser.add_argument("--version", action="store_true", help="show the version of this command and end")
    parser.add_argument(
        "--registry-version", choices=VERSIONS, default="2.8", help="version of the registry (default: 2.8)"
    )
    parser.add_argument("--files", dest="with_files", action="store_true", help="also look for the files it names")
    parser.add_argument("--env", metavar="ENVFILE", help="file of NAME=VALUE lines, the registry's environment")
    parser.add_argument("--strict", action="store_true", help="warnings count as errors")
    parser.add_argument("--format", choices=FORMATS, default="text", help="of the findings (default: text)")
    parser.add_argument(
        "--schema", choices=VERSIONS, help="print a JSON Schema of config.yml for a version of the registry and end"
    )
    given = parser.parse_args(arguments)
    files: List[str] = given.files
    if given.version and files:
        # Up to 0.2.0, --version took the registry's: such a call must not pass.
        parser.error("--version shows the version of this command; write --registry-version for the registry's")
    if given.version:
        sys.stdout.write(f"{parser.prog} {VERSION}\n")
        parser.exit()
    if not files and not given.schema:
        parser.error("name at least one FILE")
    return given
