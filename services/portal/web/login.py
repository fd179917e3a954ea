# SPDX-License-Identifier: Apache-2.0
"""The portal as a client of an issuer: OpenID Connect Core 1.0, authorization code flow, with PKCE (RFC 7636)."""

from __future__ import annotations

import hmac
import secrets
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import httpx2
from authlib.common.errors import AuthlibBaseError  # type: ignore[import-untyped]
from authlib.integrations.httpx_client import OAuth2Client  # type: ignore[import-untyped]

from module_utils.base import remote_json

from ..config import OidcSettings, WebSettings, secret_in
from ..identity.caller import Identity
from ..identity.tokens import TokenCheck, groups_of, subject_of
from ..log import LOG, one_line
from ..problems import NotSignedIn, Unavailable

PATH = "/web/signed-in"
_TIMEOUT_S = 5.0
# An issuer that hangs must not get hold of all threads of the portal.
_MOST_TALKS, _TURN_S = 8, 0.5
_DENIED = "The issuer did not sign you in. Try again."


@dataclass(frozen=True)
class Attempt:
    """A sign-in that somebody has begun. back: the path of the portal that the person wanted."""

    state: str
    nonce: str
    verifier: str
    back: str


@dataclass(frozen=True)
class Login:
    """Somebody who is signed in, and the token by which the issuer tells of that person later."""

    identity: Identity
    token: str = field(repr=False)


class LoginClient:
    """Signs people in at one issuer."""

    def __init__(self, web: WebSettings, oidc: OidcSettings, tokens: TokenCheck) -> None:
        """Raises InputError for a secret file that cannot be used."""
        self._web, self._oidc, self._tokens = web, oidc, tokens
        self._secret = secret_in(web.client_secret_file).value if web.client_secret_file else None
        self._trust = ssl.create_default_context(cafile=oidc.ca_file)
        self._talks = threading.BoundedSemaphore(_MOST_TALKS)

    def begin(self, back: str) -> tuple[str, Attempt]:
        """The address at which somebody signs in, and what to remember of it. Raises Unavailable."""
        address = self._tokens.issuer.address("authorization_endpoint")
        attempt = Attempt(secrets.token_urlsafe(32), secrets.token_urlsafe(32), secrets.token_urlsafe(48), back)
        with self._client() as client:
            url, _state = client.create_authorization_url(
                address, state=attempt.state, nonce=attempt.nonce, code_verifier=attempt.verifier
            )
        return str(url), attempt

    def finish(self, attempt: Attempt, state: str, code: str) -> Login:
        """Who has signed in. Raises NotSignedIn, Unavailable."""
        if not code or not hmac.compare_digest(state.encode(), attempt.state.encode()):
            raise NotSignedIn(_DENIED)
        address = self._tokens.issuer.address("token_endpoint")
        try:
            with self._talk() as client:
                answer = client.fetch_token(
                    address, grant_type="authorization_code", code=code, code_verifier=attempt.verifier
                )
        except httpx2.HTTPError as error:
            raise _unavailable(error) from None
        except (AuthlibBaseError, ValueError, TypeError, RecursionError) as error:
            LOG.warning("The issuer refused a code: %s", one_line(getattr(error, "error", type(error).__name__)))
            raise NotSignedIn(_DENIED) from None
        claims = self._tokens.claims(str(answer.get("id_token", "")), self._web.client_id)
        if not hmac.compare_digest(str(claims.get("nonce", "")).encode(), attempt.nonce.encode()):
            raise NotSignedIn("The token is not valid: it is of another sign-in.")
        token = str(answer.get("access_token", ""))
        return Login(self.identity(subject_of(claims), token), token)

    def identity(self, subject: str, token: str) -> Identity:
        """Somebody with the groups that the issuer knows now. Raises NotSignedIn, Unavailable."""
        address = self._tokens.issuer.address("userinfo_endpoint")
        try:
            with self._talk() as client:
                client.token = {"access_token": token, "token_type": "Bearer"}
                answer = client.get(address)
        except httpx2.HTTPError as error:
            raise _unavailable(error) from None
        if answer.status_code >= 500:
            raise Unavailable("The issuer does not answer.")
        claims = _document(answer) if answer.status_code == 200 and _is_json(answer) else {}
        if not isinstance(claims, dict) or claims.get("sub") != subject:
            raise NotSignedIn("The issuer does not know you any more. Sign in again.")
        return Identity(subject, groups_of(claims.get(self._oidc.groups_claim)))

    @contextmanager
    def _talk(self) -> Iterator[OAuth2Client]:
        """A client for one question. Raises Unavailable while many wait for the issuer."""
        if not self._talks.acquire(timeout=_TURN_S):
            raise Unavailable("The issuer does not answer.")
        try:
            with self._client() as client:
                yield client
        finally:
            self._talks.release()

    def _client(self) -> OAuth2Client:
        return OAuth2Client(
            client_id=self._web.client_id,
            client_secret=self._secret,
            token_endpoint_auth_method="client_secret_basic" if self._secret else "none",
            scope=" ".join(self._web.scopes),
            redirect_uri=self._web.url + PATH,
            code_challenge_method="S256",
            verify=self._trust,
            timeout=_TIMEOUT_S,
            trust_env=False,
        )


def _is_json(answer: httpx2.Response) -> bool:
    return str(answer.headers.get("content-type", "")).partition(";")[0].strip() == "application/json"


def _document(answer: httpx2.Response) -> Any:
    try:
        return remote_json.loads(answer.content)
    except ValueError:
        LOG.error("The issuer does not answer: no JSON")
        raise Unavailable("The issuer does not answer.") from None


def _unavailable(error: httpx2.HTTPError) -> Unavailable:
    LOG.error("The issuer does not answer: %s", type(error).__name__)
    return Unavailable("The issuer does not answer.")
