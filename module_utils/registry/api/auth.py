# SPDX-License-Identifier: Apache-2.0
"""How a registry wants to be logged in to: not at all, HTTP basic authentication, or tokens of a realm."""

from __future__ import annotations

import re
import time
from typing import Callable, Iterable, List, Mapping, Protocol, Tuple
from urllib.parse import urlencode

from ...base.login import Login
from ...base.remote_json import loads
from ...http.evidence import without_login
from ...http.outcomes import WrongAnswer
from ...http.stream import Answer
from .errors import UNAUTHORIZED, WRONG_REALM, got, meaning

# What a token lives when the realm does not say (distribution, "Token Authentication Specification").
TOKEN_SECONDS = 60
# A token is renewed that much before its end, as the registry's clock is not ours.
MARGIN_SECONDS = 10

Fetch = Callable[[str, List[Tuple[str, str]]], Answer]

_CHALLENGE = re.compile(r'(?P<scheme>[A-Za-z]+)\s+(?P<parameters>\w+="[^"]*"(?:\s*,\s*\w+="[^"]*")*)')
_PARAMETER = re.compile(r'(\w+)="([^"]*)"')


class Authorization(Protocol):
    """What a request to the registry carries so that it is let in."""

    def header(self, scopes: Iterable[str]) -> str:
        """The value of Authorization for what `scopes` allow. Raises WrongAnswer where none is to be had."""


class Basic:
    """The same credentials for everything."""

    def __init__(self, login: Login) -> None:
        self._value = login.basic

    def header(self, scopes: Iterable[str]) -> str:
        """The credentials."""
        return self._value


class Tokens:
    """Tokens that a realm gives for scopes (distribution, "Token Authentication Specification").

    `fetch` sends a GET with header fields to a URL; without `login` the tokens are for anybody. They are added to
    `secrets`.
    """

    def __init__(self, realm: str, service: str, login: Login | None, fetch: Fetch, secrets: set[str]) -> None:
        self._realm = realm
        self._service = service
        self._login = login
        self._fetch = fetch
        self._secrets = secrets
        self._tokens: dict[tuple[str, ...], tuple[str, float]] = {}

    def header(self, scopes: Iterable[str]) -> str:
        """A token for `scopes`, a new one if the last is at its end."""
        wanted = tuple(scopes)
        token, end = self._tokens.get(wanted, ("", 0.0))
        if time.monotonic() >= end:
            token, seconds = self._new(wanted)
            self._tokens[wanted] = token, time.monotonic() + seconds - MARGIN_SECONDS
        return f"Bearer {token}"

    def _new(self, scopes: Iterable[str]) -> tuple[str, float]:
        query = urlencode([("service", self._service), *(("scope", scope) for scope in scopes)])
        headers = [("Authorization", self._login.basic)] if self._login else []
        answer = self._fetch(f"{self._realm}{'&' if '?' in self._realm else '?'}{query}", headers)
        expected = f"a token from {without_login(self._realm)}"
        if answer.status != 200:
            word = UNAUTHORIZED if answer.status in (401, 403) else WRONG_REALM
            raise WrongAnswer(word, expected, got(answer, self._secrets), meaning(answer))
        try:
            given = loads(answer.body)
            token, seconds = str(given.get("token") or given["access_token"]), float(given.get("expires_in") or 0)
        except (ValueError, TypeError, KeyError, AttributeError):
            raise WrongAnswer(WRONG_REALM, expected, "an answer without a token") from None
        self._secrets.add(token)
        return token, seconds or TOKEN_SECONDS


def challenges(values: Iterable[str]) -> Mapping[str, Mapping[str, str]]:
    """The parameters of each scheme (lower case) that the header fields WWW-Authenticate name (RFC 9110, 11.6.1)."""
    return {
        found["scheme"].lower(): dict(_PARAMETER.findall(found["parameters"]))
        for value in values
        for found in _CHALLENGE.finditer(value)
    }
