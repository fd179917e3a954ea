# SPDX-License-Identifier: Apache-2.0
"""What goes on in threads while a test does something else."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Callable, Iterator


@contextmanager
def in_background(work: Callable[[int, threading.Event], None], threads: int = 1) -> Iterator[None]:
    """Have each of the threads do work(number, stop) until the block ends, when `stop` is set.

    What a thread raised is raised then: a load that broke off early is no load.
    """
    stop = threading.Event()
    with ThreadPoolExecutor(threads) as pool:
        working = [pool.submit(work, number, stop) for number in range(threads)]
        try:
            yield
        finally:
            stop.set()
    for one in working:
        one.result()
