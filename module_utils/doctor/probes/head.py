# SPDX-License-Identifier: Apache-2.0
"""Probes of plain objects and of HTTP itself: what HEAD says, and how the connection goes on."""

from __future__ import annotations

from ...http.messages import Request
from ...http.outcomes import WrongAnswer
from ...http.verdicts import CONNECTION_DESYNC, HEADER_PROHIBITED, LENGTH_MISMATCH, NOT_CLOSED, Advice
from ..checks import expect_body, expect_date, expect_etag, expect_length, expect_status, md5_of
from ..probe import WARNING, Probe
from ..session import SILENCE_SECONDS, SwiftSession

CONTENT = b"rgwkit verifies what is on the wire.\n" * 32
CLOSE_SECONDS = 1.0


def check_plain_object(session: SwiftSession) -> None:
    """Store, HEAD, read and remove a plain object and an empty one."""
    session.make_container()
    for name, content in (("plain", CONTENT), ("plain-empty", b"")):
        md5 = md5_of(content)
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


def check_head_not_found(session: SwiftSession) -> None:
    """HEAD what is not there, see that no byte follows and the connection stays, and ask again over it."""
    session.make_container()
    answer = session.head("absent")
    expect_status(answer, 404)
    session.expect_kept_open(answer)
    expect_status(session.get("absent"), 404)
    expect_status(session.head("absent"), 404)


def check_rejected_put(session: SwiftSession) -> None:
    """PUT into a container that does not exist, after 100-continue, and go on over the same connection, if it stays."""
    session.make_container()
    nowhere = f"/{session.container}-absent/object"
    expect_status(session.ask("PUT", nowhere, body=CONTENT, expect_continue=True), 404)
    # Who ends the connection, announced or not, takes no request for a body (RFC 9110, section 10.1.1).
    session.stays_open(SILENCE_SECONDS)
    after = session.listing("limit=1")
    if after.fault or after.status not in (200, 204):
        raise WrongAnswer(CONNECTION_DESYNC, "GET answered with status 200 or 204", after.detail or after.first_line)


def check_chunked_put(session: SwiftSession) -> None:
    """Store an object whose length is not announced."""
    session.make_container()
    expect_status(session.put_chunked("chunked", CONTENT), 201)
    answer = session.get("chunked")
    expect_status(answer, 200, stored=True)
    expect_body(answer, CONTENT)
    expect_length(session.head("chunked"), len(CONTENT))


def check_length_required(session: SwiftSession) -> None:
    """PUT with neither Content-Length nor chunks."""
    session.make_container()
    expect_status(session.ask("PUT", session.path("no-length")), 411)


def check_no_content(session: SwiftSession) -> None:
    """An answer with status 204 carries no Content-Length (RFC 9110, section 8.6)."""
    session.make_container()
    expect_status(session.put("no-content", b""), 201)
    for answer in (session.ask("HEAD", f"/{session.container}"), session.delete("no-content")):
        expect_status(answer, 204)
        value = answer.header("Content-Length")
        if value is not None:
            raise WrongAnswer(HEADER_PROHIBITED, "204 without Content-Length", f"Content-Length: {value}")


def check_date(session: SwiftSession) -> None:
    """Whatever the answer, it has a Date (RFC 9110, section 6.6.1)."""
    session.make_container()
    for answer in (
        session.put("dated", b""),
        session.head("dated"),
        session.get("dated"),
        session.delete("dated"),
        session.delete("dated"),
        session.ask("HEAD", f"/{session.container}"),
        session.ask("HEAD", "", token="rgwkit-no-token"),  # noqa: S106
    ):
        expect_status(answer, 200, 201, 204, 401, 403, 404)
        expect_date(answer, "Date")


def check_connection_close(session: SwiftSession) -> None:
    """Ask for the end of the connection: the answer says so, and it ends."""
    session.make_container()
    answer = session.ask("HEAD", f"/{session.container}", [("Connection", "close")])
    expect_status(answer, 204)
    said = answer.header("Connection") or "no Connection"
    if said.lower() != "close":
        raise WrongAnswer(NOT_CLOSED, "an answer with Connection: close", said)
    if session.stays_open(CLOSE_SECONDS):
        raise WrongAnswer(NOT_CLOSED, "the end of the connection", f"nothing for {CLOSE_SECONDS:g} s")


def check_absolute_uri(session: SwiftSession) -> None:
    """HEAD with a whole URL in the request line, as clients send it to a proxy (RFC 9112, section 3.2.2)."""
    session.make_container()
    expect_status(session.put("absolute", CONTENT), 201)
    scheme = "https" if session.endpoint.tls else "http"
    url = f"{scheme}://{session.endpoint.authority}{session.storage_path}{session.path('absolute')}"
    answer = session.exchange(Request("HEAD", url, [("X-Auth-Token", session.token)]))
    expect_status(answer, 200)
    expect_length(answer, len(CONTENT))


def check_empty_range(session: SwiftSession) -> None:
    """GET a plain object and a manifest without a byte from their first byte on, as the driver's reader does."""
    session.make_container()
    expect_status(session.put("range-plain", b""), 201)
    expect_status(session.put_manifest("range-manifest", "range-none/"), 201)
    for name in ("range-plain", "range-manifest"):
        answer = session.get(name, [("Range", "bytes=0-")])
        # 416 says it best; RGW 14 to 20 give it for plain objects, and 206 with `bytes */0` for manifests.
        expect_status(answer, 200, 206, 416)
        if answer.status != 416 and answer.body:
            raise WrongAnswer(LENGTH_MISMATCH, "no body", f"a body of {len(answer.body)} bytes")


NO_CHUNKS = Advice(
    "A proxy before the gateway does not pass on chunked uploads.",
    "Let the proxy speak HTTP/1.1 to the gateway and pass on requests without buffering them.",
)

HEAD_PROBES = (
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
        name="head-not-found",
        group="head",
        cause="After HEAD of what is not there, the connection is out of step or closed unannounced.",
        remedy="Upgrade Ceph, or look for a proxy that adds a body to answers to HEAD or drops connections.",
        affected="any version behind such a proxy",
        reference="ceph/ceph#58572 (tracker 66938)",
        check=check_head_not_found,
    ),
    Probe(
        name="rejected-put",
        group="head",
        cause="After a PUT that was refused before its body, the gateway or a proxy takes the next request for that "
        "body.",
        remedy="Upgrade Ceph to a release with ceph/ceph#49642 and ceph/ceph#50714; let a proxy close the connection "
        "after such an answer, as the role rgw_ingress does.",
        affected="before the fixes of tracker 42208 and tracker 58286, and any version behind HAProxy left to itself",
        reference="tracker 58286, ceph/ceph#49642, ceph/ceph#50714, tracker 42208 (ceph/ceph#31223)",
        check=check_rejected_put,
    ),
    Probe(
        name="chunked-put",
        group="head",
        cause=NO_CHUNKS.cause,
        remedy=NO_CHUNKS.remedy,
        affected="Apache with FastCGI, nginx before 1.3.9, any proxy that wants a length",
        reference="distribution/distribution#1873, docker-archive/docker-registry#143, tracker 45789",
        check=check_chunked_put,
    ),
    Probe(
        name="length-required",
        group="head",
        cause="A PUT without length is not refused with 411: somebody before the gateway changes requests.",
        remedy="Look for a proxy that adds Content-Length or Transfer-Encoding.",
        affected="any version behind such a proxy",
        reference="RFC 9110, section 15.5.12; distribution/distribution#1873",
        check=check_length_required,
        severity=WARNING,
    ),
    Probe(
        name="no-content",
        group="head",
        cause="Answers with status 204 carry a Content-Length, on which Varnish and strict proxies stumble.",
        remedy="Set rgw_print_prohibited_content_length to false, or upgrade Ceph to 10.0.3 or later.",
        affected="before 10.0.3, or any version with rgw_print_prohibited_content_length",
        reference="tracker 13582 (ceph/ceph#6561), tracker 16602 (ceph/ceph#13503)",
        check=check_no_content,
        severity=WARNING,
    ),
    Probe(
        name="date-header",
        group="head",
        cause="The gateway answers without Date, which caches and signature checks need.",
        remedy="Upgrade Ceph to 9.0.0 or a hammer with ceph/ceph#5228.",
        affected="before 9.0.0 with civetweb",
        reference="tracker 11872 (ceph/ceph#5228)",
        check=check_date,
        severity=WARNING,
    ),
    Probe(
        name="connection-close",
        group="head",
        cause="The gateway does not end a connection when it is asked to, so that clients wait for its end.",
        remedy="Upgrade Ceph to 9.0.3 or a hammer with ceph/ceph#5284.",
        affected="before 9.0.3 with civetweb",
        reference="tracker 12298, tracker 12398 (ceph/ceph#5284)",
        check=check_connection_close,
        severity=WARNING,
    ),
    Probe(
        name="absolute-uri",
        group="head",
        cause="The gateway does not understand a whole URL in the request line, as clients with a proxy setting send.",
        remedy="Upgrade Ceph or take the beast frontend; take HTTP_PROXY from the registry's environment until then.",
        affected="13 (mimic) with civetweb 1.10",
        reference="civetweb/civetweb#648",
        check=check_absolute_uri,
        severity=WARNING,
    ),
    Probe(
        name="empty-range",
        group="head",
        cause="The gateway fails to read an object without a byte from its first byte on, as the driver's reader asks.",
        remedy="Upgrade Ceph to 10.2.3 or later.",
        affected="before the fix of tracker 16388",
        reference="tracker 16388 (ceph/ceph#10207)",
        check=check_empty_range,
    ),
)
