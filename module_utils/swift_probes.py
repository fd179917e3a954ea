# SPDX-License-Identifier: Apache-2.0
"""The catalogue of probes: what each sends, what it expects, why it fails and what to do then."""

from __future__ import annotations

import difflib
import hashlib
from dataclasses import dataclass
from typing import Callable, Iterable

from .swift_checks import (
    expect_body,
    expect_date,
    expect_etag,
    expect_header,
    expect_length,
    expect_status,
)
from .swift_session import SwiftSession

CONTENT = b"rgwkit verifies what is on the wire.\n" * 32

# A segment of registry 2.4 to 2.8 has 299 + 2 x (length of the repository name) bytes; this is one of a 5-letter name.
SEGMENT = "segments/2f6/" + "7265676973747279" * 17 + "2f64617" + "/" + "0000000000000001"


@dataclass(frozen=True)
class Probe:
    """One question to the gateway. `check` raises Finding for a wrong answer."""

    name: str
    group: str
    cause: str
    remedy: str
    affected: str
    reference: str
    check: Callable[[SwiftSession], None]


def check_auth(session: SwiftSession) -> None:
    """Get a token by TempAuth v1, and use it."""
    session.authenticate()


def check_ready(session: SwiftSession) -> None:
    """Get a token, then store, HEAD and remove an object."""
    session.authenticate()
    session.make_container()
    expect_status(session.put("ready", CONTENT), 201)
    head = session.head("ready")
    expect_status(head, 200, stored=True)
    expect_length(head, len(CONTENT))
    expect_status(session.delete("ready"), 204)


def check_plain_object(session: SwiftSession) -> None:
    """Store, HEAD, read and remove a plain object and an empty one."""
    session.make_container()
    for name, content in (("plain", CONTENT), ("plain-empty", b"")):
        md5 = hashlib.md5(content).hexdigest()  # noqa: S324 - swift's ETag is an MD5
        stored = session.put(name, content)
        expect_status(stored, 201)
        expect_etag(stored, md5)
        for answer in (session.head(name), session.get(name)):
            expect_status(answer, 200, stored=True)
            expect_length(answer, len(content))
            expect_etag(answer, md5)
            expect_date(answer, "Last-Modified")
        expect_body(answer, content)
        expect_status(session.delete(name), 204)
        expect_status(session.head(name), 404)


def check_head_empty_manifest(session: SwiftSession) -> None:
    """HEAD a dynamic large object that has no segments, as the registry does at the start of every upload."""
    session.make_container()
    expect_status(session.put_manifest("manifest", "no-segments"), 201)
    head = session.head("manifest")
    expect_status(head, 200, stored=True)
    expect_length(head, 0)
    expect_date(head, "Last-Modified")
    expect_date(head, "Date")
    expect_header(head, "X-Object-Manifest")


def check_long_object_name(session: SwiftSession) -> None:
    """HEAD, store and remove an object with a name as long as those of the registry's segments."""
    session.make_container()
    expect_status(session.head(SEGMENT), 404)
    expect_status(session.put(SEGMENT, CONTENT), 201)
    expect_status(session.head(SEGMENT), 200, stored=True)
    expect_status(session.delete(SEGMENT), 204)


PROBES = (
    Probe(
        name="auth",
        group="auth",
        cause="The gateway does not answer TempAuth v1 as swift clients need it.",
        remedy="Check the endpoint, the user and its swift key, and that rgw_enable_apis holds swift and swift_auth.",
        affected="any version",
        reference="https://docs.ceph.com/en/latest/radosgw/swift/auth/",
        check=check_auth,
    ),
    Probe(
        name="plain-object",
        group="head",
        cause="The gateway does not store and describe a plain object as swift clients need it.",
        remedy="Look at the evidence and the gateway's log, and for a proxy that changes answers.",
        affected="any version",
        reference="distribution/distribution#1673, ncw/swift#37",
        check=check_plain_object,
    ),
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
        name="long-object-name",
        group="limits",
        cause="The OSDs refuse object names as long as those of the registry's segments, so that every push fails: "
        "osd_max_object_name_len is 256, as ceph/daemon and ceph/demo set it on ext4.",
        remedy="On bluestore, or filestore on xfs, set osd_max_object_name_len to 2048 and "
        "osd_max_object_namespace_len to 256 where they are lower (ceph.conf wins over `ceph config set`).",
        affected="any version with that setting",
        reference="ceph/ceph-container src/daemon/config.static.sh, src/demo/demo.sh",
        check=check_long_object_name,
    ),
)
AUTH = PROBES[0]

# Not in the catalogue: what a caller waits for before any probe makes sense.
READY = Probe(
    name="ready",
    group="ready",
    cause="The gateway answers, but does not yet store objects.",
    remedy="Look at the health of the cluster and the gateway's log, or wait longer.",
    affected="any version",
    reference="",
    check=check_ready,
)


def select(names: Iterable[str]) -> list[Probe]:
    """The probes of these names in the catalogue's order, all for no names; `auth` always comes first.

    Raises ValueError for an unknown name, with the nearest known ones.
    """
    wanted = set(names)
    known = [probe.name for probe in PROBES]
    for name in sorted(wanted.difference(known)):
        nearest = difflib.get_close_matches(name, known, cutoff=0.4) or known
        raise ValueError(f"there is no probe {name!r}; did you mean {' or '.join(nearest)}?")
    return [probe for probe in PROBES if not wanted or probe is AUTH or probe.name in wanted]
