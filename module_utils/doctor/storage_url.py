# SPDX-License-Identifier: Apache-2.0
"""The storage URL as clients follow it: to its own scheme, host and port.

Sources: rgw_swift_auth.cc (the URL is rgw_swift_url, or made of the request's Host and of whether RGW itself speaks
TLS); ncw/swift 1.0.53 and python-swiftclient, which send everything after the login to this URL and to no other.
"""

from __future__ import annotations

import ipaddress
import re

from ..base.login import Login
from ..http.endpoint import Endpoint
from ..http.evidence import printable, without_login
from ..http.messages import Answer, Request
from ..http.outcomes import WrongAnswer
from ..http.verdicts import BAD_HEADER, OTHER_ADDRESS, TLS_ERROR, Advice
from .checks import expect_status
from .probe import ERROR, WARNING
from .session import SwiftSession
from .tempauth import BAD_STORAGE_URL

_URL = re.compile(
    r"(?P<origin>https?://(?:\[[0-9a-f:.]+\]|[a-z0-9._-]+)(?::[0-9]{1,5})?)(?P<path>/[!\x22\x24-\x3e@-~]*)?\Z",
    re.IGNORECASE | re.ASCII,
)
_MENDS = "Set rgw_swift_url of the gateways to the address that clients use, or let the ingress rewrite X-Storage-Url."
_MENDS_CATALOGUE = (
    "Correct the object-store endpoint in Keystone's catalogue: scheme, host and port where clients reach the gateway."
)
_UNTRUSTED = Advice(
    "Clients go to the storage URL that the gateway names, and TLS fails there.",
    "Give that address a certificate for its name from an authority that clients trust (ca_file here), or: " + _MENDS,
)
_ELSEWHERE = Advice(
    "Clients log in at this endpoint and then go to another address, which has not been verified by this run.",
    "Verify that address, too. If clients are not meant to go there: " + _MENDS,
)
_IN_THE_CLEAR = Advice(
    "Clients log in by https and are then sent to plain http, with their token and all data.",
    _MENDS,
)


def check_storage_url(session: SwiftSession) -> None:
    """Follow X-Storage-Url as clients do, and HEAD the account there."""
    place, path = _place_of(session)
    if _origin(place) == _origin(session.endpoint):
        session.expect_account(session.ask("HEAD", ""))
    elif session.endpoint.tls and not place.tls:
        _look_without_token(session, place, path)
    else:
        answer = session.exchange_at(place, Request("HEAD", path, [("X-Auth-Token", session.token)]))
        _expect_swift(session, answer, 200, 204)
        raise _other_address(session, "it answers", _ELSEWHERE, WARNING)


def _place_of(session: SwiftSession) -> tuple[Endpoint, str]:
    """Where the storage URL leads. Raises WrongAnswer for one that leads nowhere."""
    url = _URL.match(session.storage_url)
    try:
        if url is None:
            raise ValueError("it is not scheme, host, port and path")
        return session.endpoint.elsewhere(url["origin"]), url["path"] or "/"
    except ValueError as error:
        got = f"{_source(session)}: {_shown(session)}: {error}"
        raise WrongAnswer(BAD_HEADER, f"{_source(session)} with an absolute URL", got, BAD_STORAGE_URL) from None


def _look_without_token(session: SwiftSession, place: Endpoint, path: str) -> None:
    """See whether plain http answers, where https was asked for. The token is not sent: anybody could read it."""
    if _host(place) != _host(session.endpoint):
        raise _other_address(session, "another host by plain http, where the token was not sent", _IN_THE_CLEAR, ERROR)
    _expect_swift(session, session.exchange_at(place, Request("HEAD", path)), 200, 204, 401, 403)
    raise _other_address(session, "it answers, by plain http", _IN_THE_CLEAR, WARNING)


def _expect_swift(session: SwiftSession, answer: Answer, *statuses: int) -> None:
    try:
        expect_status(answer, *statuses)
    except WrongAnswer as finding:
        finding.got = f"{_shown(session)}: {finding.got}"
        finding.advice = (
            _mended(session, _UNTRUSTED) if finding.word == TLS_ERROR else finding.advice or _unserved(session)
        )
        raise


def _unserved(session: SwiftSession) -> Advice:
    """As the probe's own, which words such as refused would replace."""
    if not isinstance(session.login, Login):
        cause = "Clients go to the URL that Keystone's catalogue names, and nobody serves swift there."
        return Advice(cause, _MENDS_CATALOGUE)
    tls = "TLS ends before the gateway, or " if session.endpoint.tls else ""
    return Advice(
        f"Clients go to the storage URL that the gateway names, and nobody serves swift there: {tls}rgw_swift_url of "
        "the gateways is wrong.",
        _MENDS,
    )


def _source(session: SwiftSession) -> str:
    """Where the storage URL is from."""
    return "X-Storage-Url" if isinstance(session.login, Login) else "the object store's URL"


def _mended(session: SwiftSession, advice: Advice) -> Advice:
    """The advice as it is for the place where the storage URL is from."""
    if isinstance(session.login, Login):
        return advice
    cause = advice.cause.replace("that the gateway names", "that Keystone's catalogue names")
    return Advice(cause, advice.remedy.replace(_MENDS, _MENDS_CATALOGUE))


def _other_address(session: SwiftSession, how: str, advice: Advice, severity: str) -> WrongAnswer:
    endpoint = session.endpoint
    expected = f"{_source(session)} with {endpoint.scheme}://{endpoint.authority}"
    return WrongAnswer(
        OTHER_ADDRESS, expected, f"{_source(session)}: {_shown(session)} ({how})", _mended(session, advice), severity
    )


def _shown(session: SwiftSession) -> str:
    return without_login(printable(session.storage_url.encode("latin-1", "replace")))[:300]


def _origin(endpoint: Endpoint) -> tuple[str, str, int]:
    return endpoint.scheme, _host(endpoint), endpoint.port


def _host(endpoint: Endpoint) -> str:
    """The host in one form of the many that mean the same."""
    try:
        return str(ipaddress.ip_address(endpoint.host))
    except ValueError:
        return endpoint.host.lower().rstrip(".")
