# SPDX-License-Identifier: Apache-2.0
"""Somebody who looks at pages: by a session, or by the proxy. A form counts only if it came from a page of the portal.

The origin of the request and a token that only the portal's pages hold are both needed (OWASP, "Cross-Site Request
Forgery Prevention").
"""

from __future__ import annotations

import hashlib
import hmac
import json
import secrets
from collections.abc import Callable
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import Depends, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from ..config import Settings, WebSettings
from ..identity.caller import Caller, Role
from ..identity.sign_in import SignIn
from ..portal import Portal
from ..problems import Forbidden, NotSignedIn, Unavailable
from ..rest.call import Call, anybody, note_refusal, peer_of
from ..store.journal import Entry
from .login import LoginClient
from .pages import Pages
from .sessions import Sessions

_NOT_FROM_HERE = "The form did not come from a page of this portal, or the page was open for too long. Go back, reload."
_LONGEST_ORIGIN = 255
# Of a browser's request, a call of the REST interface must not see these.
_CONDITIONS = (b"if-match", b"if-none-match", b"idempotency-key")


class Web:
    """What the pages have in common."""

    def __init__(self, settings: Settings, web: WebSettings, sign_in: SignIn) -> None:
        """Raises InputError for settings that cannot be used."""
        self.url, self.pages, self.sign_in = web.url, Pages(settings), sign_in
        self.sessions: Sessions | None = None
        if settings.oidc is not None and sign_in.tokens is not None:
            client = LoginClient(web, settings.oidc, sign_in.tokens)
            self.sessions = Sessions(client, web.session_s, web.recheck_s)
        self.is_secure = web.url.startswith("https://")
        # Of names that begin so, browsers take no cookies from neighbouring hosts (RFC 6265bis, 4.1.3.2).
        self.cookie = "__Host-portal" if self.is_secure else "portal"
        self.attempt_cookie = f"{self.cookie}-attempt"
        self._key = secrets.token_bytes(32)

    def token_of(self, session: str) -> str:
        """What the forms of a session have to hold."""
        return self._token(f"session {session}")

    def require_own_form(self, request: Request, token: str, wanted: str, subject: str) -> None:
        """Raise Forbidden for a form that did not come from a page of the portal."""
        origin = request.headers.get("origin", "")
        same_site = request.headers.get("sec-fetch-site", "same-origin") == "same-origin"
        if same_site and origin == self.url and hmac.compare_digest(token.encode(), wanted.encode()):
            return
        portal: Portal = request.app.state.portal
        entry = Entry(request.scope["request_id"], subject, "form.refused", target=request.url.path)
        portal.journal.note(entry, Forbidden.status, {"origin": origin[:_LONGEST_ORIGIN]})
        raise Forbidden(_NOT_FROM_HERE)

    def caller(self, request: Request) -> tuple[Caller, str]:
        """Who looks, and what that person's forms have to hold. Raises NotSignedIn, Forbidden, Unavailable."""
        name = request.cookies.get(self.cookie, "")
        identity = self.sessions.identity(name) if self.sessions and name else None
        if identity is not None:
            return self.sign_in.with_roles(identity), self.token_of(name)
        if "authorization" in request.headers:
            raise NotSignedIn("The pages take no tokens. Sign in.")
        caller = self.sign_in.caller(request.headers, peer_of(request))
        return caller, self._token(f"proxy {caller.subject}")

    def _token(self, whose: str) -> str:
        return hmac.digest(self._key, whose.encode(), hashlib.sha256).hex()


class Visit:
    """A request for a page of somebody who has signed in."""

    def __init__(self, request: Request) -> None:
        """Raises NotSignedIn, Forbidden, TooManyRequests, Unavailable."""
        self.request = request
        self.portal: Portal = request.app.state.portal
        self.web: Web = request.app.state.web
        try:
            caller, token = self.web.caller(request)
        except (NotSignedIn, Forbidden, Unavailable) as error:
            anybody(request)
            if not isinstance(error, NotSignedIn) or self.portal.sign_in.is_claimed(request.headers):
                note_refusal(request, error)
            raise
        self.portal.limiter.person(caller.subject)
        self.caller: Caller = caller
        self.token: str = token

    @property
    def is_admin(self) -> bool:
        """Whether the caller has the role admin."""
        return self.caller.has(Role.ADMIN)

    def ask(self, operation: Callable[..., Response], *arguments: Any, etag: str = "", **options: Any) -> Any:
        """What an operation of the REST interface answers; the rules are there alone. etag: the state that was seen."""
        headers = [one for one in self.request.scope["headers"] if one[0] not in _CONDITIONS]
        headers += [(b"if-match", etag.encode("latin-1", "replace"))] if etag else []
        request = Request({**self.request.scope, "headers": headers}, self.request.receive)
        answer = operation(Call(request, self.portal, self.caller), *arguments, **options)
        return json.loads(bytes(answer.body))

    def show(self, template: str, status: int = 200, has_script: bool = False, **values: Any) -> HTMLResponse:
        """A page. has_script: whether the page may run the portal's script."""
        own = {
            "caller": self.caller,
            "is_admin": self.is_admin,
            "token": self.token,
            "has_sessions": self.web.sessions is not None,
            "said": self.request.query_params.get("done", ""),
            "backends": self.portal.backends.names,
            "registries": self.portal.registries.names,
            "has_script": has_script,
        }
        return self.web.pages.show(template, {**own, **values}, status, has_script)

    def go(self, path: str, done: str = "") -> RedirectResponse:
        """To another page, after a change."""
        return RedirectResponse(f"{path}?{urlencode({'done': done})}" if done else path, 303)


def posted(request: Request, token: Annotated[str, Form(max_length=200)] = "") -> Visit:
    """A form of somebody who has signed in. Raises Forbidden for one that did not come from a page of the portal."""
    visit = Visit(request)
    visit.web.require_own_form(request, token, visit.token, visit.caller.subject)
    return visit


VisitOf = Annotated[Visit, Depends(Visit)]
PostOf = Annotated[Visit, Depends(posted)]
