# SPDX-License-Identifier: Apache-2.0
"""Probes of limits: room to store, names, quotas, pages of listings."""

from __future__ import annotations

from urllib.parse import quote

from ...http.messages import Answer
from ...http.outcomes import Skip, WrongAnswer
from ...http.verdicts import CLOSED, LIMIT_NEAR, LISTING_WRONG, TIMEOUT, Advice
from ..answerer import is_from_gateway
from ..checks import expect_body, expect_etag, expect_length, expect_status, md5_of
from ..head import HEAD_ADVICE
from ..probe import WARNING, Probe
from ..session import SwiftSession
from .head import CONTENT, NO_CHUNKS
from .registry import SEGMENTS

PAGE = 20
FILES = 30
SLOWEST_BYTES_A_SECOND = 1 << 20
FOLDERS = 15
QUOTA_PERCENT = 90

_SEGMENT = f"{SEGMENTS}/{1:016}"
# RGW up to 18 lets a PUT wait for a full pool; 20 answers with 507.
_FULL = Advice(
    "The gateway answers but cannot store: a pool or the OSDs are full, down or blocked.",
    "Look at `ceph health detail`, and add OSDs, raise the pool's quota or remove data where it says so.",
)
_STORE_ADVICE = {
    403: Advice("The subuser may not write.", "Give the subuser the access readwrite or full."),
    413: Advice(
        "The quota of the user is used up.",
        "Remove what is not needed (the registry's garbage collection), or raise the user's quota.",
    ),
    507: _FULL,
}


_PUT_SIZE = Advice(
    "The gateway refuses bodies as large as the registry's segments, so that pushes of larger layers fail with 500: "
    "rgw_max_put_size is smaller.",
    "Raise rgw_max_put_size (5 GiB by default), or let the registry make smaller segments.",
)
_PROXY_LIMIT = Advice(
    "A proxy before the gateway refuses bodies as large as the registry's segments, so that pushes of larger layers "
    "fail with 500.",
    "Raise the proxy's limit (nginx: client_max_body_size 0; Apache: LimitRequestBody 0), or let the registry make "
    "smaller segments.",
)
_CUT_BODY = Advice(
    "The connection is closed within a body as large as the registry's segments: a proxy's limit (nginx: "
    "client_max_body_size) or rgw_max_put_size is smaller, or the gateway crashed.",
    "Raise the limits of proxy and gateway, and look into the logs of both.",
)


def check_store_object(session: SwiftSession) -> None:
    """Store, read, HEAD and remove an object within the time."""
    try:
        session.make_container()
        _expect_stored(session.put("ready", CONTENT))
        got = session.get("ready")
        expect_status(got, 200, stored=True)
        expect_body(got, CONTENT)
        _expect_head(session)
        expect_status(session.delete("ready"), 204)
    except WrongAnswer as finding:
        if finding.word == TIMEOUT and finding.advice is None:
            finding.advice = _FULL
        raise


def _expect_head(session: SwiftSession) -> None:
    """HEAD of what is stored for certain. When only that is wrong, the probes go on and say how far it goes."""
    try:
        head = session.head("ready")
        expect_status(head, 200, stored=True)
        expect_length(head, len(CONTENT))
    except WrongAnswer as finding:
        finding.advice = finding.advice or HEAD_ADVICE
        session.goes_on = finding.word != TIMEOUT  # Else each of them would wait as long.
        raise


def segment_seconds(size: int) -> float:
    """What a segment of `size` bytes may take beside the time of a probe."""
    return size / SLOWEST_BYTES_A_SECOND


def check_segment(session: SwiftSession) -> None:
    """PUT one segment as large as the registry's, in chunks, and compare its ETag."""
    session.make_container()
    size = session.registry.segment_size
    session.give_more(segment_seconds(size))
    content = bytes(size)
    answer = session.put_chunked("segment", content)
    try:
        expect_status(answer, 201)
        expect_etag(answer, md5_of(content))
    except WrongAnswer as finding:
        finding.expected = f"a body of {size} bytes taken: {finding.expected}"
        finding.advice = finding.advice or _segment_advice(answer, size)
        raise
    expect_status(session.delete("segment"), 204)


def _segment_advice(answer: Answer, size: int) -> Advice | None:
    if answer.fault == CLOSED:
        return _CUT_BODY
    if answer.fault == TIMEOUT:
        return Advice(
            f"A body of {size} bytes, as large as the registry's segments, does not arrive in time.",
            "Look at the path to the gateway, at the health of the cluster and for a proxy that keeps bodies back, or "
            "let the registry make smaller segments.",
        )
    if answer.status == 411:
        return NO_CHUNKS
    if answer.status not in (400, 413):
        return None
    if not is_from_gateway(answer):
        return _PROXY_LIMIT
    return _STORE_ADVICE[413] if b"QuotaExceeded" in answer.body else _PUT_SIZE


def check_long_object_name(session: SwiftSession) -> None:
    """HEAD, store and remove an object with a name as long as those of the registry's segments."""
    session.make_container()
    name = f"long-{_SEGMENT}"
    expect_status(session.head(name), 404)
    expect_status(session.put(name, CONTENT), 201)
    expect_status(session.head(name), 200, stored=True)
    expect_status(session.delete(name), 204)


def check_full_pages(session: SwiftSession) -> None:
    """Page through files and folders: every page but the last is full, and each entry is shown once."""
    session.make_container()
    names = [f"pages/file-{number:03}" for number in range(FILES)]
    folders = [f"pages/folder-{number:03}/" for number in range(FOLDERS)]
    for name in [*names, *(f"{folder}file" for folder in folders)]:
        expect_status(session.put(name, b""), 201)
    wanted = sorted([*names, *folders])
    marker = ""
    for start in range(0, len(wanted), PAGE):
        answer = session.listing(f"delimiter=/&limit={PAGE}&prefix=pages/&marker={quote(marker)}")
        expect_status(answer, 200)
        page = answer.body.decode("utf-8", "replace").splitlines()
        full = wanted[start : start + PAGE]
        if page != full:
            raise WrongAnswer(LISTING_WRONG, f"a page of {len(full)} entries from {full[0]} on", f"{len(page)} entries")
        marker = page[-1]


def check_quota_answer(session: SwiftSession) -> None:
    """Store more than a quota allows, which is set on a container of its own."""
    name = session.make_container("-quota", ("X-Container-Meta-Quota-Bytes", "1"))
    expect_status(session.ask("PUT", f"/{name}/object", body=CONTENT), 413)


def check_quota_room(session: SwiftSession) -> None:
    """Compare what the account holds with its quota."""
    account = session.ask("HEAD", "")
    expect_status(account, 200, 204)
    seen = False
    for quota, used in (("Quota-Bytes", "Bytes-Used"), ("Quota-Count", "Object-Count")):
        limit = _number(account.header(f"X-Account-Meta-{quota}"))
        holds = _number(account.header(f"X-Account-{used}"))
        if limit > 0:
            seen = True
            session.evidence.append(f"X-Account-{used} is {holds} of {limit}")
            if holds * 100 >= limit * QUOTA_PERCENT:
                expected = f"X-Account-{used} below {QUOTA_PERCENT} % of {limit}"
                raise WrongAnswer(LIMIT_NEAR, expected, f"X-Account-{used}: {holds}")
    if not seen:
        raise Skip("the gateway shows no quota of this account")


def _expect_stored(answer: Answer) -> None:
    try:
        expect_status(answer, 201)
    except WrongAnswer as finding:
        finding.advice = finding.advice or _STORE_ADVICE.get(answer.status or 0)
        raise


def _number(value: str | None) -> int:
    return int(value) if value and value.isdigit() else 0


STORE_OBJECT = Probe(
    name="store-object",
    group="limits",
    cause="The gateway answers, but does not store objects.",
    remedy="Look at the health of the cluster and the gateway's log.",
    affected="any version",
    reference="https://docs.ceph.com/en/latest/rados/operations/health-checks/#pool-full",
    check=check_store_object,
    gate=True,
)
LIMITS_PROBES = (
    Probe(
        name="long-object-name",
        group="limits",
        cause="The OSDs refuse object names as long as those of the registry's segments, so that every push fails: "
        "osd_max_object_name_len is 256, as ceph/daemon and ceph/demo set it on ext4.",
        remedy="On bluestore, or filestore on xfs, set osd_max_object_name_len to 2048 and "
        "osd_max_object_namespace_len to 256 where they are lower (ceph.conf wins over `ceph config set`).",
        affected="any version with that setting",
        reference="ceph/ceph-container v7.0.3 src/daemon/config.static.sh",
        check=check_long_object_name,
    ),
    Probe(
        name="segment-size",
        group="limits",
        cause="A body as large as the registry's segments is not taken, so that pushes of larger layers fail with 500: "
        "rgw_max_put_size, or the limit of a proxy (nginx: client_max_body_size), is smaller.",
        remedy="Raise that limit, or let the registry make smaller segments (registry_swift_chunksize).",
        affected="any version with that setting or behind such a proxy",
        reference="goharbor/harbor#3270, ContainerSolutions/docker-registry-proxy#1, singularityhub/sregistry#81",
        check=check_segment,
    ),
    Probe(
        name="full-pages",
        group="limits",
        cause="Listings give pages that are not full before the end, on which the driver stops: the registry's garbage "
        "collection then removes blobs that are in use.",
        remedy="Do not collect garbage on this gateway; upgrade Ceph, and look at the shards of the bucket's index.",
        affected="reported for 14 and 15 (tracker 44554)",
        reference="tracker 44554 (ceph/ceph#33864), ncw/swift#167, rclone/rclone#7924, distribution/distribution#2716",
        check=check_full_pages,
    ),
    Probe(
        name="quota-answer",
        group="limits",
        cause="A PUT beyond a quota is not refused with 413, so that nobody is told why a push fails.",
        remedy="Do not rely on quotas here; look at the gateway's log and for a proxy that changes answers.",
        affected="before container quotas (10.0.0)",
        reference="https://docs.ceph.com/en/latest/radosgw/admin/#quota-management",
        check=check_quota_answer,
        severity=WARNING,
    ),
    Probe(
        name="quota-room",
        group="limits",
        cause="The account is close to its quota, beyond which the registry answers pushes with 500.",
        remedy="Raise the quota, or run the registry's garbage collection.",
        affected="any version that shows quotas (16 and later)",
        reference="https://docs.ceph.com/en/latest/radosgw/admin/#quota-management",
        check=check_quota_room,
        severity=WARNING,
        only_reads=True,
    ),
)
