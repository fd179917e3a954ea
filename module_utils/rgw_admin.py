# SPDX-License-Identifier: Apache-2.0
"""Client for the part of RGW's admin API that this toolkit uses: whole user records.

Sources: Ceph documentation "Admin Operations" (radosgw/adminops); codes and headers as answered by Ceph 14.2.21,
16.2.15, 18.2.7 and 20.2.4.
"""

from __future__ import annotations

import datetime
import http.client
import json
import random
import socket
import ssl
import time
from collections.abc import Mapping
from typing import Any, NamedTuple

from .rgw_admin_errors import Attempt, answer_error, error_code, transport_error
from .rgw_errors import InputError, RgwError
from .rgw_http import Answer, Connection, Endpoint, tls_context
from .rgw_signing import canonical_query, signed_headers

_METADATA = "/admin/metadata/user"
_USER = "/admin/user"
_BUCKET = "/admin/bucket"

_FIRST_PAUSE_S = 0.1
_LONGEST_PAUSE_S = 2.0

# Failures that stay as they are however often one asks.
_PERMANENT = (ssl.SSLCertVerificationError, socket.gaierror)


class Credentials(NamedTuple):
    """An S3 key of a user with admin caps."""

    access_key: str
    secret_key: str

    def __repr__(self) -> str:
        return f"Credentials(access_key={self.access_key!r})"


class AdminClient:
    """Talks to one gateway over one connection; not for several threads at once.

    timeout: seconds for the connect and for each wait for bytes. wait: for how many seconds an operation that may be
    repeated without harm is tried again while the gateway refuses the connection, loses it, does not answer in time, or
    answers 5xx or 409 ConcurrentModification; 0 means one try.
    """

    def __init__(
        self,
        endpoint: str,
        credentials: Credentials,
        ca_file: str | None = None,
        validate_certs: bool = True,
        timeout: float = 10.0,
        wait: float = 10.0,
    ) -> None:
        if timeout <= 0 or wait < 0:
            raise InputError("timeout must be more than 0 seconds, and wait 0 or more.")
        if not credentials.secret_key or not _is_key_id(credentials.access_key):
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

    def read_user(self, uid: str) -> dict[str, Any] | None:
        """Return the whole metadata document of a user, or None if there is no such user. Raises RgwError."""
        attempt = self._attempt("read", uid, "metadata=read")
        answer = self._request(attempt, "GET", _METADATA, {"key": uid})
        # Only a JSON answer is the admin API's own: where that API is off, a bucket named "admin" answers for it.
        if answer.status == 404 and error_code(answer) in ("NoSuchKey", "NoSuchUser") and _is_json(answer):
            return None
        document = _json_object(_success(attempt, answer).body)
        if document is None or not isinstance(document.get("data"), dict):
            hint = "Is the endpoint that of a Ceph Object Gateway, and does nothing in between answer in its place?"
            raise RgwError(attempt.operation, attempt.target, answer.status, "without a user record", hint)
        return document

    def write_user(self, uid: str, document: Mapping[str, Any]) -> None:
        """Store a whole user record, unless the stored one is newer (Ceph 18 and before; later ones always store).

        The version in the document must be that of the record it replaces plus one. Whether it was stored is seen by
        reading again: a repeated request may find its own first try. Raises RgwError.
        """
        query = {"key": uid, "update-type": "update-by-version"}
        attempt = self._attempt("write", uid, "metadata=*")
        _success(attempt, self._request(attempt, "PUT", _METADATA, query, json.dumps(document).encode()))

    def set_email(self, uid: str, email: str, new_display_name: str | None) -> None:
        """Give a user an e-mail address that no other user has, or none; with new_display_name, create the user.

        The metadata document does not do: with it, the gateway takes an address that is another user's (seen on 14.2 to
        20.2), and does not set one free that is given up (seen on 14.2). Raises RgwError.
        """
        query = {"uid": uid, "email": email, "format": "json"}
        if new_display_name is not None:
            query.update({"display-name": new_display_name, "generate-key": "false"})
        attempt = self._attempt(f"set e-mail address '{email}' of", uid, "users=*")
        method = "POST" if new_display_name is None else "PUT"
        answer = self._request(attempt, method, _USER, query, repeat=False)
        if answer.status == 400 and new_display_name is not None:
            hint = "Ceph 14 answers so if another user has this address. Give this user another one, or none."
            raise RgwError(attempt.operation, attempt.target, 400, error_code(answer), hint)
        _success(attempt, answer)

    def remove_user(self, uid: str) -> bool:
        """Remove a user that owns no buckets; return False if it was not there. Raises RgwError."""
        attempt = self._attempt("remove", uid, "users=write")
        answer = self._request(attempt, "DELETE", _USER, {"uid": uid}, repeat=False)
        if answer.status == 404 and error_code(answer) == "NoSuchUser" and _is_json(answer):
            return False
        if answer.status == 409 and error_code(answer) == "BucketAlreadyExists":
            hint = f"The user owns {self._count_buckets(uid)}. Remove them first, or give them to another user."
            raise RgwError(attempt.operation, attempt.target, 409, "UserHasBuckets", hint)
        _success(attempt, answer)
        return True

    def _count_buckets(self, uid: str) -> str:
        attempt = self._attempt("list the buckets of", uid, "buckets=read")
        try:
            buckets = json.loads(_success(attempt, self._request(attempt, "GET", _BUCKET, {"uid": uid})).body)
            return f"{len(buckets)} bucket{'' if len(buckets) == 1 else 's'}"
        except (RgwError, ValueError, TypeError):
            # The removal has failed already; that is what the caller must hear of.
            return "buckets (their number could not be read)"

    def _attempt(self, operation: str, uid: str, caps: str) -> Attempt:
        return Attempt(operation, f"user '{uid}' at {self.endpoint}", caps, self.credentials.access_key)

    def _request(
        self,
        attempt: Attempt,
        method: str,
        path: str,
        query: Mapping[str, str],
        body: bytes = b"",
        repeat: bool = True,
    ) -> Answer:
        """Send a request until it is answered for good or the time is up. Raises RgwError."""
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
            except (OSError, http.client.HTTPException) as error:
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
            self.credentials.access_key,
            self.credentials.secret_key,
            datetime.datetime.now(datetime.timezone.utc),
        )
        answer = self._connection.exchange(method, f"{path}?{canonical_query(query)}", headers, body, timeout)
        self._has_answered = True
        return answer


def _success(attempt: Attempt, answer: Answer) -> Answer:
    if 200 <= answer.status < 300 and "x-amz-request-id" in answer.headers:
        return answer
    raise answer_error(attempt, answer)


def _is_transient(answer: Answer) -> bool:
    return answer.status >= 500 or (answer.status == 409 and error_code(answer) == "ConcurrentModification")


def _is_json(answer: Answer) -> bool:
    return answer.headers.get("content-type", "").startswith("application/json")


def _json_object(body: bytes) -> dict[str, Any] | None:
    try:
        value = json.loads(body)
    except ValueError:
        return None
    return value if isinstance(value, dict) else None


def _is_key_id(text: str) -> bool:
    return bool(text) and text.isascii() and text.isprintable() and " " not in text
