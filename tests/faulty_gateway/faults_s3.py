# SPDX-License-Identifier: Apache-2.0
"""Faults of the S3 API."""

from __future__ import annotations

from .fault import Fault, Reply, answer
from .messages import Request, Response


def _signature_refused(request: Request) -> Reply | None:
    signed = (request.header("Authorization") or "").startswith("AWS4-")
    return answer("403 Forbidden") if signed else None


def _presigned_refused(request: Request) -> Reply | None:
    return answer("403 Forbidden") if "X-Amz-Signature" in request.query else None


def _wrong_length(request: Request, response: Response) -> Reply | None:
    if request.method != "HEAD" or not request.path.endswith("-s3/plain") or response.status != 200:
        return None
    return Reply(response.with_header("Content-Length", "0"))


def _listing_lags(request: Request, response: Response) -> Reply | None:
    if "list-type" not in request.query:
        return None
    return Reply(response.head + response.body.replace(b"<Key>listed/file<", b"<Key>listed/fire<"))


def _copy_lost(request: Request, response: Response) -> Reply | None:
    return answer("404 Not Found") if request.path.endswith("-s3/copy-target") and request.method == "HEAD" else None


def _uploads_not_listed(request: Request, response: Response) -> Reply | None:
    if request.method != "GET" or "uploads" not in request.query or "prefix" not in request.query:
        return None
    return Reply(response.head + response.body.replace(b"UploadId>", b"Ignored_>"))


S3_FAULTS = (
    Fault(
        "s3-signature-refused",
        "a proxy that changes Host: no signature fits",
        dict.fromkeys(("s3-object", "s3-list", "s3-copy", "s3-multipart", "s3-presigned"), "wrong-status"),
        on_request=_signature_refused,
    ),
    Fault(
        "s3-presigned-refused",
        "a proxy that changes Host before URLs that are signed",
        {"s3-presigned": "wrong-status"},
        on_request=_presigned_refused,
    ),
    Fault("s3-wrong-length", "HEAD says 0", {"s3-object": "length-mismatch"}, on_answer=_wrong_length),
    Fault(
        "s3-listing-lags", "an index that shows something older", {"s3-list": "listing-wrong"}, on_answer=_listing_lags
    ),
    Fault("s3-copy-lost", "a copy that is not there", {"s3-copy": "missing-after-put"}, on_answer=_copy_lost),
    Fault(
        "s3-uploads-not-listed",
        "an upload that is not listed at once, which the driver takes for lost",
        {"s3-multipart": "listing-wrong"},
        on_answer=_uploads_not_listed,
    ),
)
