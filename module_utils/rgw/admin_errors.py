# SPDX-License-Identifier: Apache-2.0
"""What RGW's error answers mean, and what to do about them.

Codes as answered by Ceph 14.2.21, 16.2.15, 18.2.7 and 20.2.4. Of an answer's body only the error code is ever shown:
bodies of this API can hold secrets.
"""

from __future__ import annotations

import datetime
import email.utils
import re
from typing import NamedTuple

from ..base.errors import ToolError
from ..base.remote_json import loads
from ..http.messages import Answer
from ..http.verdicts import CLOSED, REFUSED, TIMEOUT, TLS_ERROR

# What to do about a good answer that is not to the question.
NOT_A_GATEWAY = "Is the endpoint that of a Ceph Object Gateway, and does nothing in between answer in its place?"
_TRANSPORT_HINTS = {
    REFUSED: "Check that the gateway runs, that its frontend listens at this address and port, and that the name of "
    "its host resolves where this runs.",
    TIMEOUT: "Is the gateway up and the cluster healthy? A firewall that drops also looks so.",
    TLS_ERROR: "Name the CA that signed the certificate in ca_file, use the host name in the certificate as the "
    "endpoint, and write http:// where the port does not speak TLS.",
    CLOSED: "Is the gateway running, is the address right, and does the port speak what the endpoint says?",
}


class Attempt(NamedTuple):
    """An operation under way. caps: the admin caps it needs, as in "users=read"; access_key: who asks."""

    operation: str
    target: str
    caps: str
    access_key: str


def error_code(answer: Answer) -> str:
    """RGW's error code in a JSON or XML answer, or an empty string."""
    found = ""
    try:
        body = loads(answer.body)
        found = body.get("Code", "") if isinstance(body, dict) else ""
    except ValueError:
        match = re.search(rb"<Code>(\w{1,64})</Code>", answer.body)
        found = match.group(1).decode() if match else ""
    return found if re.fullmatch(r"\w{1,64}", str(found)) else ""


def answer_error(attempt: Attempt, answer: Answer) -> ToolError:
    """The error that an answer stands for."""
    code = error_code(answer)
    return ToolError(attempt.operation, attempt.target, code, _answer_hint(attempt, answer, code), status=answer.status)


def _answer_hint(attempt: Attempt, answer: Answer, code: str) -> str:
    if not answer.header("x-amz-request-id"):
        return "This answer is not from a Ceph Object Gateway. Check the endpoint, and what proxy stands before it."
    if code == "RequestTimeTooSkewed":
        return f"{_clock_difference(answer)} Let both hosts keep time (chrony, ntpd)."
    key = f"access key '{attempt.access_key}'"
    hints = {
        "InvalidAccessKeyId": f"The gateway knows no {key}. Check access_key, and that its user exists there.",
        "SignatureDoesNotMatch": f"The secret key does not belong to {key}. Check it. If it is right, look for a proxy "
        "that changes the Host header.",
        "UserSuspended": f"The user of {key} is suspended. Enable it: radosgw-admin user enable --uid=...",
        "AccessDenied": f"The user of {key} needs the admin caps '{attempt.caps}'. Give them: "
        f"radosgw-admin caps add --uid=... --caps='{attempt.caps}'",
        "EmailExists": "Another user has this e-mail address. Give this user another one, or none.",
        "BucketAlreadyExists": "One of its access keys or swift keys belongs to another user (RGW has no better code "
        "for it). Choose another access key.",
    }
    if code in hints:
        return hints[code]
    if answer.status in (404, 405):
        return "The admin API does not seem to be served here: rgw_enable_apis of the gateway must contain 'admin'."
    if (answer.status or 0) >= 500 or code == "ConcurrentModification":
        return "The gateway kept answering so. Look at its log and at the health of the cluster, then run this again."
    return (
        "The gateway did not take the request. Its log, at debug_rgw=20, says why. At that level RGW logs "
        "the swift keys of clients, too: turn it down again, and remove that log."
    )


def _clock_difference(answer: Answer) -> str:
    try:
        theirs = email.utils.parsedate_to_datetime(answer.header("date") or "")
        ours = datetime.datetime.now(datetime.timezone.utc)
        seconds = round((ours - theirs).total_seconds())
    except (TypeError, ValueError):
        return "The clocks of this host and of the gateway differ by more than the 15 minutes allowed."
    side = "ahead of" if seconds > 0 else "behind"
    return f"The clock of this host is {abs(seconds)} s {side} the gateway's."


def transport_error(attempt: Attempt, answer: Answer, seconds: float) -> ToolError:
    """The error for a request that got no whole answer within the given time."""
    tried = f" (tried for {seconds:.0f} s)" if seconds >= 1 else ""
    hint = _TRANSPORT_HINTS.get(answer.fault or "", "Something else than a gateway listens at this port.")
    return ToolError(attempt.operation, attempt.target, f"{answer.fault}: {answer.detail}{tried}", hint)
