# SPDX-License-Identifier: Apache-2.0
"""How back-ends ask their servers: connections that are kept, few requests at once, and errors as problems."""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from typing import Generic, Protocol, TypeVar

from module_utils.base.errors import InputError, ToolError
from module_utils.http.verdicts import CLOSED, REFUSED, TIMEOUT, TLS_ERROR

from ..log import LOG, one_line
from ..problems import BackendRefused, Problem, Unavailable

_WITHOUT_ANSWER = (REFUSED, TLS_ERROR, TIMEOUT, CLOSED)
_IDLE_CONNECTIONS = 8
# Fewer than the portal has threads. After so many requests in a row without an answer, the server is not asked for so
# many seconds: a server that hangs must not keep the requests to others waiting.
_MOST_REQUESTS = 16
_MOST_UNANSWERED = 3
_PAUSE_S = 5.0


class Closable(Protocol):
    """A client of a server, over a connection of its own."""

    def close(self) -> None:
        """Close the connection."""


Client = TypeVar("Client", bound=Closable)
Result = TypeVar("Result")


class Access(Generic[Client]):
    """Access to one server. what: the server in messages to people, "The gateway".

    known: codes of the engine's errors that are no failure of the server, and what people are told of each.
    """

    def __init__(
        self, connect: Callable[[], Client], what: str, known: Mapping[str, tuple[type[Problem], str]] | None = None
    ) -> None:
        self._connect = connect
        self._what = what
        self._known = known or {}
        self._idle: queue.LifoQueue[Client] = queue.LifoQueue(_IDLE_CONNECTIONS)
        self._slots = threading.BoundedSemaphore(_MOST_REQUESTS)
        self._unanswered = 0
        self._is_asked_after = float("-inf")

    def ask(self, work: Callable[[Client], Result]) -> Result:
        """Do something over a connection that nobody else uses meanwhile. Raises Unavailable, BackendRefused."""
        if time.monotonic() < self._is_asked_after or not self._slots.acquire(timeout=1):
            raise Unavailable(self._no_answer)
        try:
            with self._told(), self._client() as client:
                result = work(client)
            self._unanswered = 0
            return result
        finally:
            self._slots.release()

    def close(self) -> None:
        """Close the connections that nobody uses."""
        with suppress(queue.Empty):
            while True:
                self._idle.get_nowait().close()

    @property
    def _no_answer(self) -> str:
        return f"{self._what} does not answer."

    @contextmanager
    def _client(self) -> Iterator[Client]:
        try:
            client = self._idle.get_nowait()
        except queue.Empty:
            client = self._connect()
        try:
            yield client
        finally:
            try:
                self._idle.put_nowait(client)
            except queue.Full:
                client.close()

    @contextmanager
    def _told(self) -> Iterator[None]:
        """Turn the engine's errors into problems; what they name of the inside goes to the log alone."""
        try:
            yield
        except ToolError as error:
            if error.code in self._known:
                kind, text = self._known[error.code]
                raise kind(text) from None
            LOG.error("%s", one_line(error))
            if error.status is None and error.code.partition(":")[0] in _WITHOUT_ANSWER:
                self._note_no_answer()
                raise Unavailable(self._no_answer) from None
            if error.status is not None and error.status >= 500:
                raise Unavailable(self._no_answer) from None
            raise BackendRefused(f"{self._what} refused the portal's request; the portal's log says why.") from None
        except InputError as error:
            LOG.error("%s", one_line(error))
            raise BackendRefused(f"{self._what} keeps this in a form that the portal cannot change.") from None

    def _note_no_answer(self) -> None:
        self._unanswered += 1
        if self._unanswered >= _MOST_UNANSWERED:
            self._is_asked_after = time.monotonic() + _PAUSE_S


@contextmanager
def connections(connect: Callable[[], Client]) -> Iterator[Callable[[], Client]]:
    """What makes connections that are closed at the end of the block."""
    made: list[Client] = []

    def another() -> Client:
        made.append(connect())
        return made[-1]

    try:
        yield another
    finally:
        for client in made:
            client.close()
