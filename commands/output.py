# SPDX-License-Identifier: Apache-2.0
"""Standard output of a command whose reader may go before the command is done, as `| head` does."""

from __future__ import annotations

import os
import sys
from typing import Callable, NoReturn


def say(text: str) -> None:
    """Write lines. When nobody reads them any more, the command goes on without: reports and exit code still count."""
    try:
        sys.stdout.write(f"{text}\n")
        sys.stdout.flush()
    except BrokenPipeError:
        _discard()


def end(main: Callable[[], int]) -> NoReturn:
    """Run the command and leave with its exit code."""
    try:
        sys.exit(main())
    finally:
        # What argparse has written may still wait here, and Python would complain about the pipe after the end.
        try:
            sys.stdout.flush()
        except BrokenPipeError:
            _discard()


def _discard() -> None:
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())
    os.close(nowhere)
