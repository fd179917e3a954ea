# SPDX-License-Identifier: Apache-2.0
"""HEAD after PUT, many times over parallel connections: rates, waiting times, and every wrong answer.

It finds faults that show once in 10,000 requests, which no probe does. The memory it takes does not grow with the
number of objects.
"""

from __future__ import annotations

import itertools
import threading
import time
from typing import Any, Callable, NamedTuple, Tuple

from ..base.errors import InputError
from ..http.deadline import Deadline
from ..http.endpoint import Endpoint
from ..http.prober import Connection
from .load_operations import DELETE, HEAD, HEAD_AFTER_PUT, PUT, Operation, StoredObject
from .load_tally import Tally, result

# After that many wrong answers it is clear that the gateway is not well: no further object is begun.
MAX_WRONG = 1000

# How often somebody who watches is told how far it is.
WATCH_SECONDS = 0.2

Phase = Tuple[Operation, ...]
# Takes what is being done, how many objects it was done with, and how many objects there are.
Watch = Callable[[str, int, int], None]


class Job(NamedTuple):
    """What to do: `objects` of `size` bytes over `connections` at once.

    A request may take `timeout` seconds. After `seconds` for all of them no further object is begun; to remove those
    that were stored may take as long again.
    """

    objects: int
    connections: int
    size: int
    timeout: float
    seconds: float

    @classmethod
    def of(cls, objects: int, connections: int, size: int, timeout: float, seconds: float) -> Job | None:
        """The job with these bounds, None for no objects. Raises InputError for what is out of bounds."""
        for name, value, least, most in (
            ("objects", objects, 0, 10**9),
            ("connections", connections, 1, 256),
            ("size", size, 0, 64 << 20),
            ("seconds", seconds, 1, 86400),
        ):
            if not least <= value <= most:
                raise InputError(f"load: {name} is {value}; give {least} to {most}")
        return cls(objects, connections, size, timeout, seconds) if objects else None


class Place(NamedTuple):
    """Where to do it: the path of a container below the endpoint, and a token for it."""

    endpoint: Endpoint
    path: str
    token: str


class Load:
    """A job at a place, done once. `watch` is told now and then how far it is, in the thread that runs it."""

    def __init__(self, place: Place, job: Job, watch: Watch | None = None) -> None:
        self._place = place
        self._job = job
        self._watch = watch
        self._unsure: set[int] = set()  # Objects of which no right answer says that they are stored.
        self._stop = threading.Event()

    def run(self) -> dict[str, Any]:
        """Store the objects, each with a HEAD at once; HEAD all again; remove them. What came of it as plain data."""
        began = time.monotonic()
        deadline = Deadline(self._job.seconds)
        storing = self._phase("storing", (PUT, HEAD_AFTER_PUT), self._job.objects, deadline)
        heading = self._phase("asking for", (HEAD,), storing.begun, deadline)
        removing = self._phase("removing", (DELETE,), storing.begun, Deadline(self._job.seconds))
        return {
            "objects": storing.begun,
            "connections": self._job.connections,
            "seconds": time.monotonic() - began,
            **result([storing, heading, removing]),
        }

    def _phase(self, doing: str, phase: Phase, objects: int, deadline: Deadline) -> Tally:
        """Do the operations of a phase, one after the other, on each object.

        Every connection takes the next object that nobody has begun, until none or no time is left.
        """
        numbers = itertools.count()  # next() on it is atomic
        tallies = [Tally(phase) for _number in range(min(self._job.connections, objects))]

        def work(tally: Tally) -> None:
            connection = Connection(self._place.endpoint)
            while not self._stop.is_set() and deadline.left() and tally.wrong_answers * len(tallies) < MAX_WRONG:
                number = next(numbers)
                if number >= objects:
                    break
                tally.begun += 1
                if number not in self._unsure:
                    self._handle(connection, number, phase, tally)
            connection.close()

        threads = [threading.Thread(target=work, args=(tally,)) for tally in tallies]
        began = time.monotonic()
        for thread in threads:
            thread.start()
        try:
            for thread in threads:
                while thread.is_alive():
                    thread.join(WATCH_SECONDS if self._watch else None)
                    if self._watch:
                        self._watch(doing, sum(tally.begun for tally in tallies), objects)
        except BaseException:
            self._stop.set()  # Nothing may be stored any more when the container is removed.
            for thread in threads:
                thread.join()
            raise
        return Tally.merge(phase, tallies, time.monotonic() - began)

    def _handle(self, connection: Connection, number: int, phase: Phase, tally: Tally) -> None:
        stored = StoredObject(f"{self._place.path}/load-{number:09}", _content(number, self._job.size))
        for operation in phase:
            request = operation.request(stored, self._place.token)
            began = time.perf_counter()
            answer = connection.exchange_in_haste(request, operation.right_answer(stored), self._job.timeout)
            tally.add(operation, time.perf_counter() - began)
            finding = answer and operation.finding(answer, stored)
            if answer and finding:
                tally.add_wrong(operation, finding, answer.evidence)
                if operation is PUT:
                    self._unsure.add(number)
                    return


def _content(number: int, size: int) -> bytes:
    """Other bytes for each object, so that none passes for another."""
    return (b"%012d\n" % number * (size // 13 + 1))[:size]
