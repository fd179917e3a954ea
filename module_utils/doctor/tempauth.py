# SPDX-License-Identifier: Apache-2.0
"""TempAuth v1: what an answer to it gives, and what RGW's refusals mean.

Source: Ceph documentation, "Swift API: Authentication"; the refusals as RGW 14 to 20 give them.
"""

from __future__ import annotations

import re
from typing import Mapping

from ..http.messages import Answer
from ..http.outcomes import WrongAnswer
from ..http.verdicts import BAD_HEADER, WRONG_STATUS, Advice
from .access import Access, storage_path
from .checks import expect_header, expect_status

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
_OTHER_PATH = Advice(
    "The gateway names a storage URL with a path that is not served at this endpoint.",
    "Set rgw_swift_url of the gateways to the address that clients use, path included, or let the ingress rewrite "
    "X-Storage-Url.",
)
_NO_SWIFT = Advice("This is not a swift endpoint.", "Check host, port and path of the endpoint.")
_TOKEN = re.compile(r"[\x21-\x7e]+\Z")
_ANYTHING = re.compile("")
BAD_STORAGE_URL = Advice(
    "The gateway lets the user in and then names a storage URL that no client can follow.",
    "Set rgw_swift_url of the gateways to scheme, host and port that clients use, such as https://swift.example.org, "
    "or leave it empty; look for a proxy that changes X-Storage-Url.",
)


def expect_token(answer: Answer) -> Access:
    """The answer to a GET of /auth/v1 gives access. Raises WrongAnswer.

    Of the storage URL only the path is used here, so that the endpoint itself is verified; the probe storage-url
    follows the whole of it.
    """
    _expect_access(answer, _AUTH_ADVICE)
    token = _expect_form(answer, "X-Auth-Token", _TOKEN)
    url = _expect_form(answer, "X-Storage-Url", _ANYTHING)
    path = storage_path(url)
    if path is None:
        raise _bad_form("X-Storage-Url", BAD_STORAGE_URL)
    return Access(token, url, path)


def expect_account(answer: Answer, is_here: bool = True, advice: Mapping[int, Advice] | None = None) -> None:
    """The answer to a HEAD of the account shows that the token is good for it. Raises WrongAnswer.

    `is_here` says whether the storage URL leads to where this answer is from. `advice` is for tokens of others.
    """
    there = {} if is_here else {404: _OTHER_PATH}
    _expect_access(answer, {**_ACCOUNT_ADVICE, **there, **(advice or {})})


def _expect_access(answer: Answer, advice: Mapping[int, Advice]) -> None:
    try:
        expect_status(answer, 200, 204)
    except WrongAnswer as finding:
        if (
            finding.advice is None
            and finding.word == WRONG_STATUS
            and answer.status is not None
            and answer.status < 500
        ):
            finding.advice = advice.get(answer.status, _NO_SWIFT)
        raise


def _expect_form(answer: Answer, name: str, form: re.Pattern[str]) -> str:
    try:
        value = expect_header(answer, name)
    except WrongAnswer as finding:
        finding.advice = _NO_SWIFT
        raise
    if not form.match(value):
        raise _bad_form(name, _NO_SWIFT)
    return value


def _bad_form(name: str, advice: Advice) -> WrongAnswer:
    return WrongAnswer(BAD_HEADER, f"{name} in its proper form", f"{name} with something else", advice)
