# SPDX-License-Identifier: Apache-2.0
"""ETags of what is answered, and requests that depend on them (RFC 9110, 13.1)."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from fastapi import Request
from fastapi.responses import JSONResponse, Response

from ..problems import Changed


def etag_of(body: dict[str, Any]) -> str:
    """A strong ETag of a JSON object."""
    text = json.dumps(body, sort_keys=True, separators=(",", ":"))
    return f'"{hashlib.sha256(text.encode()).hexdigest()[:32]}"'


def answered(request: Request, body: dict[str, Any], headers: dict[str, str] | None = None) -> Response:
    """The answer to a GET: 304 for who has it already."""
    tag = etag_of(body)
    own = {**(headers or {}), "ETag": tag}
    if _names(request.headers.get("if-none-match", ""), tag, weak=True):
        return Response(status_code=304, headers=own)
    return JSONResponse(body, headers=own)


def require_match(request: Request, body: dict[str, Any]) -> None:
    """Raise Changed unless the caller's If-Match, if there is one, names the present state."""
    wanted = request.headers.get("if-match")
    if wanted is not None and not _names(wanted, etag_of(body), weak=False):
        raise Changed("Read it again, then repeat the request with the new ETag.")


def matches_anything(field: str) -> bool:
    """Whether a condition names no state: "*" has this meaning as the whole field only (RFC 9110, 13.1.1)."""
    return field.strip() == "*"


def _names(field: str, tag: str, weak: bool) -> bool:
    given = [one.strip() for one in field.split(",")]
    return matches_anything(field) or tag in [one.removeprefix("W/") if weak else one for one in given]
