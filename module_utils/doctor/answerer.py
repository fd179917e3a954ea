# SPDX-License-Identifier: Apache-2.0
"""Who has answered, by what only RGW writes into its answers, and what that says about the cause of a wrong one.

Sources: rgw_rest.cc (every answer of RGW's own has a transaction id, `tx` and hexadecimal digits: X-Trans-Id for swift,
x-amz-request-id for S3), HAProxy's built-in error pages, nginx's http_special_response.c.
"""

from __future__ import annotations

import re

from ..http.evidence import printable, without_login
from ..http.messages import Answer
from ..http.verdicts import Advice

REDIRECTS = (301, 302, 303, 307, 308)

_TRANSACTION = re.compile(r"tx[0-9a-f]{8,}", re.ASCII)
_S3_ERROR = re.compile(rb"\s*(<\?xml[^>]*>\s*)?<Error[ >]")
_MOST = 300


def is_from_gateway(answer: Answer) -> bool:
    """Whether RGW itself has answered, and not somebody before or instead of it."""
    return any(_TRANSACTION.match(answer.header(name) or "") for name in ("X-Trans-Id", "x-amz-request-id"))


def location_of(answer: Answer) -> str:
    """Where a redirect leads, fit to be shown; empty for any other answer."""
    where = answer.header("Location") if answer.status in REDIRECTS else None
    return without_login(printable((where or "").encode("latin-1", "replace")))[:_MOST]


def first_line_of(answer: Answer) -> str:
    """The answer's first line, and where it leads."""
    where = location_of(answer)
    return f"{answer.first_line}, Location: {where}" if where else answer.first_line


def advice_of(answer: Answer) -> Advice | None:
    """What a wrong status says whichever probe meets it; None where only the probe knows."""
    if answer.status in REDIRECTS:
        return _redirected(answer)
    if answer.status in (502, 503, 504) and not is_from_gateway(answer):
        return _no_backend(answer)
    if (answer.status or 0) >= 400 and _S3_ERROR.match(answer.body):
        return _s3_only(answer)
    return None


def _redirected(answer: Answer) -> Advice:
    where = location_of(answer)
    if not where:
        return Advice(
            f"The endpoint answers {answer.status}, a redirect that does not say where to.",
            "Check the endpoint and the configuration of what listens there.",
        )
    return Advice(
        f"The endpoint redirects to {where}, where swift clients do not follow with a PUT.",
        "Give the address that it leads to as the endpoint, here and to the registry.",
    )


def _no_backend(answer: Answer) -> Advice:
    who = _name_of(answer)
    if answer.status == 503 and b"No server is available" in answer.body:
        who = who or "HAProxy"
    if answer.status == 504:
        return Advice(
            f"The proxy before the gateway{_called(who)} waited in vain for an answer of the gateway.",
            "Look at the health of the gateways behind the proxy, at their logs, and at the proxy's timeouts.",
        )
    return Advice(
        f"The proxy before the gateway{_called(who)} answers in its place: it has no healthy backend, or does not "
        "reach it.",
        "Start the gateways behind the proxy, and look at the proxy's own view of them and at its health check.",
    )


def _s3_only(answer: Answer) -> Advice:
    if is_from_gateway(answer):
        return Advice(
            "The gateway took the request for one of S3: its swift API is off, or has another prefix.",
            "Let rgw_enable_apis of the gateway hold swift and swift_auth, and check rgw_swift_auth_entry and "
            "rgw_swift_url_prefix.",
        )
    who = _name_of(answer)
    return Advice(
        f"An object store{_called(who)} that speaks S3 and no swift answers here, and it is no Ceph Object Gateway.",
        "Give the endpoint of a Ceph Object Gateway, or use the registry's s3 driver with this store.",
    )


def _name_of(answer: Answer) -> str:
    return printable((answer.header("Server") or "").encode("latin-1", "replace"))[:60]


def _called(name: str) -> str:
    return f" ({name})" if name else ""
