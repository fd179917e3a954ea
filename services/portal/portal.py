# SPDX-License-Identifier: Apache-2.0
"""The parts of a running portal."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from .backends.backend import Backend
from .backends.table import Backends
from .config import Settings
from .identity.sign_in import SignIn
from .log import LOG, one_line
from .metrics.metrics import Metrics
from .metrics.state import State
from .problems import NotFound, Problem
from .rate_limits import Limiter
from .readiness import Readiness
from .registries import Registries
from .store.database import Database
from .store.journal import Entry, Journal
from .store.keys import Key, Keys
from .store.projects import Projects
from .store.replies import Replies
from .store.requests import Requests
from .turns import Turns
from .verdicts import Verdict, VerdictFile
from .views import Views


class Portal:
    """What the configuration has made: back-ends, sign-in, and what the database holds."""

    def __init__(self, settings: Settings) -> None:
        """Raises InputError for settings that cannot be used."""
        self.settings = settings
        self.sign_in = SignIn(settings)
        self.limiter = Limiter(settings.rate_limits)
        self.metrics = Metrics()
        self.backends = Backends(settings, self.metrics)
        self.views = Views(self.backends.__getitem__, self.metrics.lookup)
        self.registries = Registries(settings.registries)
        self._verdicts = {name: VerdictFile(one) for name, one in settings.backends.items()}
        self.database = Database(settings)
        self.projects = Projects(self.database)
        self.keys = Keys(self.database)
        self.requests = Requests(self.database)
        self.replies = Replies(self.database)
        self.journal = Journal(self.database)
        self._state = State(
            {name: self.backends[name].check for name in self.backends.names},
            {
                ("journal_entries", "Number of the newest entry of the audit log."): self.journal.newest,
                ("open_requests", "Requests for other limits that nobody has answered."): self.requests.waiting,
                ("overdue_keys", "Keys whose time is over, and that still work."): self.keys.overdue,
            },
        )
        self.metrics.registry.register(self._state)
        self._turns = Turns()
        self.readiness = Readiness(self.database.check, self._state.up)
        self._stopped = threading.Event()
        self._begun: dict[tuple[str, str], int] = {}  # entries of the journal on keys that could not be revoked yet
        self._sweeper = threading.Thread(target=self._sweep_until_stopped, daemon=True)

    @contextmanager
    def alone_with(self, project: str) -> Iterator[None]:
        """Change a project one request at a time, so that what was checked still holds. For one process.

        Raises Busy. What a caller may is checked in the block, too: Call.alone.
        """
        with self._turns.of(project):
            try:
                yield
            finally:
                self.views.forget(project)

    def storage(self, backend: str, project: str) -> Backend:
        """The back-end, in which the project has an account from now on."""
        found = self.backends[backend]
        if found.limits(project) is None:
            found.set_limits(project, self.backends.limits(backend))
        return found

    def verdict(self, backend: str) -> Verdict:
        """What the last verification of a back-end found. Raises NotFound."""
        if backend not in self._verdicts:
            raise NotFound("There is no back-end of this name.")
        return self._verdicts[backend].verdict()

    def start(self) -> None:
        """Tell of changes that were interrupted, and begin to revoke keys whose time is over."""
        for row in self.journal.interrupt():
            LOG.warning("The portal was ended during this change, which may be done in part: %s", row.told())
        self._sweeper.start()

    def stop(self) -> None:
        """Let go of everything."""
        self._stopped.set()
        self._sweeper.join()
        self._state.close()
        self.backends.close()
        self.database.close()

    def sweep(self) -> None:
        """Revoke the keys whose time is over, and forget old answers. What cannot be revoked waits for the next."""
        for key in self.keys.ended(time.time()):
            if key.backend in self.backends.names:
                try:
                    self._revoke(key)
                except Exception as error:  # noqa: BLE001 (one key must not keep the others)
                    LOG.error("Key %s of project %s is not revoked yet: %s", key.id, key.project, _reason(error))
        self.replies.forget_old()

    def _revoke(self, key: Key) -> None:
        entry, known = Entry("", "portal", "key.end", key.backend, key.project, key.id), (key.backend, key.id)
        with self.alone_with(key.project):
            if not self.keys.has_ended(key, time.time()):
                # Meanwhile, a key that was being made may be there, or another thread may have revoked this one.
                begun = self._begun.pop(known, None)
                if begun is not None:
                    self.journal.end(begun, entry, NotFound.status)
                return
            number = self._begun.get(known) or self.journal.begin(entry)
            self._begun[known] = number
            with suppress(NotFound):  # the account is gone, and its keys with it
                self.backends[key.backend].remove_key(key.project, key.id)
            self.keys.forget(key)
            del self._begun[known]
        self.journal.end(number, entry, 200)

    def _sweep_until_stopped(self) -> None:
        while not self._stopped.wait(self.settings.sweep_s):
            try:
                self.sweep()
            except Exception as error:  # noqa: BLE001 (nothing may end the sweeper)
                LOG.error("Ended keys are not revoked: %s", _reason(error))


def _reason(error: Exception) -> str:
    """What the portal itself says of a fault; of others the type alone, as their words may be a value of somebody's."""
    return one_line(error) if isinstance(error, Problem) else type(error).__name__
