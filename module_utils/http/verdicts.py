# SPDX-License-Identifier: Apache-2.0
"""The closed set of verdict words: what can be said about an answer, one sentence each."""

from __future__ import annotations

from typing import NamedTuple

OK = "ok"
SKIPPED = "skipped"

# No answer, or not the whole of it.
REFUSED = "refused"
TLS_ERROR = "tls-error"
TIMEOUT = "timeout"
CLOSED = "closed"

# An answer that is not HTTP/1.1.
NO_STATUS_LINE = "no-status-line"
BAD_STATUS_LINE = "bad-status-line"
STATUS_0 = "status-0"
BAD_HEADER = "bad-header"
BAD_FRAMING = "bad-framing"
BODY_ON_HEAD = "body-on-head"
CONNECTION_DESYNC = "connection-desync"
TOO_LARGE = "too-large"
NOT_KEPT_ALIVE = "not-kept-alive"
NOT_CLOSED = "not-closed"

# Proper HTTP/1.1, but not what was to be answered.
WRONG_STATUS = "wrong-status"
MISSING_AFTER_PUT = "missing-after-put"
LENGTH_MISSING = "length-missing"
LENGTH_MISMATCH = "length-mismatch"
ETAG_MISMATCH = "etag-mismatch"
BODY_MISMATCH = "body-mismatch"
HEADER_MISSING = "header-missing"
HEADER_PROHIBITED = "header-prohibited"
LISTING_WRONG = "listing-wrong"
LIMIT_NEAR = "limit-near"
OTHER_ADDRESS = "other-address"
SLOW = "slow"

MEANINGS: dict[str, str] = {
    OK: "Everything was answered as expected.",
    SKIPPED: "The probe was not run.",
    REFUSED: "No connection could be made: refused, no route, or a host name that does not resolve.",
    TLS_ERROR: "TLS failed: a certificate that is not trusted, another protocol, or a broken record.",
    TIMEOUT: "The deadline passed before the answer was complete.",
    CLOSED: "The peer closed the connection before the answer was complete.",
    NO_STATUS_LINE: "The answer begins with a header field where the status line belongs.",
    BAD_STATUS_LINE: "The answer begins with something that is neither a status line nor a header field.",
    STATUS_0: "The status line carries the status code 0.",
    BAD_HEADER: "A header field is malformed, or its value cannot be used.",
    BAD_FRAMING: "Content-Length, Transfer-Encoding or a chunk is invalid, so that the body has no certain end.",
    BODY_ON_HEAD: "Bytes follow the header fields of the answer to a HEAD.",
    CONNECTION_DESYNC: "Bytes follow the end of the answer, where nothing was asked.",
    TOO_LARGE: "The answer is larger than the prober reads.",
    NOT_KEPT_ALIVE: "The connection was closed after an answer that did not say so.",
    NOT_CLOSED: "The connection was not closed, or its end not announced, although that was asked for.",
    WRONG_STATUS: "The status code is not the expected one.",
    MISSING_AFTER_PUT: "An object that was just stored is answered with 404.",
    LENGTH_MISSING: "There is no Content-Length, and nothing else marks the end of the body.",
    LENGTH_MISMATCH: "Content-Length or the size of the body is not the size of the object.",
    ETAG_MISMATCH: "The ETag is not the MD5 of the object's content.",
    BODY_MISMATCH: "The body has the right size but is not the object's content.",
    HEADER_MISSING: "A header field that clients need is missing.",
    HEADER_PROHIBITED: "A header field stands where HTTP does not allow it.",
    LISTING_WRONG: "A listing shows what is not there, or lacks what is, or its pages are not full.",
    LIMIT_NEAR: "A limit is so near that what comes next will run into it.",
    OTHER_ADDRESS: "Clients are sent to another address than the one that was verified.",
    SLOW: "The answers are right but take longer than the bound.",
}


class Advice(NamedTuple):
    """Why a finding comes about and what to do about it, one sentence each."""

    cause: str
    remedy: str


# These words mean the same whichever probe meets them, so they bring their own advice.
ADVICE: dict[str, Advice] = {
    REFUSED: Advice(
        "Nothing accepts connections at this address.",
        "Check that the gateway runs, that host and port are right, and that no firewall is between.",
    ),
    TLS_ERROR: Advice(
        "The endpoint does not speak TLS here, or its certificate is not trusted.",
        "Check http against https in the endpoint, and name the authority's certificate in ca_file.",
    ),
    TIMEOUT: Advice(
        "The gateway does not answer in time: it is starting, overloaded, or waits for its OSDs.",
        "Look at the health of the cluster and the gateway's log, or allow more time.",
    ),
    CLOSED: Advice(
        "The gateway, or a proxy before it, gave up the connection in the middle of the exchange.",
        "Look for a restart or a crash in the gateway's log, and at the limits of the proxy.",
    ),
}
