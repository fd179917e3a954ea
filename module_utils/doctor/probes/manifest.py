# SPDX-License-Identifier: Apache-2.0
"""Probes of dynamic large objects, with which the registry writes every upload. They belong to the group head."""

from __future__ import annotations

from ...http.messages import Answer
from ..checks import (
    expect_body,
    expect_date,
    expect_etag,
    expect_header,
    expect_length,
    expect_status,
    md5_of,
)
from ..probe import Probe
from ..session import SwiftSession

SEGMENTS = (b"first segment, ", b"second segment")


def check_head_empty_manifest(session: SwiftSession) -> None:
    """HEAD a dynamic large object that has no segments, as the registry does at the start of every upload."""
    session.make_container()
    expect_status(session.put_manifest("manifest", "no-segments"), 201)
    head = session.head("manifest")
    _expect_empty(head)
    expect_date(head, "Date")


def check_get_empty_manifest(session: SwiftSession) -> None:
    """GET a dynamic large object that has no segments, as the registry does with an interrupted upload."""
    session.make_container()
    expect_status(session.put_manifest("read-manifest", "no-segments"), 201)
    _expect_empty(session.get("read-manifest"))


def check_missing_segments(session: SwiftSession) -> None:
    """HEAD and GET a dynamic large object whose segments' container does not exist."""
    session.make_container()
    manifest = ("X-Object-Manifest", f"{session.container}-absent/none")
    expect_status(session.ask("PUT", session.path("orphan"), [manifest], b""), 201)
    expect_status(session.head("orphan"), 404)
    expect_status(session.get("orphan"), 404)


def check_empty_segment(session: SwiftSession) -> None:
    """GET a dynamic large object whose only segment has no byte."""
    session.make_container()
    expect_status(session.put("empty-segment/1", b""), 201)
    expect_status(session.put_manifest("empty-segment-manifest", "empty-segment/"), 201)
    answer = session.get("empty-segment-manifest")
    expect_status(answer, 200, stored=True)
    expect_length(answer, 0)


def check_manifest_size(session: SwiftSession) -> None:
    """Store two segments, HEAD and read the whole."""
    _store_and_read(session, "whole", "whole-segments/")


def check_encoded_prefix(session: SwiftSession) -> None:
    """Store two segments whose prefix has a blank, a slash and another alphabet, percent-encoded, and read both."""
    _store_and_read(session, "encoded", "encoded ü/")


def _store_and_read(session: SwiftSession, name: str, prefix: str) -> None:
    session.make_container()
    for number, content in enumerate(SEGMENTS, 1):
        expect_status(session.put(f"{prefix}{number:016}", content), 201)
    expect_status(session.put_manifest(name, prefix), 201)
    whole = b"".join(SEGMENTS)
    md5s = "".join(md5_of(content) for content in SEGMENTS)
    for answer in (session.head(name), session.get(name)):
        expect_status(answer, 200, stored=True)
        expect_length(answer, len(whole))
        expect_etag(answer, md5_of(md5s.encode()), quoted=True)
    expect_body(answer, whole)


def _expect_empty(answer: Answer) -> None:
    expect_status(answer, 200, stored=True)
    expect_length(answer, 0)
    expect_date(answer, "Last-Modified")
    expect_header(answer, "X-Object-Manifest")


MANIFEST_PROBES = (
    Probe(
        name="head-empty-manifest",
        group="head",
        cause="RGW (not its frontend) gives no proper answer to HEAD of a dynamic large object without segments, with "
        'which every registry push begins: it fails, typically with `malformed HTTP status code "0"`.',
        remedy="Upgrade Ceph to 0.94.4, 9.1.0 or any later release, or use the registry's s3 driver with this gateway.",
        affected="0.53 to 0.94.3 (all of firefly), 9.0.0 to 9.0.3",
        reference="ceph/ceph#5996 (tracker 12780), tracker 15812, distribution/distribution#1878",
        check=check_head_empty_manifest,
    ),
    Probe(
        name="get-empty-manifest",
        group="head",
        cause="RGW gives no proper answer to GET of a dynamic large object without segments, which is what an "
        "interrupted upload leaves.",
        remedy="Upgrade Ceph to 12 or any later release, or to a jewel with ceph/ceph#11626.",
        affected="before the fix of tracker 17572",
        reference="tracker 17572, tracker 17686, ceph/ceph#11567",
        check=check_get_empty_manifest,
    ),
    Probe(
        name="missing-segments",
        group="head",
        cause="RGW gives no proper answer for a dynamic large object whose segments' container does not exist.",
        remedy="Upgrade Ceph to 11.0.0 or any later release.",
        affected="before the fix of tracker 15812",
        reference="tracker 15812 (ceph/ceph#9042, ceph/ceph#9265, ceph/ceph#9402)",
        check=check_missing_segments,
    ),
    Probe(
        name="empty-segment",
        group="head",
        cause="RGW does not come to an end with a dynamic large object that has a segment without a byte.",
        remedy="Upgrade Ceph to 12 or any later release, or to a jewel with ceph/ceph#11626.",
        affected="before the fix of tracker 17572",
        reference="tracker 17572, ceph/ceph#11567, ceph/ceph#11626",
        check=check_empty_segment,
    ),
    Probe(
        name="manifest-size",
        group="head",
        cause="The size of a dynamic large object is not that of its segments, for which the driver waits in vain.",
        remedy="Look at the health of the cluster, at the bucket's index, and for a proxy that caches.",
        affected="any version",
        reference="distribution/distribution#2188, distribution/distribution#1013",
        check=check_manifest_size,
    ),
    Probe(
        name="encoded-prefix",
        group="head",
        cause="The gateway does not decode the prefix of segments in X-Object-Manifest, so that it finds none.",
        remedy="Upgrade Ceph to 0.94.6, 9.1.0 or any later release.",
        affected="before 0.94.6 and 9.1.0",
        reference="tracker 12728, rclone/rclone#5180, ncw/swift#168",
        check=check_encoded_prefix,
    ),
)
