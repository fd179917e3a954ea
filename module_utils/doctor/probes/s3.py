# SPDX-License-Identifier: Apache-2.0
"""Probes of the S3 API as the registry's s3 driver uses it: path style, signature version 4."""

from __future__ import annotations

import re
from urllib.parse import quote

from ...http.messages import Answer
from ...http.outcomes import Skip, WrongAnswer
from ...http.verdicts import BODY_MISMATCH, LISTING_WRONG
from ..checks import (
    RANGE,
    expect_body,
    expect_date,
    expect_etag,
    expect_length,
    expect_range,
    expect_status,
    md5_of,
)
from ..probe import WARNING, Probe
from ..s3_session import S3Session
from ..session import SwiftSession
from .head import CONTENT

# The least size of a part but the last one (Amazon S3, "Multipart upload limits"; RGW: rgw_multipart_min_part_size).
PART = 5 * 1024 * 1024
COPIED = 1000


def check_s3_object(session: SwiftSession) -> None:
    """Store, HEAD, read and remove an object."""
    s3 = _s3(session)
    md5 = md5_of(CONTENT)
    expect_status(s3.ask("PUT", "plain", body=CONTENT), 200)
    for answer in (s3.ask("HEAD", "plain"), s3.ask("GET", "plain")):
        expect_status(answer, 200, stored=True)
        expect_length(answer, len(CONTENT))
        expect_etag(answer, md5, quoted=True)
        expect_date(answer, "Last-Modified")
    expect_body(answer, CONTENT)
    expect_status(s3.ask("DELETE", "plain"), 204)
    expect_status(s3.ask("HEAD", "plain"), 404)


def check_s3_list(session: SwiftSession) -> None:
    """A listing shows at once what was stored, folders folded, and lacks at once what was removed."""
    s3 = _s3(session)
    for key in ("listed/file", "listed/folder/file"):
        expect_status(s3.ask("PUT", key, body=b""), 200)
    _expect_keys(s3, {"listed/file", "listed/folder/"})
    expect_status(s3.ask("DELETE", "listed/file"), 204)
    _expect_keys(s3, {"listed/folder/"})


def check_s3_copy(session: SwiftSession) -> None:
    """Copy an object, as the driver moves small ones, and HEAD the copy."""
    s3 = _s3(session)
    expect_status(s3.ask("PUT", "copy-source", body=CONTENT), 200)
    expect_status(s3.ask("PUT", "copy-target", headers=_from(s3, "copy-source"), body=b""), 200)
    head = s3.ask("HEAD", "copy-target")
    expect_status(head, 200, stored=True)
    expect_length(head, len(CONTENT))


def check_s3_multipart(session: SwiftSession) -> None:
    """Upload in parts, find the upload in the listing at once, copy a part, complete, and read over the seam."""
    s3 = _s3(session)
    expect_status(s3.ask("PUT", "part-source", body=CONTENT), 200)
    key = "multipart"
    upload = _element(s3.ask("POST", key, {"uploads": ""}, body=b""), "UploadId")
    listing = s3.ask("GET", query={"uploads": "", "prefix": key})
    expect_status(listing, 200)
    if f"<UploadId>{upload}</UploadId>".encode() not in listing.body:
        raise WrongAnswer(LISTING_WRONG, "the upload that was just begun", "a listing of uploads without it")
    first = s3.ask("PUT", key, {"partNumber": "1", "uploadId": upload}, body=bytes(PART))
    expect_status(first, 200)
    copied = {**_from(s3, "part-source"), "x-amz-copy-source-range": f"bytes=0-{COPIED - 1}"}
    second = s3.ask("PUT", key, {"partNumber": "2", "uploadId": upload}, copied, b"")
    etags = ((first.header("ETag") or "").strip('"'), _element(second, "ETag").replace("&quot;", "").strip('"'))
    parts = "".join(
        f"<Part><PartNumber>{number}</PartNumber><ETag>{etag}</ETag></Part>" for number, etag in enumerate(etags, 1)
    )
    body = f"<CompleteMultipartUpload>{parts}</CompleteMultipartUpload>".encode()
    # Not its ETag, which RGW 16.2.15 leaves empty.
    _element(s3.ask("POST", key, {"uploadId": upload}, body=body), "Key")
    head = s3.ask("HEAD", key)
    expect_status(head, 200, stored=True)
    expect_length(head, PART + COPIED)
    seam = s3.ask("GET", key, headers={"range": f"bytes={PART - 10}-"})
    expect_status(seam, 206)
    if seam.body != bytes(10) + CONTENT[:COPIED]:
        raise WrongAnswer(
            BODY_MISMATCH, f"the last {COPIED + 10} bytes that were stored", f"other {len(seam.body)} bytes"
        )


def check_s3_presigned(session: SwiftSession) -> None:
    """GET, HEAD and GET of a range by a presigned URL, as clients fetch what the registry redirects."""
    s3 = _s3(session)
    expect_status(s3.ask("PUT", "presigned", body=CONTENT), 200)
    for method in ("GET", "HEAD"):
        answer = s3.ask_presigned(method, "presigned")
        expect_status(answer, 200, stored=True)
        expect_length(answer, len(CONTENT))
    expect_range(s3.ask_presigned("GET", "presigned", [RANGE]), CONTENT)


def _s3(session: SwiftSession) -> S3Session:
    if session.s3 is None:
        raise Skip("no S3 access key was given")
    session.s3.make_bucket()
    return session.s3


def _from(s3: S3Session, key: str) -> dict[str, str]:
    return {"x-amz-copy-source": quote(f"/{s3.bucket}/{key}")}


def _expect_keys(s3: S3Session, wanted: set[str]) -> None:
    answer = s3.ask("GET", query={"list-type": "2", "prefix": "listed/", "delimiter": "/"})
    expect_status(answer, 200)
    text = answer.body.decode("utf-8", "replace")
    # The listing repeats the asked prefix on its own.
    seen = {*re.findall("<Key>([^<]*)</Key>", text), *re.findall("<CommonPrefixes><Prefix>([^<]*)</Prefix>", text)}
    if seen != wanted:
        raise WrongAnswer(LISTING_WRONG, ", ".join(sorted(wanted)), ", ".join(sorted(seen)) or "no entry")


def _element(answer: Answer, name: str) -> str:
    expect_status(answer, 200)
    match = re.search(f"<{name}>([^<]+)</{name}>", answer.body.decode("utf-8", "replace"))
    if match is None:
        # S3 can answer 200 and say in the body that it failed (CompleteMultipartUpload, CopyObject).
        raise WrongAnswer(BODY_MISMATCH, f"{answer.method} answered with {name}", answer.body[:400].decode("latin-1"))
    return match[1]


_REMEDY = "Look at the evidence, the gateway's log, and for a proxy that changes requests or caches answers."
S3_PROBES = (
    Probe(
        name="s3-object",
        group="s3",
        cause="The gateway does not store and describe an object as S3 clients need it, path style and signed with v4.",
        remedy="Check the access key and that rgw_enable_apis holds s3; a proxy must keep Host and the path.",
        affected="any version",
        reference="distribution/distribution#2189, distribution/distribution#2517",
        check=check_s3_object,
    ),
    Probe(
        name="s3-list",
        group="s3",
        cause="S3 listings lag behind what was stored or removed, or do not fold folders.",
        remedy=_REMEDY,
        affected="multisite secondaries, caching proxies",
        reference="distribution/distribution#3062, docker-archive/docker-registry#426",
        check=check_s3_list,
    ),
    Probe(
        name="s3-copy",
        group="s3",
        cause="S3 copies fail or lose content, so that the driver cannot move uploads to their place.",
        remedy=_REMEDY,
        affected="any version",
        reference="distribution/distribution#1948, goharbor/harbor#2659",
        check=check_s3_copy,
    ),
    Probe(
        name="s3-multipart",
        group="s3",
        cause="Uploads in parts, as which the driver writes every blob, fail, are not listed at once, or are put "
        "together wrongly.",
        remedy=_REMEDY,
        affected="any version",
        reference="goharbor/harbor#2659, goharbor/harbor#12317, distribution/distribution#1948",
        check=check_s3_multipart,
    ),
    Probe(
        name="s3-presigned",
        group="s3",
        cause="Presigned URLs are refused, so that pulls by redirect fail: the gateway sees another host or path than "
        "the one that was signed.",
        remedy="Let a proxy pass Host and path unchanged, or set storage.redirect.disable to true in the registry.",
        affected="any version behind a proxy that changes Host or paths",
        reference="distribution/distribution#2189, distribution/distribution#2982",
        check=check_s3_presigned,
        severity=WARNING,
    ),
)
