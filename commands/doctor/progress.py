# SPDX-License-Identifier: Apache-2.0
"""How far a load is, on standard error, for a person who waits before a terminal."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from typing import Iterator

from module_utils.doctor.load import Watch

_FROM_THE_LEFT = "\r\x1b[K"


@contextmanager
def load_progress() -> Iterator[Watch | None]:
    """What to tell the progress to; None where standard error is no terminal. At the end the line is empty again."""
    if not sys.stderr.isatty():
        yield None
        return
    try:
        yield _show
    finally:
        sys.stderr.write(_FROM_THE_LEFT)
        sys.stderr.flush()


def _show(doing: str, done: int, objects: int) -> None:
    sys.stderr.write(f"{_FROM_THE_LEFT}load: {doing} {objects:,} objects: {done:,} begun")
    sys.stderr.flush()
