# SPDX-License-Identifier: Apache-2.0
"""Requests that somebody without a key may send for a while: signed URLs, and forms that upload an object.

Source: Amazon S3 API Reference, "Authenticating Requests: Using Query Parameters (AWS Signature Version 4)" and
"Authenticating Requests in Browser-Based Uploads Using POST (AWS Signature Version 4)".
"""

from __future__ import annotations

import base64
import datetime
import hashlib
import hmac
import json
from collections.abc import Mapping, Sequence
from typing import Any

from ..base.login import Login
from .sigv4 import UNRESERVED, canonical_query, quoted, signing_key

_ALGORITHM = "AWS4-HMAC-SHA256"
# RGW takes any region, as sigv4 says.
_REGION = "us-east-1"


def presigned_target(
    method: str,
    path: str,
    query: Mapping[str, str],
    authority: str,
    login: Login,
    seconds: int,
    now: datetime.datetime,
) -> str:
    """The target (path and query) of a request that is good for so many seconds from now, which is in UTC.

    path: not encoded. query: further parameters, which are signed, too.
    """
    timestamp, scope = _moment(now)
    signed = {
        **query,
        "X-Amz-Algorithm": _ALGORITHM,
        "X-Amz-Credential": f"{login.user}/{scope}",
        "X-Amz-Date": timestamp,
        "X-Amz-Expires": str(seconds),
        "X-Amz-SignedHeaders": "host",
    }
    target, words = quoted(path, "/" + UNRESERVED), canonical_query(signed)
    request = "\n".join([method, target, words, f"host:{authority}\n", "host", "UNSIGNED-PAYLOAD"])
    digest = hashlib.sha256(request.encode()).hexdigest()
    text = "\n".join([_ALGORITHM, timestamp, scope, digest])
    return f"{target}?{words}&X-Amz-Signature={_signature(login, scope, text)}"


def upload_fields(
    bucket: str,
    conditions: Sequence[Any],
    fields: Mapping[str, str],
    login: Login,
    seconds: int,
    now: datetime.datetime,
) -> dict[str, str]:
    """The fields of a form that uploads an object into a bucket, good for so many seconds from now, which is in UTC.

    conditions: of the policy, besides those that the fields make. The field with the file comes last in a form.
    """
    timestamp, scope = _moment(now)
    ends = (now + datetime.timedelta(seconds=seconds)).strftime("%Y-%m-%dT%H:%M:%SZ")
    own = {
        **fields,
        "x-amz-algorithm": _ALGORITHM,
        "x-amz-credential": f"{login.user}/{scope}",
        "x-amz-date": timestamp,
    }
    exact = [{name: value} for name, value in own.items() if name != "key"]
    document = {"expiration": ends, "conditions": [{"bucket": bucket}, *exact, *conditions]}
    policy = base64.b64encode(json.dumps(document).encode()).decode()
    return {**own, "policy": policy, "x-amz-signature": _signature(login, scope, policy)}


def _moment(now: datetime.datetime) -> tuple[str, str]:
    timestamp = now.strftime("%Y%m%dT%H%M%SZ")
    return timestamp, f"{timestamp[:8]}/{_REGION}/s3/aws4_request"


def _signature(login: Login, scope: str, text: str) -> str:
    return hmac.digest(signing_key(login.secret, scope), text.encode(), "sha256").hex()
