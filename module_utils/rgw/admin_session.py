# SPDX-License-Identifier: Apache-2.0
"""Signed requests to a gateway's admin API, asked again while the gateway is not there yet."""

from __future__ import annotations

import datetime
import random
import socket
import ssl
import time
from collections.abc import Mapping

from ..base.errors import InputError
from ..base.login import Login
from ..http.admin import Answer, Connection, Endpoint, NotHttp, tls_context
from ..http.sigv4 import canonical_query, signed_headers
from .admin_errors import Attempt, answer_error, error_code, transport_error

_LONGEST_S = 86400
_FIRST_PAUSE_S = 0.1
_LONGEST_PAUSE_S = 2.0

# Failures that stay as they are however often one asks.
_PERMANENT = (ssl.SSLCertVerificationError, socket.gaierror)


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
        timeout: float = 10.0,
        wait: float = 10.0,
    ) -> None:
        if not 0 < timeout <= _LONGEST_S or not 0 <= wait <= _LONGEST_S:
            raise InputError(f"timeout must be more than 0 seconds, wait 0 or more, and both {_LONGEST_S} at most.")
        if not credentials.secret or not _is_key_id(credentials.user):
            raise InputError("access_key and the secret key must not be empty, nor access_key hold blanks.")
        self.endpoint = Endpoint.parse(endpoint)
        self.credentials = credentials
        self._timeout = timeout
        self._wait = wait
        self._connection = Connection(
            self.endpoint, tls_context(ca_file, validate_certs) if self.endpoint.tls else None
        )
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
    ) -> Answer:
        """Send a request until it is answered for good or the time is up. Raises ToolError."""
        started = time.monotonic()
        if not repeat:
            # Nothing may go wrong on the way that a second try would have to mend, such as a connection gone stale.
            self._connection.close()
        tries = 0
        while True:
            may_try_again = repeat and time.monotonic() - started < self._wait
            try:
                answer = self._exchange(method, path, query, body, self._patience(tries))
                if not (may_try_again and _is_transient(answer)):
                    return answer
            except (OSError, NotHttp) as error:
                if not may_try_again or isinstance(error, _PERMANENT):
                    raise transport_error(attempt, error, time.monotonic() - started) from error
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

    def _exchange(self, method: str, path: str, query: Mapping[str, str], body: bytes, timeout: float) -> Answer:
        headers = signed_headers(
            method,
            path,
            query,
            {"host": self.endpoint.netloc},
            body,
            self.credentials.user,
            self.credentials.secret,
            datetime.datetime.now(datetime.timezone.utc),
        )
        answer = self._connection.exchange(method, f"{path}?{canonical_query(query)}", headers, body, timeout)
        self._has_answered = True
        return answer


def success(attempt: Attempt, answer: Answer) -> Answer:
    """Return the answer if it is a good one of a gateway. Raises ToolError."""
    if 200 <= answer.status < 300 and "x-amz-request-id" in answer.headers:
        return answer
    raise answer_error(attempt, answer)


def _is_transient(answer: Answer) -> bool:
    return answer.status >= 500 or (answer.status == 409 and error_code(answer) == "ConcurrentModification")


def _is_key_id(text: str) -> bool:
    return bool(text) and text.isascii() and text.isprintable() and " " not in text
