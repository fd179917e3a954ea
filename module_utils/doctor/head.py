# SPDX-License-Identifier: Apache-2.0
"""Is it HEAD itself that is wrong? Else a wrong length would be blamed on what a probe asked about."""

from __future__ import annotations

from ..http.outcomes import WrongAnswer
from ..http.verdicts import Advice
from .checks import expect_body, expect_length, expect_status
from .session import SwiftSession

HEAD_ADVICE = Advice(
    "HEAD is answered wrongly although the object is stored and GET gives it whole: a proxy or cache before the "
    "gateway changes answers to HEAD.",
    "Ask the gateway itself, without what is before it; let a proxy pass on HEAD and Content-Length unchanged, without "
    "compression and without making a GET of it.",
)
_CONTENT = b"GET gives these bytes, and HEAD has to give their number.\n"


def head_is_wrong(session: SwiftSession) -> bool:
    """Whether HEAD gives a wrong length for a plain object that GET gives whole. It is asked once in a session."""
    if session.head_is_wrong is None:
        try:
            session.head_is_wrong = _ask(session)
        except WrongAnswer:
            return False  # Something else is wrong, too: nothing is known of HEAD.
    return session.head_is_wrong


def _ask(session: SwiftSession) -> bool:
    session.make_container()
    expect_status(session.put("head-alone", _CONTENT), 201)
    got = session.get("head-alone")
    expect_status(got, 200)
    expect_body(got, _CONTENT)
    head = session.head("head-alone")
    try:
        expect_status(head, 200)
        expect_length(head, len(_CONTENT))
    except WrongAnswer:
        return True
    return False
