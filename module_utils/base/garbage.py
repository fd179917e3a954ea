# SPDX-License-Identifier: Apache-2.0
"""Python's search for garbage that refers to itself, left out of a run that makes none."""

from __future__ import annotations

import contextlib
import gc
from collections.abc import Iterator


@contextlib.contextmanager
def not_searched() -> Iterator[None]:
    """For a short process that keeps what it makes: the search looks through all of that, again and again.

    What nothing refers to any more goes at once, as ever.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
