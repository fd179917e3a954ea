# SPDX-License-Identifier: Apache-2.0
"""What a probe expects of an answer. Each check returns quietly or raises a WrongAnswer."""

from __future__ import annotations

import re
from typing import Sequence

from ..base.checksum import md5
from ..http.messages import Answer
from ..http.outcomes import WrongAnswer
from ..http.verdicts import (
    BAD_HEADER,
    BODY_MISMATCH,
    ETAG_MISMATCH,
    HEADER_MISSING,
    LENGTH_MISMATCH,
    LENGTH_MISSING,
    LISTING_WRONG,
    MISSING_AFTER_PUT,
    WRONG_STATUS,
)
from .answerer import advice_of, first_line_of

# The one form that RFC 9110, section 5.6.7, lets a server send, and the only one that Go's http.TimeFormat reads.
_HTTP_DATE = re.compile(
    r"(Mon|Tue|Wed|Thu|Fri|Sat|Sun), [0-3][0-9] (Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) [0-9]{4} "
    r"[0-2][0-9]:[0-5][0-9]:[0-6][0-9] GMT\Z"
)

# A client that resumes a download, or reads layers in parts, asks for some bytes only.
_FIRST, _LAST = 10, 99
RANGE = ("Range", f"bytes={_FIRST}-{_LAST}")


def md5_of(content: bytes) -> str:
    """The MD5 in hexadecimal that swift and S3 give as an object's ETag; it guards nothing."""
    return md5(content).hexdigest()


def expect_status(answer: Answer, *statuses: int, stored: bool = False) -> None:
    """One of `statuses`, in proper HTTP/1.1. `stored` says that the object was put before, so that 404 loses it."""
    expected = f"{answer.method} answered with status {' or '.join(str(status) for status in statuses)}"
    if answer.fault:
        raise WrongAnswer(answer.fault, expected, answer.detail)
    if answer.status not in statuses:
        word = MISSING_AFTER_PUT if stored and answer.status == 404 else WRONG_STATUS
        raise WrongAnswer(word, expected, first_line_of(answer), advice_of(answer))


def expect_header(answer: Answer, name: str) -> str:
    """The header field `name`, not empty; returns its value."""
    value = answer.header(name)
    if not value:
        raise WrongAnswer(
            HEADER_MISSING, f"{answer.method} answered with {name}", f"{answer.first_line} without {name}"
        )
    return value


def expect_date(answer: Answer, name: str) -> None:
    """The header field `name` with a date as HTTP writes it."""
    value = expect_header(answer, name)
    if not _HTTP_DATE.match(value):
        raise WrongAnswer(BAD_HEADER, f"{name} like Sun, 06 Nov 1994 08:49:37 GMT", f"{name}: {value}")


def expect_length(answer: Answer, size: int) -> None:
    """Content-Length is `size` bytes."""
    value = answer.header("Content-Length")
    expected = f"{answer.method} answered with Content-Length: {size}"
    of_head = answer.method == "HEAD"
    if value is None:
        raise WrongAnswer(LENGTH_MISSING, expected, f"{answer.first_line} without Content-Length", of_head=of_head)
    if value != str(size):
        raise WrongAnswer(LENGTH_MISMATCH, expected, f"Content-Length: {value}", of_head=of_head)


def expect_etag(answer: Answer, md5: str, quoted: bool = False) -> None:
    """The ETag is `md5` in hexadecimal: bare, as RGW writes it for plain swift objects, or `quoted` as for others."""
    value = expect_header(answer, "ETag")
    if value != (f'"{md5}"' if quoted else md5):
        raise WrongAnswer(ETAG_MISMATCH, f"{answer.method} answered with ETag: {md5}", f"ETag: {value}")


def expect_body(answer: Answer, content: bytes) -> None:
    """The body is `content`."""
    expected = f"the {len(content)} bytes that were stored"
    if len(answer.body) != len(content):
        raise WrongAnswer(LENGTH_MISMATCH, expected, f"a body of {len(answer.body)} bytes")
    if answer.body != content:
        raise WrongAnswer(BODY_MISMATCH, expected, f"other {len(answer.body)} bytes")


def expect_range(answer: Answer, content: bytes) -> None:
    """The answer to a request with RANGE: those bytes of `content`, and where they stand."""
    expect_status(answer, 206)
    expect_body(answer, content[_FIRST : _LAST + 1])
    wanted, value = f"bytes {_FIRST}-{_LAST}/{len(content)}", expect_header(answer, "Content-Range")
    if value != wanted:
        raise WrongAnswer(BAD_HEADER, f"Content-Range: {wanted}", f"Content-Range: {value}")


def expect_listing(answer: Answer, names: Sequence[str], what: str = "entries") -> None:
    """The plain listing shows exactly `names`, in their order (RGW sorts by the bytes of a name)."""
    expect_status(answer, 200, 204)
    seen = answer.body.decode("utf-8", "replace").splitlines()
    if seen != list(names):
        raise WrongAnswer(LISTING_WRONG, f"the {what} {_short(names)}", f"{_short(seen)}")


def _short(names: Sequence[str]) -> str:
    return f"{len(names)} names" if len(names) > 5 else ", ".join(names) or "none"
