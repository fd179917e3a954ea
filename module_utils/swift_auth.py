# SPDX-License-Identifier: Apache-2.0
"""TempAuth v1: what an answer to it gives, and what RGW's refusals mean.

Source: Ceph documentation, "Swift API: Authentication"; the refusals as RGW 14 to 20 give them.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from .rgw_wire_messages import Answer
from .rgw_wire_words import BAD_HEADER, WRONG_STATUS, Advice
from .swift_checks import Finding, expect_header, expect_status

AUTH_PATH = "/auth/v1"

_AUTH_ADVICE = {
    401: Advice(
        "The swift key is not the one that the gateway knows for this subuser.",
        "Compare the secret with the subuser's swift key; a rotation makes the old one invalid at once.",
    ),
    403: Advice(
        "The gateway knows no such swift user, or its swift key is not active.",
        "Give the user as uid:subuser, and create the subuser and its swift key if they are missing.",
    ),
    404: Advice(
        "This is not a swift endpoint: it has no /auth/v1.",
        "Check host and port, and that rgw_enable_apis of the gateway holds swift and swift_auth.",
    ),
}
_ACCOUNT_ADVICE = {
    401: Advice(
        "The gateway gives this user a token and then refuses it: the user is suspended.",
        "Enable the user again, or use another one.",
    ),
    403: Advice(
        "The subuser may not read its account.",
        "Give the subuser the access readwrite or full.",
    ),
    404: Advice(
        "The gateway authenticates swift users but has no swift API.",
        "Let rgw_enable_apis of the gateway hold swift beside swift_auth.",
    ),
}
_NO_SWIFT = Advice("This is not a swift endpoint.", "Check host, port and path of the endpoint.")
_TOKEN = re.compile(r"[\x21-\x7e]+\Z")
_STORAGE_URL = re.compile(r"https?://[^/]+(?P<path>/[\x21-\x7e]*)\Z")


class Access(NamedTuple):
    """A token, and the path of the storage URL that it is for."""

    token: str
    storage_path: str


def expect_token(answer: Answer) -> Access:
    """The answer to a GET of /auth/v1 gives access. Raises Finding.

    Of the storage URL only the path counts: its host can be out of reach from here, or another one behind a proxy.
    """
    _expect_access(answer, _AUTH_ADVICE)
    token = _expect_form(answer, "X-Auth-Token", _TOKEN)[0]
    return Access(token, _expect_form(answer, "X-Storage-Url", _STORAGE_URL)["path"].rstrip("/"))


def expect_account(answer: Answer) -> None:
    """The answer to a HEAD of the account shows that the token is good for it. Raises Finding."""
    _expect_access(answer, _ACCOUNT_ADVICE)


def _expect_access(answer: Answer, advice: dict[int, Advice]) -> None:
    try:
        expect_status(answer, 200, 204)
    except Finding as finding:
        if finding.word == WRONG_STATUS and answer.status is not None and answer.status < 500:
            finding.advice = advice.get(answer.status, _NO_SWIFT)
        raise


def _expect_form(answer: Answer, name: str, form: re.Pattern[str]) -> re.Match[str]:
    try:
        value = expect_header(answer, name)
    except Finding as finding:
        finding.advice = _NO_SWIFT
        raise
    match = form.match(value)
    if match is None:
        raise Finding(BAD_HEADER, f"{name} in its proper form", f"{name} with something else", _NO_SWIFT)
    return match
