# SPDX-License-Identifier: Apache-2.0
"""What a registry's error answers say, and what they mean for the one who runs it."""

from __future__ import annotations

import json
from typing import Any, Iterable

from ...base.remote_json import loads
from ...http.evidence import printable
from ...http.stream import Answer
from ...http.verdicts import CLOSED, REFUSED, TIMEOUT, TLS_ERROR, Advice

# Words for what only a registry can get wrong, besides those of http.verdicts.
UNAUTHORIZED = "unauthorized"
WRONG_REALM = "wrong-realm"
WRONG_LOCATION = "wrong-location"
DIGEST_MISMATCH = "digest-mismatch"

_MAX_SHOWN = 400

BROKEN: dict[str, Advice] = {
    REFUSED: Advice(
        "Nothing accepts connections at this address.",
        "Check that the registry runs, that host and port are right, and that no firewall is between.",
    ),
    TLS_ERROR: Advice(
        "The registry does not speak TLS here, or its certificate is not trusted.",
        "Check http against https in the URL, and name the authority's certificate in ca_file.",
    ),
    TIMEOUT: Advice(
        "The registry, or the storage behind it, is slower than the time that the step was given.",
        "Look at the registry's log and the gateway's latency, or allow more time.",
    ),
    CLOSED: Advice(
        "The registry, or a proxy before it, gave up the connection in the middle of the exchange.",
        "Look for a panic in the registry's log, and at the limits of the proxy for sizes and times.",
    ),
}

_HEAD_BUG = Advice(
    "The gateway answers the HEAD of an upload that has no segments yet without a status line: the HEAD bug of RGW up "
    "to 9.0.3 (docs/head-bug.md).",
    "Run the gateway verification (rgw_verify, probe head-empty-manifest); upgrade Ceph, or use the s3 driver.",
)
_LONG_NAMES = Advice(
    "The gateway refuses a request of the swift driver, most likely for the length of its segments' names.",
    "Run the gateway verification (rgw_verify, probe long-object-name); raise osd_max_object_name_len to 2048.",
)
_STORAGE = Advice(
    "The registry's storage failed.",
    "Read the registry's log, and run the gateway verification (rgw_verify, group registry).",
)
_UNHEALTHY = Advice(
    "The registry is not healthy, or a proxy does not reach it.",
    "Read the registry's log and its /debug/health, and the proxy's.",
)
_BY_STATUS: dict[int, Advice] = {
    401: Advice(
        "The registry refuses user or password, or wants them and was given none.",
        "Give username and password as the registry's htpasswd file or its token service knows them.",
    ),
    403: Advice("The user may not do this.", "Give a user who may push to, pull from and delete in any repository."),
    405: Advice(
        "The registry is read-only (storage.maintenance.readonly) or a pull-through cache (proxy).",
        "Verify it after the maintenance, or verify the registry that is pushed to.",
    ),
    413: Advice(
        "A proxy before the registry bounds the size of a request.", "Raise it: client_max_body_size in nginx."
    ),
    500: _STORAGE,
    502: _UNHEALTHY,
    503: _UNHEALTHY,
    504: _UNHEALTHY,
}
_BY_CODE: dict[str, Advice] = {
    "DIGEST_INVALID": Advice(
        "The registry read other bytes from its storage than it was sent.",
        "Run the gateway verification (rgw_verify, groups head and registry).",
    ),
    "BLOB_UPLOAD_INVALID": Advice(
        "The registry does not accept the state of the upload: its replicas have different values of http.secret, or "
        "the storage shows another size than was stored.",
        "Give all replicas the same http.secret, then run the gateway verification (rgw_verify, group registry).",
    ),
    "MANIFEST_BLOB_UNKNOWN": Advice(
        "The registry does not find a blob that it has just taken.",
        "Run the gateway verification (rgw_verify, group registry): a listing may lag behind.",
    ),
}


def first_error(answer: Answer) -> dict[str, Any]:
    """The first error of the document that the answer's body is, empty if it is none (OCI distribution, "Errors")."""
    try:
        error = loads(answer.body)["errors"][0]
        return error if isinstance(error, dict) else {}
    except (ValueError, TypeError, LookupError):
        return {}


def got(answer: Answer, secrets: Iterable[str]) -> str:
    """Status and error of an answer in one line, without any of `secrets`."""
    error = first_error(answer)
    said = " ".join(str(error[name]) for name in ("code", "message") if error.get(name))
    if error.get("detail"):
        said += f" {json.dumps(error['detail'])}"
    text = f"{answer.status} {answer.reason}" + (f": {said}" if said else "")
    return printable(text.encode("latin-1", "replace"), secrets).replace("\n", " ")[:_MAX_SHOWN]


def meaning(answer: Answer) -> Advice | None:
    """Why a registry answers so and what to do, where that can be told from the answer alone.

    The registry hides the errors of its storage behind 500. What `detail` then holds was seen on registry 2.8.2.
    """
    error = first_error(answer)
    if answer.status == 500 and _is_swift(error.get("detail")):
        enclosed = error["detail"].get("Enclosed")
        if isinstance(enclosed, dict):
            # Of a transport error that Go's HTTP client made up itself, the registry's JSON keeps an empty object.
            if enclosed.get("Op") == "Head" and enclosed.get("Err") == {}:
                return _HEAD_BUG
            if enclosed.get("StatusCode") == 400:
                return _LONG_NAMES
    return _BY_CODE.get(str(error.get("code"))) or _BY_STATUS.get(answer.status)


def _is_swift(detail: object) -> bool:
    return isinstance(detail, dict) and detail.get("DriverName") == "swift"
