# SPDX-License-Identifier: Apache-2.0
"""A request on its way: who asks, what that person may, and a change that is written down and carried out once."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Annotated, Any

from fastapi import Depends, Request
from fastapi.responses import JSONResponse
from fastapi.security import HTTPBearer
from sqlalchemy.orm import Session

from ..identity.addresses import client_of
from ..identity.caller import Caller, Role
from ..log import LOG
from ..portal import Portal
from ..problems import Forbidden, NotFound, NotSignedIn, Problem, Unavailable, Unusable
from ..store.journal import Entry
from ..store.projects import Project
from .etags import etag_of

_BEARER = HTTPBearer(auto_error=False, description="A token of the configured issuer (RFC 6750)")
_LONGEST_KEY = 255
# The place of a secret, and what a client needs besides: the same for all keys of a back-end.
_UNTOLD = ("secret", "settings")
# A caller who may not do something must not fill the audit log with long values.
_NOT_ALLOWED = (403, 404)


def _nobody() -> None:
    raise Forbidden("This cannot be repeated with an Idempotency-Key.")


@dataclass(frozen=True)
class Reply:
    """An answer. once: what is shown in it and kept nowhere."""

    status: int
    body: dict[str, Any]
    once: dict[str, Any] = field(default_factory=dict, repr=False)
    headers: dict[str, str] = field(default_factory=dict)

    @property
    def details(self) -> dict[str, Any]:
        """What the audit log tells of it."""
        return {name: value for name, value in self.body.items() if name not in _UNTOLD}

    def response(self) -> JSONResponse:
        """The answer as it is sent."""
        tag = {"ETag": etag_of(self.body)} if self.status in (200, 201) and not self.once else {}
        return JSONResponse({**self.body, **self.once}, self.status, {**tag, **self.headers})


class Call:
    """A request of somebody who has signed in."""

    def __init__(self, request: Request, portal: Portal, caller: Caller) -> None:
        self.request, self.portal, self.caller = request, portal, caller
        # What an earlier request with the same Idempotency-Key, which had no end, was about to make.
        self.interrupted: dict[str, Any] = {}
        self._entry = (0, Entry("", caller.subject, ""))
        self._details: dict[str, Any] = {}
        self._key: str | None = None
        self._is_settled = False

    def need(self, *roles: Role) -> None:
        """Raise Forbidden unless the caller has one of the roles."""
        if not self.caller.has(*roles):
            raise Forbidden(f"This needs the role {' or '.join(role.value for role in roles)}.")

    def project(self, name: str, *roles: Role) -> Project:
        """A project for somebody who works in it (as user) or has one of the roles.

        Raises NotFound to everybody else, as if there were none, and Forbidden to a caller who sees it but may not.
        """
        project = self.portal.projects.get(name)
        works_here = self.caller.has(Role.USER) and project.has(self.caller.subject, self.caller.groups)
        if works_here or self.caller.has(*roles):
            return project
        if self.caller.has(Role.ADMIN, Role.UBER_ADMIN):
            raise Forbidden("This is for those who work in the project.")
        raise NotFound("There is no project of this name, or none of yours.")

    @contextmanager
    def alone(self, name: str, *roles: Role) -> Iterator[Project]:
        """A project that nobody else changes meanwhile. Raises Busy, and the same as `project`.

        Who may not change the project takes nobody's turn. Who waits for one may have lost the right to it meanwhile.
        """
        self.project(name, *roles)
        with self.portal.alone_with(name):
            yield self.project(name, *roles)

    def change(
        self,
        action: str,
        run: Callable[[], Reply],
        backend: str = "",
        project: str = "",
        target: str = "",
        given: str | None = None,
        may: Callable[[], object] = _nobody,
        asked: dict[str, Any] | None = None,
    ) -> JSONResponse:
        """Carry out a change, written down before and after.

        given: the body of a request that an Idempotency-Key may make harmless to repeat. may: raises unless the caller
        may ask for the change; a repeated request is not carried out, and needs the rights all the same. asked: values
        for the audit log, by default those of given.
        """
        request_id = self.request.scope["request_id"]
        entry = Entry(request_id, self.caller.subject, action, backend, project, target)
        self._details = json.loads(given or "{}") if asked is None else asked
        self._entry = self.portal.journal.begin(entry, self._details), entry
        try:
            reply = run() if given is None else self._once(run, given, may)
            if not self._is_settled:
                self.settle(lambda _session: reply)
        except BaseException as error:
            if not self._is_settled:
                self._give_up(getattr(error, "status", 500))
            raise
        return reply.response()

    def intend(self, made: dict[str, Any]) -> None:
        """Write down what the request is about to make, if it has an Idempotency-Key: see `interrupted`."""
        if self._key is not None:
            self.portal.replies.note(self.caller.subject, self._key, made)

    @property
    def has_key(self) -> bool:
        """Whether the request has an Idempotency-Key that counts."""
        return self._key is not None

    def settle(self, effect: Callable[[Session], Reply]) -> Reply:
        """Write down an effect, the answer for repetitions, and the end of the change: all of it, or nothing.

        Whatever happens to the portal afterwards, the change has been carried out. Changes without an effect in the
        database need not settle by themselves.
        """
        with self.portal.database.session() as session:
            reply = effect(session)
            if self._key is not None:
                self.portal.replies.keep(session, self.caller.subject, self._key, reply.status, reply.body)
            self.portal.journal.end_in(session, *self._entry, reply.status, {**self._details, **reply.details})
        self._is_settled = True
        return reply

    def _give_up(self, status: int) -> None:
        """Write down that nothing has come of the change, and that the request may be repeated."""
        try:
            self.portal.journal.end(*self._entry, status, {} if status in _NOT_ALLOWED else self._details)
        finally:
            if self._key is not None:
                # After a refusal, nothing has been made. After a fault, nobody knows.
                may_be_done = status >= 500 or bool(self.interrupted)
                self.portal.replies.release(self.caller.subject, self._key, may_be_done)

    def _once(self, run: Callable[[], Reply], given: str, may: Callable[[], object]) -> Reply:
        key = self.request.headers.get("idempotency-key")
        if key is None:
            return run()
        if not 0 < len(key) <= _LONGEST_KEY or not (key.isascii() and key.isprintable()):
            raise Unusable(f"Idempotency-Key: 1 to {_LONGEST_KEY} printable ASCII characters.")
        may()
        subject, replies = self.caller.subject, self.portal.replies
        asked = f"{self.request.method} {self.request.url.path}\n{given}"
        kept = replies.claim(subject, key, hashlib.sha256(asked.encode()).hexdigest())
        if kept is not None and not kept.was_interrupted:
            number, entry = self._entry
            self._entry = number, replace(entry, action=f"{entry.action}.replay")
            return Reply(kept.status, kept.body or {}, headers={"Idempotency-Replayed": "true"})
        self._key, self.interrupted = key, (kept.body or {}) if kept else {}
        return run()


def signed_in(request: Request, _credentials: Annotated[object, Depends(_BEARER)] = None) -> Call:
    """A request with a token or of the proxy. Raises NotSignedIn, Forbidden, TooManyRequests, Unavailable."""
    portal: Portal = request.app.state.portal
    try:
        caller = portal.sign_in.caller(request.headers, peer_of(request))
    except (NotSignedIn, Forbidden, Unavailable) as error:
        portal.limiter.address(address_of(request))
        note_refusal(request, error)
        raise
    portal.limiter.person(caller.subject)
    return Call(request, portal, caller)


def note_refusal(request: Request, error: Problem) -> None:
    """Tell the log that nobody is let in by a request, and why."""
    LOG.warning("Request %s from %s is refused: %s", request.scope["request_id"], address_of(request), error.detail)


def anybody(request: Request) -> None:
    """A request for what needs no sign-in. Raises TooManyRequests."""
    portal: Portal = request.app.state.portal
    portal.limiter.address(address_of(request))


def peer_of(request: Request) -> str:
    """The address that the connection comes from."""
    return request.client.host if request.client else ""


def address_of(request: Request) -> str:
    """The address of whoever asks, perhaps through servers in front of the portal."""
    portal: Portal = request.app.state.portal
    return client_of(peer_of(request), request.headers.getlist("x-forwarded-for"), portal.settings.front_addresses)


CallOf = Annotated[Call, Depends(signed_in)]
