# SPDX-License-Identifier: Apache-2.0
"""Faults in what is stored, listed and allowed."""

from __future__ import annotations

import json

from .fault import Fault, Reply, answer
from .messages import Request, Response


def _writes_hang(request: Request) -> Reply | None:
    return Reply(hang=True) if request.method == "PUT" and request.object_name else None


def _quota_used_up(request: Request) -> Reply | None:
    if request.method != "PUT" or not request.object_name:
        return None
    return answer("413 Request Entity Too Large", body=b"QuotaExceeded")


def _wrong_length(request: Request, response: Response) -> Reply | None:
    if request.method != "HEAD" or response.status != 200 or request.object_name != "plain":
        return None
    return Reply(response.with_header("Content-Length", "0"))


def _is_head_of_object(request: Request, response: Response) -> bool:
    return (
        request.method == "HEAD" and response.status == 200 and request.path.count("/") > 1 and "/v1/" in request.path
    )


def _head_zero(request: Request, response: Response) -> Reply | None:
    if not _is_head_of_object(request, response):
        return None
    return Reply(response.with_header("Content-Length", "0"))


def _head_no_length(request: Request, response: Response) -> Reply | None:
    return Reply(response.without("Content-Length")) if _is_head_of_object(request, response) else None


def _container_of_others(request: Request) -> Reply | None:
    theirs = (request.method, request.path) == ("HEAD", "/swift/v1/registry-of-tests")
    return answer("403 Forbidden") if theirs else None


def _late_visibility(request: Request, response: Response) -> Reply | None:
    return answer("404 Not Found") if (request.method, request.object_name) == ("HEAD", "plain") else None


def _etag_of_proxy(request: Request, response: Response) -> Reply | None:
    etag = response.header("etag")
    if request.method != "GET" or not request.object_name or not etag or '"' in etag:
        return None
    return Reply(response.with_header("etag", f'W/"{etag}"'))


def _other_content(request: Request, response: Response) -> Reply | None:
    if (request.method, request.object_name, response.status) != ("GET", "plain", 200):
        return None
    return Reply(response.head + response.body[::-1])


def _segments_removed(request: Request, response: Response) -> Reply | None:
    if request.method != "GET" or "/blobs/" not in request.object_name:
        return None
    return Reply(response.with_body(b""))


def _no_folders(request: Request, response: Response) -> Reply | None:
    prefix = request.query.get("prefix")
    if "delimiter" not in request.query or prefix != "folder":
        return None
    return Reply(response.with_body(b"[]"))


def _listing_lags(request: Request, response: Response) -> Reply | None:
    if not request.is_listing or not request.query.get("prefix") or "delimiter" in request.query or not response.body:
        return None
    if request.query.get("format") == "json":
        return Reply(response.with_body(json.dumps(json.loads(response.body)[:-1]).encode()))
    return Reply(response.with_body(b"".join(response.body.splitlines(keepends=True)[:-1])))


def _short_pages(request: Request, response: Response) -> Reply | None:
    if not request.is_listing or "delimiter" not in request.query:
        return None
    if request.query.get("format") == "json":
        entries = json.loads(response.body) if response.status == 200 else []
        return Reply(response.with_body(json.dumps(entries[:-1]).encode())) if len(entries) > 1 else None
    lines = response.body.splitlines(keepends=True)
    if len(lines) < 2:
        return None
    return Reply(response.with_body(b"".join(lines[:-1])))


def _copy_unknown(request: Request) -> Reply | None:
    return answer("405 Method Not Allowed") if request.method == "COPY" else None


def _info_found(request: Request) -> Reply | None:
    if request.path != "/info":
        return None
    return answer("200 OK", "Content-Type: application/json", body=b'{"tempurl": {"methods": ["GET"]}}')


def _temp_url_refused(request: Request) -> Reply | None:
    return answer("401 Unauthorized") if "temp_url_sig" in request.query else None


def _name_too_long(request: Request) -> Reply | None:
    return answer("400 Bad Request") if len(request.object_name) > 256 else None


def _quota_as_500(request: Request, response: Response) -> Reply | None:
    return answer("500 Internal Server Error") if response.status == 413 else None


def _quota_nearly_used(request: Request, response: Response) -> Reply | None:
    if request.method != "HEAD" or not response.header("X-Account-Bytes-Used"):
        return None
    used = Response(response.with_header("X-Account-Bytes-Used", "95")).without("X-Account-Meta-Quota-Bytes")
    return Reply(used[:-2] + b"X-Account-Meta-Quota-Bytes: 100\r\n\r\n")


# Those that go by a length that HEAD of an object gives.
HEAD_PROBES = (
    "store-object",
    "plain-object",
    "chunked-put",
    "absolute-uri",
    "manifest-size",
    "encoded-prefix",
    "registry-push",
    "copy-object",
    "temp-url",
)
STORAGE_FAULTS = (
    Fault("writes-hang", "OSDs that are full: no PUT comes back", {"store-object": "timeout"}, on_request=_writes_hang),
    Fault(
        "quota-used-up",
        "a user whose quota is used up: 413 for every PUT",
        {"store-object": "wrong-status"},
        on_request=_quota_used_up,
    ),
    Fault(
        "wrong-length",
        "HEAD of a plain object answers with Content-Length: 0",
        {"plain-object": "length-mismatch"},
        on_answer=_wrong_length,
    ),
    Fault(
        "head-zero",
        "a proxy that makes the length of every HEAD 0",
        dict.fromkeys(HEAD_PROBES, "length-mismatch"),
        on_answer=_head_zero,
    ),
    Fault(
        "head-no-length",
        "a proxy that takes the length from every HEAD",
        dict.fromkeys((*HEAD_PROBES, "head-empty-manifest"), "length-missing"),
        on_answer=_head_no_length,
    ),
    Fault(
        "container-of-others",
        "the registry's container is another user's",
        {"registry-container": "wrong-status"},
        on_request=_container_of_others,
    ),
    Fault(
        "body-limit",
        "nginx with its default client_max_body_size: 413 for more than 1 MiB",
        {"segment-size": "wrong-status", "s3-multipart": "wrong-status"},
        body_limit=1 << 20,
        on_large=answer("413 Request Entity Too Large", "Server: nginx"),
    ),
    Fault(
        "body-cut",
        "a proxy that ends the connection within a body of more than 1 MiB",
        {"segment-size": "closed", "s3-multipart": "closed"},
        body_limit=1 << 20,
    ),
    Fault(
        "late-visibility",
        "an object that is not there at once after its PUT",
        {"plain-object": "missing-after-put"},
        on_answer=_late_visibility,
    ),
    Fault(
        "etag-of-proxy",
        "a proxy that compresses makes ETags weak",
        {"plain-object": "etag-mismatch"},
        on_answer=_etag_of_proxy,
    ),
    Fault("other-content", "bytes that were not stored", {"plain-object": "body-mismatch"}, on_answer=_other_content),
    Fault(
        "segments-removed",
        "removing a manifest removes its segments, so that a blob that was moved is empty (distribution#2878)",
        {"registry-push": "length-mismatch"},
        on_answer=_segments_removed,
    ),
    Fault(
        "no-folders",
        "RGW before 9.1.0: no folder for a prefix without its slash (tracker 12960)",
        {"list-folder": "listing-wrong"},
        on_answer=_no_folders,
    ),
    Fault(
        "listing-lags",
        "an index that lags: a listing lacks what was stored last",
        {"list-after-delete": "listing-wrong", "registry-push": "listing-wrong"},
        on_answer=_listing_lags,
    ),
    Fault(
        "short-pages",
        "pages that are not full before the end (tracker 44554)",
        {"full-pages": "listing-wrong"},
        on_answer=_short_pages,
    ),
    Fault("copy-unknown", "a proxy without COPY", {"copy-object": "wrong-status"}, on_request=_copy_unknown),
    Fault(
        "info-found",
        "rgw_swift_account_in_url: the driver finds /info and makes temp URLs",
        {"swift-info": "wrong-status"},
        on_request=_info_found,
    ),
    Fault(
        "temp-url-refused",
        "a proxy that changes paths: no signature fits (tracker 18317)",
        {"temp-url": "wrong-status"},
        on_request=_temp_url_refused,
    ),
    Fault(
        "name-too-long",
        "osd_max_object_name_len = 256, as the Ceph demo images set it on ext4: 400 for longer names",
        {"long-object-name": "wrong-status", "registry-push": "wrong-status"},
        on_request=_name_too_long,
    ),
    Fault("quota-as-500", "a quota that nobody is told of", {"quota-answer": "wrong-status"}, on_answer=_quota_as_500),
    Fault(
        "quota-nearly-used",
        "an account without room",
        {"quota-room": "limit-near"},
        on_answer=_quota_nearly_used,
    ),
)
