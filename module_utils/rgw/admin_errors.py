# SPDX-License-Identifier: Apache-2.0
"""What RGW's error answers mean, and what to do about them.

Codes as answered by Ceph 14.2.21, 16.2.15, 18.2.7 and 20.2.4. Of an answer's body only the error code is ever shown:
bodies of this API can hold secrets.
"""

from __future__ import annotations

import datetime
import email.utils
import re
import socket
import ssl
from typing import NamedTuple

from ..base.errors import ToolError
from ..base.remote_json import loads
from ..http.admin import Answer


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
    if "x-amz-request-id" not in answer.headers:
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
    if answer.status >= 500 or code == "ConcurrentModification":
        return "The gateway kept answering so. Look at its log and at the health of the cluster, then run this again."
    return (
        "The gateway did not take the request. Its log, at debug_rgw=20, says why. At that level RGW logs "
        "the swift keys of clients, too: turn it down again, and remove that log."
    )


def _clock_difference(answer: Answer) -> str:
    try:
        theirs = email.utils.parsedate_to_datetime(answer.headers["date"])
        ours = datetime.datetime.now(datetime.timezone.utc)
        seconds = round((ours - theirs).total_seconds())
    except (KeyError, TypeError, ValueError):
        return "The clocks of this host and of the gateway differ by more than the 15 minutes allowed."
    side = "ahead of" if seconds > 0 else "behind"
    return f"The clock of this host is {abs(seconds)} s {side} the gateway's."


def transport_error(attempt: Attempt, error: Exception, seconds: float) -> ToolError:
    """The error for a request that got no answer within the given time."""
    word, hint = _transport_words(error)
    tried = f" (tried for {seconds:.0f} s)" if seconds >= 1 else ""
    return ToolError(attempt.operation, attempt.target, f"{word}{tried}", hint)


def _transport_words(error: Exception) -> tuple[str, str]:
    if isinstance(error, ConnectionRefusedError):
        return "connection refused", "Is the gateway running, and does its frontend listen at this address and port?"
    if isinstance(error, socket.timeout):
        return "no answer in time", "Is the gateway up and the cluster healthy? A firewall that drops also looks so."
    if isinstance(error, socket.gaierror):
        return "host name not known", "Check the host in the endpoint, and name resolution on the host this runs on."
    if isinstance(error, ssl.SSLCertVerificationError):
        return (
            f"certificate refused ({error.verify_message})",
            "Name the CA that signed it in ca_file, and use the host name in the certificate as the endpoint.",
        )
    if isinstance(error, ssl.SSLError):
        return f"TLS failed ({error.reason or 'closed'})", "Does this port speak TLS? If not, the endpoint is http://."
    if isinstance(error, OSError):
        word = error.strerror.lower() if error.strerror else "connection lost"
        return word, "Is the gateway running, is the address right, and does the port speak what the endpoint says?"
    return f"no HTTP answer ({error})", "Something else than a gateway listens at this port."
