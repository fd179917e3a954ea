# SPDX-License-Identifier: Apache-2.0
"""Faults in who is let in."""

from __future__ import annotations

import struct

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
