# SPDX-License-Identifier: Apache-2.0
"""Faults in HTTP itself: framing, header fields, and what becomes of the connection."""

from __future__ import annotations

from .fault import Fault, Reply, answer
from .messages import Request, Response


def _is_plain(request: Request, response: Response, method: str) -> bool:
    return (request.method, request.object_name, response.status) == (method, "plain", 200)


def _garbage(request: Request, response: Response) -> Reply | None:
    return Reply(b"SSH-2.0-OpenSSH_9.2\r\n", cut=True) if _is_plain(request, response, "GET") else None


def _slow_drip(request: Request, response: Response) -> Reply | None:
    return Reply(response.head + response.body, pause=0.02) if _is_plain(request, response, "GET") else None


def _extra_bytes(request: Request, response: Response) -> Reply | None:
    return Reply(response.head + response.body + b"0\r\n\r\n") if _is_plain(request, response, "GET") else None


def _two_lengths(request: Request, response: Response) -> Reply | None:
    if not _is_plain(request, response, "GET"):
        return None
    return Reply(response.head[:-2] + b"Content-Length: 1\r\n\r\n" + response.body)


def _no_length(request: Request, response: Response) -> Reply | None:
    return Reply(response.without("Content-Length")) if _is_plain(request, response, "HEAD") else None


def _other_date(request: Request, response: Response) -> Reply | None:
    if not _is_plain(request, response, "HEAD"):
        return None
    return Reply(response.with_header("Last-Modified", "2026-11-20T08:01:20Z"))


def _body_on_head(request: Request, response: Response) -> Reply | None:
    if request.method != "HEAD" or response.status != 404 or not request.object_name:
        return None
    return Reply(response.head + b"NoSuchKey")


def _keep_alive_dropped(request: Request, response: Response) -> Reply | None:
    if request.method != "HEAD" or request.object_name != "absent":
        return None
    return Reply(response.head, cut=True)


def _unread_body(request: Request, response: Response) -> Reply | None:
    if request.method != "PUT" or not request.expects_continue or response.status not in (401, 404):
        return None
    return Reply(response.head + response.body, swallow=request.length or 5)


def _chunked_refused(request: Request) -> Reply | None:
    return answer("411 Length Required") if request.is_chunked else None


def _length_invented(request: Request) -> Request | None:
    if request.method != "PUT" or request.is_chunked or request.length is not None:
        return None
    return Request(request.head[:-2] + b"Content-Length: 0\r\n\r\n")


def _length_on_204(request: Request, response: Response) -> Reply | None:
    return Reply(response.head[:-2] + b"Content-Length: 0\r\n\r\n") if response.status == 204 else None


def _no_date(request: Request, response: Response) -> Reply | None:
    return Reply(response.without("Date"))


def _close_ignored(request: Request) -> Request | None:
    return Request(request.without("Connection")) if request.closes else None


def _absolute_uri_refused(request: Request) -> Reply | None:
    return answer("400 Bad Request") if "://" in request.first_line.split(" ")[1] else None


def _empty_range_fails(request: Request, response: Response) -> Reply | None:
    nothing = response.status == 416 or response.header("Content-Range") == "bytes */0"
    return answer("500 Internal Server Error") if request.header("Range") and nothing else None


def _nagle(request: Request, response: Response) -> Reply | None:
    if request.method != "GET" or not request.object_name or not response.body:
        return None
    return Reply(response.head + response.body, delay=0.04)


HTTP_FAULTS = (
    Fault("garbage", "another protocol on this port", {"plain-object": "bad-status-line"}, on_answer=_garbage),
    Fault("slow-drip", "a byte now and then, without end", {"plain-object": "timeout"}, on_answer=_slow_drip),
    Fault(
        "extra-bytes",
        "a chunked trailer after an answer that has a length",
        {"plain-object": "connection-desync"},
        on_answer=_extra_bytes,
    ),
    Fault("two-lengths", "two lengths in one answer", {"plain-object": "bad-framing"}, on_answer=_two_lengths),
    Fault("no-length", "HEAD without a length", {"plain-object": "length-missing"}, on_answer=_no_length),
    Fault(
        "other-date",
        "a date that is none for HTTP, nor for Go's client",
        {"plain-object": "bad-header"},
        on_answer=_other_date,
    ),
    Fault(
        "body-on-head",
        "the body of a 404 after the answer to HEAD",
        {
            "plain-object": "body-on-head",
            "head-not-found": "body-on-head",
            "missing-segments": "body-on-head",
            "registry-push": "body-on-head",
            "long-object-name": "body-on-head",
            "refused-upload": "connection-desync",
        },
        on_answer=_body_on_head,
    ),
    Fault(
        "keep-alive-dropped",
        "a proxy that ends connections after an error, without saying so",
        {"head-not-found": "not-kept-alive"},
        on_answer=_keep_alive_dropped,
    ),
    Fault(
        "unread-body",
        "a PUT refused before its body, and the next request taken for that body (tracker 58286)",
        {"rejected-put": "connection-desync", "refused-upload": "connection-desync"},
        on_answer=_unread_body,
    ),
    Fault(
        "chunked-refused",
        "Apache with FastCGI, or nginx before 1.3.9: 411 for an upload in chunks",
        {
            "chunked-put": "wrong-status",
            "empty-range": "wrong-status",
            "head-empty-manifest": "wrong-status",
            "get-empty-manifest": "wrong-status",
            "empty-segment": "wrong-status",
            "manifest-size": "wrong-status",
            "encoded-prefix": "wrong-status",
            "registry-push": "wrong-status",
            "segment-size": "wrong-status",
            "refused-upload": "wrong-status",
        },
        on_request=_chunked_refused,
    ),
    Fault(
        "length-invented",
        "a proxy that gives a PUT without length one of 0",
        {"length-required": "wrong-status"},
        on_request=_length_invented,
    ),
    Fault(
        "length-on-204",
        "RGW before 10.0.3, and with rgw_print_prohibited_content_length",
        {"no-content": "header-prohibited"},
        on_answer=_length_on_204,
    ),
    Fault(
        "no-date",
        "RGW before 9.0.0 with civetweb (tracker 11872)",
        {"date-header": "header-missing", "head-empty-manifest": "header-missing"},
        on_answer=_no_date,
    ),
    Fault(
        "close-ignored",
        "RGW before 9.0.3 with civetweb: no end of a connection that is asked to end (tracker 12298)",
        {"connection-close": "not-closed"},
        on_request=_close_ignored,
    ),
    Fault(
        "absolute-uri-refused",
        "civetweb 1.10: 400 for a whole URL in the request line",
        {"absolute-uri": "wrong-status"},
        on_request=_absolute_uri_refused,
    ),
    Fault(
        "empty-range-fails",
        "an error for the first byte of what has none (tracker 16388)",
        {"empty-range": "wrong-status"},
        on_answer=_empty_range_fails,
    ),
    Fault(
        "nagle",
        "a frontend without tcp_nodelay: a body 40 ms after its head",
        {"small-reads": "slow"},
        on_answer=_nagle,
    ),
)
