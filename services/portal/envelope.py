# SPDX-License-Identifier: Apache-2.0
"""What all requests and answers have in common: a number, a largest body, headers that keep browsers careful."""

from __future__ import annotations

import json
import secrets
import traceback
from collections.abc import Mapping
from typing import Any

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from .log import LOG
from .problems import MEDIA, NotFound, Problem

_MOST_BYTES = 64 * 1024
_HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}


class TooLong(Exception):
    """A body without an announced length has become longer than any that the API takes."""


class Envelope:
    """An ASGI middleware."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or refuse it for its length."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request_id = scope["request_id"] = secrets.token_hex(8)
        received, answers = 0, False

        async def limited() -> Message:
            nonlocal received
            message = await receive()
            received += len(message.get("body", b""))
            if received > _MOST_BYTES:
                raise TooLong
            return message

        async def finished(message: Message) -> None:
            nonlocal answers
            answers = True
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers["X-Request-Id"] = request_id
                for name, value in _HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        length = Headers(scope=scope).get("content-length", "0")
        if length.isdecimal() and int(length) > _MOST_BYTES:
            await _end(finished, {"type": "about:blank", "title": "The request's body is too long", "status": 413})
            return
        if "\0" in scope["path"]:  # nothing has such a name, and PostgreSQL could not even look for it
            await _end(finished, NotFound().document())
            return
        try:
            await self._app(scope, limited, finished)
        except Exception as error:  # noqa: BLE001 (whatever it is, it must not be answered with its own words)
            # Where it happened and no word of what the error says, which may be a value that nobody should see.
            places = "".join(traceback.format_tb(error.__traceback__))
            LOG.error("Request %s failed with %s:\n%s", request_id, type(error).__name__, places)
            if answers:
                raise ConnectionAbortedError from None
            await _end(finished, Problem().document())


async def _end(send: Send, problem: Mapping[str, Any]) -> None:
    headers = [(b"content-type", MEDIA.encode()), (b"connection", b"close")]
    await send({"type": "http.response.start", "status": problem["status"], "headers": headers})
    await send({"type": "http.response.body", "body": json.dumps(problem).encode()})
