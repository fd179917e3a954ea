# SPDX-License-Identifier: Apache-2.0
"""Faults in who is let in."""

from __future__ import annotations

import struct
from typing import Callable

from .fault import Fault, Reply, answer
from .messages import Request, Response

_RGW_TOKEN = "AUTH_rgwtk"
_A_DAY_BUT_TEN_MINUTES = 86400 - 600


def _is_auth(request: Request) -> bool:
    return request.path == "/auth/v1"


def _other_service(request: Request) -> Reply | None:
    return answer("200 OK", "Content-Type: text/html", body=b"It works!") if _is_auth(request) else None


def _let_in() -> Reply:
    return answer("200 OK", "X-Auth-Token: anybody", "X-Storage-Url: http://gateway.example/swift/v1")


def _moved(request: Request) -> Reply | None:
    return answer("301 Moved Permanently", "Location: https://rgw.example.org/auth/v1") if _is_auth(request) else None


def _no_backend(request: Request) -> Reply | None:
    body = b"<html><body><h1>503 Service Unavailable</h1>\nNo server is available to handle this request.\n</body>"
    return answer("503 Service Unavailable", "Content-Type: text/html", body=body) if _is_auth(request) else None


def _s3_only(request: Request) -> Reply | None:
    body = b'<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>AccessDenied</Code></Error>'
    return answer("403 Forbidden", "Server: MinIO", "x-amz-request-id: 17A2B", body=body) if _is_auth(request) else None


def _with_storage_url(request: Request, response: Response, change: Callable[[str], str]) -> Reply | None:
    url = response.header("X-Storage-Url")
    if not _is_auth(request) or not url:
        return None
    return Reply(response.with_header("X-Storage-Url", change(url)))


def _plain_http_named(request: Request, response: Response) -> Reply | None:
    return _with_storage_url(request, response, lambda url: url.replace("https://", "http://"))


def _other_host_in_the_clear(request: Request, response: Response) -> Reply | None:
    return _with_storage_url(request, response, lambda url: url.replace("https://127.0.0.1", "http://localhost"))


def _nobody_there(request: Request, response: Response) -> Reply | None:
    return _with_storage_url(request, response, lambda url: "http://127.0.0.1:1/swift/v1")


def _another_name(request: Request, response: Response) -> Reply | None:
    return _with_storage_url(request, response, lambda url: url.replace("127.0.0.1", "localhost"))


def _no_absolute_url(request: Request, response: Response) -> Reply | None:
    return _with_storage_url(request, response, lambda url: url.partition("://")[2])


def _any_key(request: Request, response: Response) -> Reply | None:
    return _let_in() if _is_auth(request) and response.status == 401 else None


def _empty_key(request: Request) -> Reply | None:
    return _let_in() if _is_auth(request) and request.header("X-Auth-Key") == "" else None


def _refused_with_403(request: Request, response: Response) -> Reply | None:
    if _is_auth(request) or response.status != 401:
        return None
    return Reply(response.with_first_line("HTTP/1.1 403 Forbidden"))


def _expired_token_taken(request: Request, response: Response) -> Reply | None:
    token = request.header("X-Auth-Token") or ""
    if response.status != 401 or request.method != "HEAD" or not token.startswith(_RGW_TOKEN):
        return None
    return answer("200 OK")


def _suspended_let_in(request: Request, response: Response) -> Reply | None:
    token = request.header("X-Auth-Token") or ""
    suspended = response.status in (401, 403) and b"idle:swift".hex() in token
    return answer("200 OK") if suspended and request.method == "HEAD" else None


def _shifted(token: str, seconds: int) -> str:
    """RGW's own token with another time of expiry; any other as it is."""
    if not token.startswith(_RGW_TOKEN):
        return token
    data = bytearray.fromhex(token[len(_RGW_TOKEN) :])
    at = 4 + struct.unpack_from("<I", data)[0] + 8
    struct.pack_into("<I", data, at, struct.unpack_from("<I", data, at)[0] + seconds)
    return _RGW_TOKEN + data.hex()


def _short_token(request: Request, response: Response) -> Reply | None:
    token = response.header("X-Auth-Token")
    if not _is_auth(request) or not token:
        return None
    return Reply(response.with_header("X-Auth-Token", _shifted(token, -_A_DAY_BUT_TEN_MINUTES)))


def _long_token(request: Request) -> Request | None:
    token = request.header("X-Auth-Token")
    if not token:
        return None
    return Request(request.with_header("X-Auth-Token", _shifted(token, _A_DAY_BUT_TEN_MINUTES)))


AUTH_FAULTS = (
    Fault("other-service", "a web server on this port", {"auth": "header-missing"}, on_request=_other_service),
    Fault("moved", "a redirect to https before the gateway", {"auth": "wrong-status"}, on_request=_moved),
    Fault("no-backend", "HAProxy without a backend that is well", {"auth": "wrong-status"}, on_request=_no_backend),
    Fault("s3-only", "another object store, without swift", {"auth": "wrong-status"}, on_request=_s3_only),
    Fault(
        "storage-url-without-tls",
        "TLS that ends before the gateway, which then names http in X-Storage-Url",
        {"storage-url": "closed"},
        on_answer=_plain_http_named,
        tls=True,
    ),
    Fault(
        "storage-url-in-the-clear",
        "clients are sent from https to another host by http",
        {"storage-url": "other-address"},
        on_answer=_other_host_in_the_clear,
        tls=True,
    ),
    Fault(
        "storage-url-of-nobody",
        "a rgw_swift_url where nobody listens",
        {"storage-url": "refused"},
        on_answer=_nobody_there,
    ),
    Fault(
        "storage-url-of-another-name",
        "a rgw_swift_url with another name of the same gateway",
        {"storage-url": "other-address"},
        on_answer=_another_name,
    ),
    Fault(
        "storage-url-without-scheme",
        "a rgw_swift_url without its scheme",
        {"storage-url": "bad-header"},
        on_answer=_no_absolute_url,
    ),
    Fault(
        "any-key",
        "somebody who lets everybody in",
        {"wrong-key": "wrong-status", "empty-key": "wrong-status"},
        on_answer=_any_key,
    ),
    Fault(
        "empty-key-accepted",
        "Ceph 20 after a key create without a secret: the empty key is the right one",
        {"empty-key": "wrong-status"},
        on_request=_empty_key,
    ),
    Fault(
        "refused-with-403",
        "a proxy that turns 401 into 403, on which no client asks for a new token",
        {"bogus-token": "wrong-status", "expired-token": "wrong-status", "refused-upload": "wrong-status"},
        on_answer=_refused_with_403,
    ),
    Fault(
        "expired-token-taken",
        "a cache that answers for tokens that are no longer good",
        {"bogus-token": "wrong-status", "expired-token": "wrong-status", "suspended-user": "wrong-status"},
        on_answer=_expired_token_taken,
    ),
    Fault(
        "short-tokens",
        "tokens of ten minutes (rgw_swift_token_expiration)",
        {"token-lifetime": "limit-near"},
        on_request=_long_token,
        on_answer=_short_token,
    ),
    Fault(
        "suspended-let-in",
        "a gateway that has not heard that a user (idle) is suspended",
        {"suspended-user": "wrong-status"},
        on_answer=_suspended_let_in,
    ),
)
