# SPDX-License-Identifier: Apache-2.0
"""A request on its way: who asks, what that person may, and a change that is written down and carried out once."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Annotated, Any

from fastapi import Depends, Request
from fastapi.responses import JSONResponse
from fastapi.security import HTTPBearer

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

    def change(
        self,
        action: str,
        run: Callable[[], Reply],
        backend: str = "",
        project: str = "",
        target: str = "",
        given: str | None = None,
        asked: dict[str, Any] | None = None,
    ) -> JSONResponse:
        """Carry out a change, written down before and after.

        given: the body of a request that an Idempotency-Key may make harmless to repeat. asked: values for the
        audit log, by default those of given.
        """
        request_id = self.request.scope["request_id"]
        entry = Entry(request_id, self.caller.subject, action, backend, project, target)
        details = json.loads(given or "{}") if asked is None else asked
        number = self.portal.journal.begin(entry, details)
        status = 500
        try:
            reply = run() if given is None else self._once(run, given)
            status, details = reply.status, {**details, **reply.details}
        except Exception as error:
            status = getattr(error, "status", status)
            raise
        finally:
            self.portal.journal.end(number, entry, status, {} if status in _NOT_ALLOWED else details)
        return reply.response()

    def _once(self, run: Callable[[], Reply], given: str) -> Reply:
        key = self.request.headers.get("idempotency-key")
        if key is None:
            return run()
        if not 0 < len(key) <= _LONGEST_KEY or not (key.isascii() and key.isprintable()):
            raise Unusable(f"Idempotency-Key: 1 to {_LONGEST_KEY} printable ASCII characters.")
        subject, replies = self.caller.subject, self.portal.replies
        asked = f"{self.request.method} {self.request.url.path}\n{given}"
        kept = replies.claim(subject, key, hashlib.sha256(asked.encode()).hexdigest())
        if kept is not None:
            return Reply(kept.status, kept.body or {}, headers={"Idempotency-Replayed": "true"})
        try:
            reply = run()
        except BaseException:
            replies.release(subject, key)
            raise
        replies.keep(subject, key, reply.status, reply.body)
        return reply


def signed_in(request: Request, _credentials: Annotated[object, Depends(_BEARER)] = None) -> Call:
    """A request with a token or of the proxy. Raises NotSignedIn, Forbidden, TooManyRequests, Unavailable."""
    portal: Portal = request.app.state.portal
    peer = request.client.host if request.client else ""
    try:
        caller = portal.sign_in.caller(request.headers, peer)
    except (NotSignedIn, Forbidden, Unavailable) as error:
        portal.limiter.address(peer)
        note_refusal(request, error)
        raise
    portal.limiter.person(caller.subject)
    return Call(request, portal, caller)


def note_refusal(request: Request, error: Problem) -> None:
    """Tell the log that nobody is let in by a request, and why."""
    peer = request.client.host if request.client else ""
    LOG.warning("Request %s from %s is refused: %s", request.scope["request_id"], peer, error.detail)


def anybody(request: Request) -> None:
    """A request for what needs no sign-in. Raises TooManyRequests."""
    portal: Portal = request.app.state.portal
    portal.limiter.address(request.client.host if request.client else "")


CallOf = Annotated[Call, Depends(signed_in)]
