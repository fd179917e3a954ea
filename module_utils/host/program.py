# SPDX-License-Identifier: Apache-2.0
"""One run of a program of this host, with what went wrong in the form of all errors."""

from __future__ import annotations

import subprocess
from typing import Sequence

from ..base.errors import ToolError

SECONDS = 60


def run_program(command: Sequence[str], seconds: float = SECONDS) -> subprocess.CompletedProcess[str]:
    """Run the program to its end, whatever its exit code. Raises ToolError if it is missing or takes longer."""
    name = command[0]
    try:
        return subprocess.run(
            command,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="replace",  # a log may hold bytes that are no text
            check=False,
            timeout=seconds,
        )
    except FileNotFoundError as error:
        raise ToolError("run", name, "this host has no such program", f"Install {name}.") from error
    except subprocess.TimeoutExpired as error:
        hint = f"Check whether {name} answers at all."
        raise ToolError("run", " ".join(command), f"no end within {seconds:.0f} s", hint) from error


def refusal(done: subprocess.CompletedProcess[str], hint: str) -> ToolError:
    """The error for a program that ended with another exit code than 0: its last line says why."""
    said = (done.stderr.strip().splitlines() or ["nothing said"])[-1]
    return ToolError("run", " ".join(done.args), said, hint)
