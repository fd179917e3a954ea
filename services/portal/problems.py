# SPDX-License-Identifier: Apache-2.0
"""Errors as RFC 9457 has them: application/problem+json, with a type that programs can tell apart."""

from __future__ import annotations

import math
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

TYPES = "urn:rgwkit:portal:"
MEDIA = "application/problem+json"


class Problem(Exception):
    """An answer that is an error. kind: the last part of its type; more: further members, none of them secret."""

    status = 500
    kind = "internal"
    title = "The portal failed"

    headers: Mapping[str, str] = MappingProxyType({})

    def __init__(self, detail: str = "", **more: Any) -> None:
        super().__init__(detail)
        self.detail = detail
        self.more = more

    def document(self) -> dict[str, Any]:
        """The body of the answer."""
        said = {"detail": self.detail} if self.detail else {}
        return {"type": TYPES + self.kind, "title": self.title, "status": self.status, **said, **self.more}


class NotSignedIn(Problem):
    """No proof of who asks, or a bad one."""

    status, kind, title = 401, "not-signed-in", "Sign in"
    headers: Mapping[str, str] = {"WWW-Authenticate": 'Bearer realm="portal"'}


class Forbidden(Problem):
    """The caller's roles do not allow it."""

    status, kind, title = 403, "forbidden", "Your roles do not allow this"


class NotFound(Problem):
    """There is no such thing, or none that the caller may know of."""

    status, kind, title = 404, "not-found", "There is no such thing"


class Taken(Problem):
    """The name is somebody's."""

    status, kind, title = 409, "taken", "The name is taken"


class LimitReached(Problem):
    """The project has as many as it may."""

    status, kind, title = 409, "limit-reached", "A limit of the project is reached"


class NotEmpty(Problem):
    """Something would be lost."""

    status, kind, title = 409, "not-empty", "Something would be lost"


class Conflict(Problem):
    """The state of the thing does not allow it."""

    status, kind, title = 409, "conflict", "The present state does not allow this"


class Changed(Problem):
    """The thing is not what the caller has seen (RFC 9110, 13.1.1)."""

    status, kind, title = 412, "changed", "Somebody has changed it since you read it"


class Unusable(Problem):
    """A value that cannot be meant."""

    status, kind, title = 422, "unusable", "A value cannot be used"


class ConditionNeeded(Problem):
    """The request has to say which state it is about (RFC 6585, 3)."""

    status, kind, title = 428, "condition-needed", "Say which state you have seen"


class TooManyRequests(Problem):
    """Somebody asks too often (RFC 6585, 4). seconds: until the next request is taken, rounded up for Retry-After."""

    status, kind, title = 429, "too-many-requests", "Too many requests"

    def __init__(self, seconds: float) -> None:
        whole = max(1, math.ceil(seconds))
        super().__init__(f"Wait for {whole} s, then repeat the request.")
        self.headers = {"Retry-After": str(whole)}


class NotOffered(Problem):
    """The back-end cannot do this."""

    status, kind, title = 501, "not-offered", "This storage does not offer that"


class BackendRefused(Problem):
    """The back-end has answered, and not as it should."""

    status, kind, title = 502, "back-end-refused", "The back-end did not take the request"


class Busy(Problem):
    """Somebody else changes the project, and that takes long."""

    status, kind, title = 503, "busy", "Another change of the project is under way"
    headers: Mapping[str, str] = MappingProxyType({"Retry-After": "2"})

    def __init__(self) -> None:
        super().__init__("Nothing has been changed. Repeat the request in a few seconds.")


class Unavailable(Problem):
    """The back-end, the issuer or the database is down."""

    status, kind, title = 503, "unavailable", "Not available at the moment"
    headers: Mapping[str, str] = {"Retry-After": "10"}
