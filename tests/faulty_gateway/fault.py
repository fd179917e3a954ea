# SPDX-License-Identifier: Apache-2.0
"""What a fault is: a name, the story behind it, and one small function on a request or an answer."""

from __future__ import annotations

from dataclasses import dataclass, field
from email.utils import formatdate
from typing import Callable, Mapping

from .messages import Request, Response


@dataclass(frozen=True)
class Reply:
    """Bytes for the client, written as they are: after `delay` seconds, with `pause` seconds between two bytes.

    With `hang` nothing is ever sent, and the connection stays open. With `cut` it ends right after the bytes, without
    any goodbye. Of what the client sends next, `swallow` bytes are taken for the body of this request.
    """

    data: bytes = b""
    delay: float = 0.0
    pause: float = 0.0
    hang: bool = False
    cut: bool = False
    swallow: int = 0


@dataclass(frozen=True)
class Fault:
    """`caught_by` maps the probes that this fault is to fail to the words of their verdicts.

    `on_request` keeps a request from the gateway when it returns a reply, or has another one passed on in its place;
    `on_answer` replaces the gateway's answer. None means: no part in this. With `tls` the fault shows behind TLS only.
    A body of a request is passed on up to `body_limit` bytes; beyond that comes `on_large`, and the connection ends.
    """

    name: str
    story: str
    caught_by: Mapping[str, str]
    on_request: Callable[[Request], Reply | Request | None] = field(default=lambda request: None)
    on_answer: Callable[[Request, Response], Reply | None] = field(default=lambda request, response: None)
    tls: bool = False
    body_limit: int | None = None
    on_large: Reply = field(default=Reply(cut=True))


def http_date() -> str:
    return formatdate(usegmt=True)


def answer(status: str, *fields: str, body: bytes = b"") -> Reply:
    """An answer as a gateway might give it: `status` with its reason, further header fields, a body."""
    lines = [f"HTTP/1.1 {status}", *fields, f"Content-Length: {len(body)}", f"Date: {http_date()}"]
    return Reply("\r\n".join([*lines, "Connection: Keep-Alive", "", ""]).encode() + body)


def no_status_line() -> Reply:
    """What RGW's civetweb sent when the code behind it had written nothing (rgw_civetweb.cc, complete_request)."""
    return Reply(f"Content-Length: 0\r\nDate: {http_date()}\r\n\r\n".encode())
