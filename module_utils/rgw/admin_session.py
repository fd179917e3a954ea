# SPDX-License-Identifier: Apache-2.0
"""Signed requests to a gateway's admin API, asked again while the gateway is not there yet."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import quote

from ..base.errors import InputError
from ..base.login import Login
from ..base.remote_json import loads
from ..base.text import from_bytes, to_bytes
from ..http.endpoint import NOT_RESOLVED, Endpoint
from ..http.messages import Answer, Request
from ..http.prober import Connection
from ..http.sigv4 import canonical_query, signed_request
from ..http.verdicts import CONNECTION_DESYNC
from .admin_errors import Attempt, answer_error, error_code, transport_error

_LONGEST_S = 86400
# A user record is a few KiB. More than this is no answer of an admin API.
_MAX_BODY_BYTES = 4 * 1024 * 1024
_FIRST_PAUSE_S = 0.1
_LONGEST_PAUSE_S = 2.0

# Asked for a public access block that is not there, RGW sends a whole error and, unannounced, a second body after it
# (GET ?publicAccessBlock, seen on 18.2.7). The error is good, the connection is not any more.
_TWO_BODIES = b'<?xml version="1.0" encoding="UTF-8"?><Error><Code>NoSuchPublicAccessBlockConfiguration</Code>'

# What the details of failures say that stay as they are however often one asks.
_PERMANENT = ("CERTIFICATE_VERIFY_FAILED", NOT_RESOLVED)


class AdminSession:
    """Talks to one gateway over one connection; not for several threads at once.

    timeout: seconds for each try, from the name look-up to the answer's last byte. wait: for how many seconds an
    operation that may be repeated without harm is tried again while the gateway refuses the connection, loses it, does
    not answer in time, or answers 5xx or 409 ConcurrentModification; 0 means one try.
    """

    def __init__(
        self,
        endpoint: str,
        credentials: Login,
        ca_file: str | None = None,
        validate_certs: bool = True,
        client_cert: str | None = None,
        client_key: str | None = None,
        timeout: float = 10.0,
        wait: float = 10.0,
    ) -> None:
        if not 0 < timeout <= _LONGEST_S or not 0 <= wait <= _LONGEST_S:
            raise InputError(f"timeout must be more than 0 seconds, wait 0 or more, and both {_LONGEST_S} at most.")
        if not credentials.secret or not _is_key_id(credentials.user):
            raise InputError("access_key and the secret key must not be empty, nor access_key hold blanks.")
        self.endpoint = Endpoint.parse(endpoint, ca_file, validate_certs, client_cert, client_key)
        if self.endpoint.path:
            raise InputError("endpoint must end after host and port: the admin API is at the gateway's root.")
        self.credentials = credentials
        self._timeout = timeout
        self._wait = wait
        self._connection = Connection(self.endpoint, acknowledges_at_once=True)
        self._has_answered = False

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()

    def request(
        self,
        attempt: Attempt,
        method: str,
        path: str,
        query: Mapping[str, str],
        body: bytes = b"",
        repeat: bool = True,
        headers: Mapping[str, str] | None = None,
        login: Login | None = None,
        service: str = "s3",
    ) -> Answer:
        """Send a request until it is answered for good or the time is up. Raises ToolError.

        headers: more of them, which are signed. login: who asks, where that is not the administrator: S3 requests of a
        bucket's owner go over the same connection. service: for which of the gateway's services the request is signed,
        "s3" (as is the admin API) or "sns" (topics).
        """

        def signed() -> Request:
            target, fields = signed_request(
                method, path, query, headers or {}, body, self.endpoint.authority, login or self.credentials, service
            )
            return Request(method, target, fields, None if method in ("GET", "HEAD") else body)

        return self._until_answered(attempt, signed, repeat)

    def request_unsigned(
        self,
        attempt: Attempt,
        method: str,
        path: str,
        headers: Mapping[str, str],
        query: Mapping[str, str] | None = None,
    ) -> Answer:
        """The same without a body and a signature, for requests of swift, whose headers hold a key or a token."""
        body = None if method in ("GET", "HEAD") else b""
        target = quote(to_bytes(path), safe="/-_.~") + (f"?{canonical_query(query)}" if query else "")
        wanted = Request(method, target, list(headers.items()), body)
        return self._until_answered(attempt, lambda: wanted, repeat=True)

    def _until_answered(self, attempt: Attempt, make: Callable[[], Request], repeat: bool) -> Answer:
        """make: the request, anew for each try, as signatures hold for a time only."""
        started = time.monotonic()
        if not repeat:
            # Nothing may go wrong on the way that a second try would have to mend, such as a connection gone stale.
            self._connection.close()
        tries = 0
        while True:
            may_try_again = repeat and time.monotonic() - started < self._wait
            answer = self._exchange(make(), self._patience(tries))
            if answer.fault:
                if not may_try_again or any(text in answer.detail for text in _PERMANENT):
                    raise transport_error(attempt, answer, time.monotonic() - started)
            elif not (may_try_again and _is_transient(answer)):
                return answer
            jitter = random.uniform(0.5, 1.0)  # noqa: S311 (keeps writers apart, guards nothing)
            time.sleep(jitter * min(_FIRST_PAUSE_S * 2.0**tries, _LONGEST_PAUSE_S))
            tries += 1

    def _patience(self, tries: int) -> float:
        """Seconds to give a try.

        A request that meets a gateway in the instant it starts to listen can hang for 30 s while the next one is
        answered at once, so the first tries are short.
        """
        if self._has_answered or self._wait == 0:
            return self._timeout
        return min(self._timeout, 2.0**tries)

    def _exchange(self, wanted: Request, timeout: float) -> Answer:
        answer = self._connection.exchange(wanted, timeout, _MAX_BODY_BYTES)
        if answer.body.startswith(_TWO_BODIES):
            self._connection.close()  # the second body may come later than the first
            if answer.fault == CONNECTION_DESYNC:
                answer = replace(answer, status=404, fault=None)
        self._has_answered = self._has_answered or not answer.fault
        return answer


def success(attempt: Attempt, answer: Answer) -> Answer:
    """Return the answer if it is a good one of a gateway. Raises ToolError."""
    if 200 <= (answer.status or 0) < 300 and answer.header("x-amz-request-id"):
        return answer
    raise answer_error(attempt, answer)


def json_of(answer: Answer) -> Any:
    """What an answer says in JSON; None if it does not."""
    try:
        return loads(from_bytes(answer.body))
    except ValueError:
        return None


def _is_transient(answer: Answer) -> bool:
    return (answer.status or 0) >= 500 or (answer.status == 409 and error_code(answer) == "ConcurrentModification")


def _is_key_id(text: str) -> bool:
    return bool(text) and text.isascii() and text.isprintable() and " " not in text
