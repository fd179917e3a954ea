# SPDX-License-Identifier: Apache-2.0
"""What sregistry makes of its settings, before it does.

    python3 -m commands.client_lint FILE...

FILE is a file of variables (NAME=VALUE, with or without export), or the client's own ~/.sregistry. Needs the standard
library only. Exit codes: 0 no errors, 1 errors, 2 a file that cannot be read, or an argument that cannot be used.
"""

from __future__ import annotations

import argparse
import json
from typing import Any, Dict, List, Optional

from module_utils.base.findings import ERROR, Finding, as_data, counted
from module_utils.clients.lint import lint_file

from ..output import end, say
from ..version import VERSION

EPILOG = "exit code: 0 no errors, 1 errors, 2 a file that cannot be read, or an argument that cannot be used"


def main(arguments: Optional[List[str]] = None) -> int:
    """The command: 0 without errors, 1 with some, 2 where a file cannot be read."""
    parser = argparse.ArgumentParser(
        prog="client-lint",
        description="Says what sregistry makes of its settings of swift. Values are never shown.",
        epilog=EPILOG,
    )
    parser.add_argument("--version", action="version", version=f"%(prog)s {VERSION}")
    parser.add_argument("files", nargs="+", metavar="FILE")
    parser.add_argument("--strict", action="store_true", help="warnings count as errors")
    parser.add_argument("--format", choices=("text", "json"), default="text", help="of the findings (default: text)")
    given = parser.parse_args(arguments)
    files = [_judge(path) for path in given.files]
    if given.format == "json":
        say(
            json.dumps(
                {"schema": 1, "files": [{**one, "findings": as_data(one["findings"])} for one in files]}, indent=2
            )
        )
    else:
        say("\n".join(line for one in files for line in _lines(one)))
    return max(_code(one, given.strict) for one in files)


def _judge(path: str) -> Dict[str, Any]:
    try:
        return {"file": path, "problem": None, "findings": lint_file(path)}
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "not UTF-8"
        return {"file": path, "problem": f"cannot be read: {reason}", "findings": []}


def _lines(judged: Dict[str, Any]) -> List[str]:
    findings: List[Finding] = judged["findings"]
    where = [f"{judged['file']}:{one.line}" if one.line else judged["file"] for one in findings]
    return [
        f"{judged['file']}: {judged['problem'] or counted(findings)}",
        *(f"  {place}: {one}" for place, one in zip(where, findings)),
    ]


def _code(judged: Dict[str, Any], strict: bool) -> int:
    if judged["problem"]:
        return 2
    return int(any(strict or one.severity == ERROR for one in judged["findings"]))


def run() -> None:
    """The command."""
    end(main)


if __name__ == "__main__":
    run()
