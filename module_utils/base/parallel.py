# SPDX-License-Identifier: Apache-2.0
"""The same work on many items at once, each worker with a client of its own."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from .errors import InputError, ToolError

Client = TypeVar("Client")
Item = TypeVar("Item")
Result = TypeVar("Result")


@dataclass
class Work(Generic[Result]):
    """What came of it. results: by the item's index; errors: likewise, empty if all went well."""

    results: dict[int, Result] = field(default_factory=dict)
    errors: dict[int, Exception] = field(default_factory=dict)

    def first_error(self) -> Exception | None:
        """The error of the item that stands first in the list."""
        return self.errors[min(self.errors)] if self.errors else None


def work_through(
    clients: Sequence[Client], items: Sequence[Item], work: Callable[[Client, Item], Result]
) -> Work[Result]:
    """Do work on each item, as many at once as there are clients.

    After the first InputError or ToolError, or a signal, no item is begun any more, and those under way are finished.
    """
    done: Work[Result] = Work()
    todo = iter(range(len(items)))
    lock = threading.Lock()
    stop = threading.Event()

    def worker(client: Client) -> None:
        while not stop.is_set():
            with lock:
                index = next(todo, None)
            if index is None:
                return
            try:
                done.results[index] = work(client, items[index])
            except (InputError, ToolError) as error:
                done.errors[index] = error
                stop.set()
            except BaseException:
                stop.set()
                raise

    with ThreadPoolExecutor(max(1, len(clients))) as threads:
        try:
            for future in [threads.submit(worker, client) for client in clients]:
                future.result()
        finally:
            stop.set()  # a signal, which ends this thread only, is not to wait for the whole list
    return done
