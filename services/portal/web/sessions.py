# SPDX-License-Identifier: Apache-2.0
"""Who is signed in to the pages. Kept in memory alone: a portal that starts anew knows nobody, and no file has a token.

Somebody who loses a group loses its roles as soon as the issuer is asked again, which is once a minute by default.
"""

from __future__ import annotations

import secrets
import threading
import time
from collections import OrderedDict
from dataclasses import dataclass, field, replace
from typing import Generic, TypeVar

from ..identity.caller import Identity
from ..log import LOG
from ..problems import NotSignedIn, Unavailable
from .attempts import Seal
from .login import Login, LoginClient

_ATTEMPT_S = 600.0
# Nobody's sessions push out those of others before there are thousands of people.
_MOST_SESSIONS, _MOST_OF_ONE = 10_000, 20
# For so long, people who are signed in keep their groups while the issuer is down, and nobody asks the issuer for the
# same person again after an attempt that has failed.
_PATIENCE_S, _PAUSE_S = 600.0, 10.0
# For so long, a page waits for another one that asks the issuer.
_TURN_S = 0.5
# A cookie of more than 4096 bytes is none (RFC 6265, 6.1).
_LONGEST_ATTEMPT = 3800

Kept = TypeVar("Kept")


@dataclass
class _Session:
    login: Login
    checked_at: float
    failed_at: float = float("-inf")
    lock: threading.Lock = field(default_factory=threading.Lock)


class Memory(Generic[Kept]):
    """Things by names that nobody can guess, each for so many seconds.

    There are so many at most, and so many of one owner: the oldest go first.
    """

    def __init__(self, seconds: float, most: int, most_of_one: int) -> None:
        self._seconds, self._most, self._most_of_one = seconds, most, most_of_one
        self._lock = threading.Lock()
        self._things: OrderedDict[str, tuple[float, Kept]] = OrderedDict()
        self._owned: dict[str, list[str]] = {}
        self._owners: dict[str, str] = {}

    def add(self, thing: Kept, owner: str) -> str:
        """Keep a thing of somebody's; its name."""
        name = secrets.token_urlsafe(32)
        with self._lock:
            own = self._owned.get(owner, [])
            if len(own) >= self._most_of_one:
                self._drop(own[0])
            while len(self._things) >= self._most:
                self._drop(next(iter(self._things)))
            self._things[name] = (time.monotonic() + self._seconds, thing)
            self._owned.setdefault(owner, []).append(name)
            self._owners[name] = owner
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
            self._drop(name)
        return found

    def _drop(self, name: str) -> None:
        if self._things.pop(name, None) is None:
            return
        owner = self._owners.pop(name)
        self._owned[owner].remove(name)
        if not self._owned[owner]:
            del self._owned[owner]


class Sessions:
    """How people sign in, and those who have."""

    def __init__(self, client: LoginClient, session_s: float, recheck_s: float) -> None:
        self._client, self._recheck_s = client, recheck_s
        self._seal = Seal(_ATTEMPT_S)
        self._sessions: Memory[_Session] = Memory(session_s, _MOST_SESSIONS, _MOST_OF_ONE)

    def begin(self, back: str, home: str) -> tuple[str, str]:
        """The issuer's address, and the attempt as the browser keeps it. home: for a way back that is too long.

        Raises Unavailable.
        """
        url, attempt = self._client.begin(back)
        sealed = self._seal.close(attempt)
        return url, sealed if len(sealed) <= _LONGEST_ATTEMPT else self._seal.close(replace(attempt, back=home))

    def finish(self, sealed: str, state: str, code: str) -> tuple[Login, str]:
        """Who has signed in, and the path to go back to. Raises NotSignedIn, Unavailable."""
        attempt = self._seal.open(sealed)
        if attempt is None:
            raise NotSignedIn("This sign-in was not begun here, or too long ago. Try again.")
        return self._client.finish(attempt, state, code), attempt.back

    def start(self, login: Login) -> str:
        """The name of the session of somebody who has signed in."""
        return self._sessions.add(_Session(login, time.monotonic()), login.identity.subject)

    def subject(self, name: str) -> str | None:
        """Whose session it is, without a question to the issuer; None without a session."""
        session = self._sessions.get(name)
        return session.login.identity.subject if session else None

    def identity(self, name: str) -> Identity | None:
        """Who it is, with the groups that the issuer has told of lately; None without a session.

        Raises NotSignedIn, Unavailable.
        """
        session = self._sessions.get(name)
        if session is None:
            return None
        if time.monotonic() - session.checked_at > self._recheck_s:
            self._check(name, session)
        return session.login.identity

    def end(self, name: str) -> None:
        """Forget a session."""
        self._sessions.take(name)

    def _check(self, name: str, session: _Session) -> None:
        """Ask the issuer, unless that has failed just now. An issuer that is slow keeps one page waiting at a time."""
        if session.lock.acquire(timeout=_TURN_S):
            try:
                is_due = time.monotonic() - session.checked_at > self._recheck_s
                if is_due and time.monotonic() - session.failed_at > _PAUSE_S:
                    self._ask(name, session)
            finally:
                session.lock.release()
        if time.monotonic() - session.checked_at > self._recheck_s + _PATIENCE_S:
            raise Unavailable("The issuer does not answer.")

    def _ask(self, name: str, session: _Session) -> None:
        login = session.login
        try:
            session.login = Login(self._client.identity(login.identity.subject, login.token), login.token)
            session.checked_at = time.monotonic()
        except NotSignedIn:
            self.end(name)
            raise
        except Unavailable:
            session.failed_at = time.monotonic()
            LOG.warning("The issuer does not answer; the groups of somebody who is signed in stay as they were.")
