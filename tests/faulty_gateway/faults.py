# SPDX-License-Identifier: Apache-2.0
"""The table of faults. Each is a name, the story behind it, and one small function.

A fault works on the request, before the gateway sees it, or on the gateway's answer. It returns what the client is to
get instead, or None where it has no part.
"""

from __future__ import annotations

from dataclasses import dataclass
from email.utils import formatdate
from typing import Callable

from .messages import Request, Response


@dataclass(frozen=True)
class Reply:
    """Bytes for the client, written as they are; with `hang` nothing is ever sent, and the connection stays open."""

    data: bytes = b""
    hang: bool = False


@dataclass(frozen=True)
class Fault:
    """`on_request` keeps the request from the gateway when it replies; `on_answer` replaces the gateway's answer."""

    name: str
    story: str
    on_request: Callable[[Request], Reply | None] = lambda request: None
    on_answer: Callable[[Request, Response], Reply | None] = lambda request, response: None


def _is_head_of_empty_manifest(request: Request, response: Response) -> bool:
    return request.method == "HEAD" and bool(response.header("X-Object-Manifest")) and response.length == 0


def _head_no_status_line(request: Request, response: Response) -> Reply | None:
    if not _is_head_of_empty_manifest(request, response):
        return None
    return Reply(f"Content-Length: 0\r\nDate: {formatdate(usegmt=True)}\r\n\r\n".encode())


def _status_0(request: Request, response: Response) -> Reply | None:
    if not _is_head_of_empty_manifest(request, response):
        return None
    return Reply(response.with_first_line("HTTP/1.1 0 "))


def _no_last_modified(request: Request, response: Response) -> Reply | None:
    if not _is_head_of_empty_manifest(request, response):
        return None
    return Reply(response.without("Last-Modified"))


def _head_hangs(request: Request, response: Response) -> Reply | None:
    return Reply(hang=True) if _is_head_of_empty_manifest(request, response) else None


def _wrong_length(request: Request, response: Response) -> Reply | None:
    if request.method != "HEAD" or response.status != 200 or request.object_name != "plain":
        return None
    return Reply(response.with_header("Content-Length", "0"))


def _name_too_long(request: Request) -> Reply | None:
    if len(request.object_name) <= 256:
        return None
    return Reply(
        b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\nContent-Type: text/plain; charset=utf-8\r\n"
        + f"Date: {formatdate(usegmt=True)}\r\nConnection: Keep-Alive\r\n\r\n".encode()
    )


_TABLE = (
    Fault(
        "head-no-status-line",
        "RGW up to 9.0.3 on HEAD of a dynamic large object without segments: two header fields, no status line",
        on_answer=_head_no_status_line,
    ),
    Fault(
        "status-0",
        "the same HEAD with the status code 0, as the clients' error messages have it",
        on_answer=_status_0,
    ),
    Fault(
        "no-last-modified",
        "the same HEAD behind FastCGI: the web server invents 200, without the object's own header fields",
        on_answer=_no_last_modified,
    ),
    Fault(
        "head-hangs",
        "the same HEAD is never answered",
        on_answer=_head_hangs,
    ),
    Fault(
        "wrong-length",
        "HEAD of a plain object answers with Content-Length: 0",
        on_answer=_wrong_length,
    ),
    Fault(
        "name-too-long",
        "osd_max_object_name_len = 256, as the Ceph demo images set it on ext4: 400 for longer names",
        on_request=_name_too_long,
    ),
)
FAULTS = {fault.name: fault for fault in _TABLE}
