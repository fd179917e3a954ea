# SPDX-License-Identifier: Apache-2.0
"""Signing in and out."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Form, Query, Request
from fastapi.responses import RedirectResponse, Response

from ..portal import Portal
from ..problems import NotFound, NotSignedIn
from ..rest.call import address_of, anybody, note_refusal
from ..store.journal import Entry
from .visit import Web, posted

router = APIRouter(prefix="/web", include_in_schema=False)
_HOME = "/web"
_ATTEMPT_S = 600


@router.get("/sign-in", dependencies=[Depends(anybody)])
def begin(request: Request, back: Annotated[str, Query(max_length=2000)] = _HOME) -> Response:
    """Lead to the issuer."""
    web: Web = request.app.state.web
    if web.sessions is None:
        raise NotFound("This portal signs nobody in itself; the proxy in front does.")
    # Only a path of the pages: the portal must not lead to other sites.
    url, name = web.sessions.begin(back if back == _HOME or back.startswith(f"{_HOME}/") else _HOME, _HOME)
    answer = RedirectResponse(url, 303)
    _set_cookie(answer, web, web.attempt_cookie, name, _ATTEMPT_S)
    return answer


@router.get("/signed-in", dependencies=[Depends(anybody)])
def finish(
    request: Request,
    state: Annotated[str, Query(max_length=500)] = "",
    code: Annotated[str, Query(max_length=4000)] = "",
) -> Response:
    """Where the issuer leads back to."""
    web: Web = request.app.state.web
    if web.sessions is None:
        raise NotFound("This portal signs nobody in itself.")
    try:
        login, back = web.sessions.finish(request.cookies.get(web.attempt_cookie, ""), state, code)
    except NotSignedIn as error:
        note_refusal(request, error)
        return web.pages.show("signed_out", {"why": error.detail}, 401)
    portal: Portal = request.app.state.portal
    entry = Entry(request.scope["request_id"], login.identity.subject, "session.begin")
    portal.journal.note(entry, 303, {"address": address_of(request)})
    web.sessions.end(request.cookies.get(web.cookie, ""))
    name = web.sessions.start(login)
    answer = RedirectResponse(back, 303)
    answer.delete_cookie(web.attempt_cookie, path="/", secure=web.is_secure, httponly=True, samesite="lax")
    _set_cookie(answer, web, web.cookie, name, None)
    return answer


@router.post("/sign-out")
def end(request: Request, token: Annotated[str, Form(max_length=200)] = "") -> Response:
    """End the session here, also of somebody who has no role any more. The issuer still knows the person."""
    web: Web = request.app.state.web
    portal: Portal = request.app.state.portal
    name = request.cookies.get(web.cookie, "")
    subject = web.sessions.subject(name) if web.sessions else None
    if web.sessions is None or subject is None:
        posted(request, token)
    else:
        portal.limiter.person(subject)
        web.require_own_form(request, token, web.token_of(name), subject)
        web.sessions.end(name)
        portal.journal.note(Entry(request.scope["request_id"], subject, "session.end"), 200, {})
    answer = web.pages.show("signed_out", {"why": "You have signed out of the portal."})
    answer.delete_cookie(web.cookie, path="/", secure=web.is_secure, httponly=True, samesite="lax")
    return answer


def _set_cookie(answer: Response, web: Web, name: str, value: str, seconds: int | None) -> None:
    answer.set_cookie(name, value, seconds, path="/", secure=web.is_secure, httponly=True, samesite="lax")
