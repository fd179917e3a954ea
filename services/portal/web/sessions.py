# SPDX-License-Identifier: Apache-2.0
"""Who is signed in to the pages. Kept in memory alone: a portal that starts anew knows nobody, and no file has a token.

Somebody who loses a group loses its roles as soon as the issuer is asked again, which is once a minute by default.
"""

from __future__ import annotations

import secrets
import threading
import time
from collections import OrderedDict
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from ..identity.caller import Identity
from ..log import LOG
from ..problems import NotSignedIn, Unavailable
from .login import Attempt, Login, LoginClient

_ATTEMPT_S = 600.0
_MOST_ATTEMPTS, _MOST_SESSIONS = 1000, 10_000
# For so long, people who are signed in keep their groups while the issuer is down.
_PATIENCE_S = 600.0

Kept = TypeVar("Kept")


@dataclass
class _Session:
    login: Login
    checked_at: float
    lock: threading.Lock = field(default_factory=threading.Lock)


class Memory(Generic[Kept]):
    """Things by names that nobody can guess, each for so many seconds, and so many at most: the oldest go first."""

    def __init__(self, seconds: float, most: int) -> None:
        self._seconds, self._most = seconds, most
        self._lock = threading.Lock()
        self._things: OrderedDict[str, tuple[float, Kept]] = OrderedDict()

    def add(self, thing: Kept) -> str:
        """Keep a thing; its name."""
        name = secrets.token_urlsafe(32)
        with self._lock:
            while len(self._things) >= self._most:
                self._things.popitem(last=False)
            self._things[name] = (time.monotonic() + self._seconds, thing)
        return name

    def get(self, name: str) -> Kept | None:
        """A thing that is still kept."""
        with self._lock:
            ends, thing = self._things.get(name, (0.0, None))
            return thing if ends > time.monotonic() else None

    def take(self, name: str) -> Kept | None:
        """A thing that is still kept, and no longer from now on."""
        found = self.get(name)
        with self._lock:
            self._things.pop(name, None)
        return found


class Sessions:
    """The sign-ins that are under way, and those that have succeeded."""

    def __init__(self, client: LoginClient, session_s: float, recheck_s: float) -> None:
        self._client, self._recheck_s = client, recheck_s
        self._attempts: Memory[Attempt] = Memory(_ATTEMPT_S, _MOST_ATTEMPTS)
        self._sessions: Memory[_Session] = Memory(session_s, _MOST_SESSIONS)

    def begin(self, back: str) -> tuple[str, str]:
        """The issuer's address, and the name of the attempt. Raises Unavailable."""
        url, attempt = self._client.begin(back)
        return url, self._attempts.add(attempt)

    def finish(self, name: str, state: str, code: str) -> tuple[str, str]:
        """The name of the session, and the path to go back to. Raises NotSignedIn, Unavailable."""
        attempt = self._attempts.take(name)
        if attempt is None:
            raise NotSignedIn("This sign-in was not begun here, or too long ago. Try again.")
        login = self._client.finish(attempt, state, code)
        return self._sessions.add(_Session(login, time.monotonic())), attempt.back

    def identity(self, name: str) -> Identity | None:
        """Who it is, with the groups that the issuer has told of lately; None without a session.

        Raises NotSignedIn, Unavailable.
        """
        session = self._sessions.get(name)
        if session is None:
            return None
        with session.lock:
            if time.monotonic() - session.checked_at > self._recheck_s:
                self._check(name, session)
            return session.login.identity

    def end(self, name: str) -> None:
        """Forget a session."""
        self._sessions.take(name)

    def _check(self, name: str, session: _Session) -> None:
        login = session.login
        try:
            session.login = Login(self._client.identity(login.identity.subject, login.token), login.token)
            session.checked_at = time.monotonic()
        except NotSignedIn:
            self.end(name)
            raise
        except Unavailable:
            if time.monotonic() - session.checked_at > self._recheck_s + _PATIENCE_S:
                raise
            LOG.warning("The issuer does not answer; the groups of somebody who is signed in stay as they were.")
