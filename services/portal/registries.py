# SPDX-License-Identifier: Apache-2.0
"""The registries by name: the repositories of a project, their tags, and what the tags name."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

from module_utils.base.login import Login
from module_utils.http.endpoint import Endpoint
from module_utils.http.outcomes import WrongAnswer
from module_utils.http.verdicts import CLOSED, REFUSED, TIMEOUT, TLS_ERROR
from module_utils.registry.api.catalogue import (
    Names,
    Tagged,
    is_repository,
    repositories_below,
    tagged,
    tags_of,
)
from module_utils.registry.api.session import OciSession

from .config import RegistrySettings, secret_in
from .log import LOG
from .problems import BackendRefused, NotFound, Unavailable

# Fewer than the portal has threads: a registry that hangs must not keep the requests to others waiting.
_MOST_REQUESTS = 4
# Pages of the registry's own for one of the portal's: 100 names each in registry 2.8.
_MOST_PAGES = 20
_WITHOUT_ANSWER = (REFUSED, TLS_ERROR, TIMEOUT, CLOSED)
_NO_ANSWER = "The registry does not answer."

Result = TypeVar("Result")


class Registry:
    """One registry. All methods raise Unavailable if it does not answer, BackendRefused for a wrong answer."""

    def __init__(self, settings: RegistrySettings) -> None:
        """Raises InputError for settings that cannot be used."""
        self._settings = settings
        secret = secret_in(settings.password_file) if settings.password_file else None
        self._login = Login(settings.username, secret.value) if settings.username and secret else None
        self._slots = threading.BoundedSemaphore(_MOST_REQUESTS)
        self.url, self.host = settings.url, Endpoint.parse(settings.url, settings.ca_file).authority
        self._session().close()  # a wrong address or certificate file is found now

    def prefix(self, project: str) -> str:
        """What the names of a project's repositories begin with."""
        return self._settings.prefix.replace("{project}", project)

    def repositories(self, project: str, after: str, most: int) -> Names:
        """Repositories of a project, after a name. The part may be short while the list goes on."""
        return self._ask(lambda session: repositories_below(session, self.prefix(project), after, most, _MOST_PAGES))

    def tags(self, project: str, repository: str, after: str, most: int) -> list[tuple[str, Tagged | None]]:
        """Tags of a project's repository after one, each with what it names; None for one that has gone meanwhile.

        Raises NotFound for a repository without tags, and for another project's.
        """
        if not (repository.startswith(self.prefix(project)) and is_repository(repository)):
            raise NotFound("The project has no repository of this name.")

        def work(session: OciSession) -> list[tuple[str, Tagged | None]]:
            names = tags_of(session, repository, _MOST_PAGES)
            if not names:
                raise NotFound("The project has no repository of this name, or the repository has no tags.")
            shown = [name for name in names if name > after][:most]
            return [(name, tagged(session, repository, name)) for name in shown]

        return self._ask(work)

    def _session(self) -> OciSession:
        own = self._settings
        return OciSession(own.endpoint or own.url, self._login, own.ca_file)

    def _ask(self, work: Callable[[OciSession], Result]) -> Result:
        with self._slot():
            session = self._session()
            try:
                session.begin(self._settings.timeout_s)
                session.ping()
                return work(session)
            except WrongAnswer as error:
                # What it names of the inside goes to the log alone.
                LOG.error("Registry %s: expected %s, got %s: %s", self.url, error.expected, error.word, error.got)
                if error.word in _WITHOUT_ANSWER:
                    raise Unavailable(_NO_ANSWER) from None
                raise BackendRefused("The registry refused the portal's request; the portal's log says why.") from None
            finally:
                session.close()

    @contextmanager
    def _slot(self) -> Iterator[None]:
        if not self._slots.acquire(timeout=1):
            raise Unavailable(_NO_ANSWER)
        try:
            yield
        finally:
            self._slots.release()


class Registries:
    """The configured registries."""

    def __init__(self, settings: dict[str, RegistrySettings]) -> None:
        """Raises InputError for settings that cannot be used."""
        self._registries = {name: Registry(one) for name, one in settings.items()}

    def __getitem__(self, name: str) -> Registry:
        """A registry. Raises NotFound."""
        if name not in self._registries:
            raise NotFound("There is no registry of this name.")
        return self._registries[name]

    @property
    def names(self) -> list[str]:
        """The names, as configured."""
        return list(self._registries)
