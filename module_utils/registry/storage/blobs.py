# SPDX-License-Identifier: Apache-2.0
"""Is all that a registry has in its bucket there, and is it what its digest says?"""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import islice
from typing import Any, Iterator

from ...base.findings import Finding
from ...s3.bucket import Entry, S3Bucket
from .layout import EMPTY_DIGEST, FOLDER, SWIFT_FILES, blob_in, is_upload
from .survey import Manifests, Storage, Survey

PAGE = 1000
REMEDY = "Push the images again that need the object, or delete their manifests from the registry."


def fault(place: str, what: str) -> Finding:
    """The finding that something is wrong with a key, a digest or a tag."""
    return Finding(what, REMEDY, place=place)


@dataclass
class Report:
    """What was found. `bytes` are those of the blobs, as far as they were read."""

    faults: list[Finding] = field(default_factory=list)
    repositories: int = 0
    tags: int = 0
    manifests: int = 0
    blobs: int = 0
    bytes: int = 0

    def counts(self) -> dict[str, Any]:
        """The numbers as plain data."""
        return {name: getattr(self, name) for name in ("repositories", "tags", "manifests", "blobs", "bytes")}


def layout_faults(bucket: S3Bucket, prefix: str) -> Iterator[Finding]:
    """Why the s3 driver must not be pointed at `prefix` of this bucket: the swift driver has written there.

    That driver keeps content in segments. Registry 2.8 on S3 goes by the size that a listing shows, which is 0 for what
    has segments, so that it serves empty blobs with 200 (seen on 2.8.2 and RGW 16.2.15). Two blobs of three have them:
    the first page of the listing shows it.
    """
    below = len(prefix) + len(FOLDER)
    for entry in islice(bucket.entries(f"{prefix}{FOLDER}blobs/"), PAGE):
        digest = blob_in(entry.key[below:])
        if digest and not entry.size and digest != EMPTY_DIGEST:
            yield fault(entry.key, "is listed with 0 bytes: its content is in segments of swift")
            return
    for entry in islice(bucket.entries(f"{prefix}{SWIFT_FILES}/{FOLDER}"), 1):
        yield fault(entry.key, "is a file of the swift driver, which the s3 driver does not look for")


def missing(source: Storage, target: Storage) -> Iterator[Finding]:
    """What `source` has and `target` has not. Uploads that were not finished are no part of it."""
    theirs = target.bucket.entries(target.prefix + FOLDER)
    there: Entry | None = next(theirs, None)
    for entry in source.bucket.entries(source.prefix + FOLDER):
        if is_upload(entry.key):
            continue
        wanted = target.prefix + entry.key[len(source.prefix) :]
        while there is not None and there.key.encode() < wanted.encode():
            there = next(theirs, None)
        if there is None or there.key != wanted:
            yield fault(wanted, f"is missing; {entry.key} is in {source.bucket.name}")
        elif entry.size and there.size != entry.size:
            yield fault(wanted, f"has {there.size} bytes; it has {entry.size} in {source.bucket.name}")


def check(storage: Storage, digests: bool) -> tuple[Report, Survey]:
    """Does every tag lead to a manifest, every manifest to its parts, and has every blob its digest?

    Links of layers that lead nowhere are no fault: the registry's garbage collector leaves them.
    """
    survey = storage.survey()
    linked = {digest for _repository, digest in survey.revisions}
    manifests = storage.manifests(survey, linked | {digest for digest in survey.tags.values() if digest})
    report = Report(
        [*_tag_faults(survey), *_revision_faults(survey), *_part_faults(survey, manifests)],
        survey.repositories,
        len(survey.tags),
        len(manifests.names),
        len(survey.blobs),
    )
    if digests:
        _check_digests(storage, survey, report)
    return report, survey


def _tag_faults(survey: Survey) -> Iterator[Finding]:
    for (repository, tag), digest in survey.tags.items():
        if digest is None:
            yield fault(f"{repository}:{tag}", "its link holds no digest")
        elif (repository, digest) not in survey.revisions:
            yield fault(f"{repository}:{tag}", f"leads to {digest}, which is no manifest of the repository")


def _revision_faults(survey: Survey) -> Iterator[Finding]:
    for repository, digest in sorted(survey.revisions):
        if digest not in survey.blobs:
            yield fault(f"{repository}@{digest}", "the manifest is missing")


def _part_faults(survey: Survey, manifests: Manifests) -> Iterator[Finding]:
    for digest, problem in manifests.broken.items():
        yield fault(digest, problem)
    for digest, names in manifests.names.items():
        for part in (*names.manifests, *names.blobs):
            if part not in survey.blobs:
                yield fault(part, f"is missing; manifest {digest} needs it")


def _check_digests(storage: Storage, survey: Survey, report: Report) -> None:
    def look(bucket: S3Bucket, digest: str) -> tuple[str, int]:
        # Listed with 0 bytes is also what has segments.
        size = survey.blobs[digest] or bucket.size(storage.key(digest))
        return storage.blob_digest(bucket, digest, size), size

    digests = list(survey.blobs)
    for digest, (found, size) in zip(digests, storage.each(digests, look)):
        report.bytes += size
        if found != digest:
            report.faults.append(fault(digest, f"its {size} bytes have the digest {found}"))
