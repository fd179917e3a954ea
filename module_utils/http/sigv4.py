# SPDX-License-Identifier: Apache-2.0
"""AWS Signature Version 4 in the Authorization header, payload signed.

Source: Amazon S3 API Reference, "Signature Calculations for the Authorization Header: Transferring Payload in a Single
Chunk (AWS Signature Version 4)".
"""

from __future__ import annotations

import datetime
import functools
import hashlib
import hmac
from collections.abc import Mapping
from urllib.parse import quote

from ..base.login import Login
from ..base.text import to_bytes

UNRESERVED = "-_.~"


def canonical_query(query: Mapping[str, str]) -> str:
    """Encode a query string as the signature wants it: RFC 3986 encoding, sorted by name."""
    pairs = ((quoted(name), quoted(value)) for name, value in query.items())
    return "&".join(f"{name}={value}" for name, value in sorted(pairs))


# A request's words stand in its signature and in its target, and many requests differ in one word.
@functools.lru_cache(maxsize=64)
def quoted(text: str, safe: str = UNRESERVED) -> str:
    """Encode a text as the signature wants it (RFC 3986), UTF-8 first."""
    return quote(to_bytes(text), safe=safe)


def signed_headers(
    method: str,
    path: str,
    query: Mapping[str, str],
    headers: Mapping[str, str],
    body: bytes,
    access_key: str,
    secret_key: str,
    now: datetime.datetime,
    region: str = "us-east-1",
    service: str = "s3",
) -> dict[str, str]:
    """Return the headers plus those that authenticate the request.

    headers must hold "host"; all of them are signed. now is in UTC. RGW takes any region (seen on 14.2, 16.2, 18.2 and
    20.2), so the default needs no setting. service: "s3", or "sns" for topics.
    """
    timestamp = now.strftime("%Y%m%dT%H%M%SZ")
    scope = f"{timestamp[:8]}/{region}/{service}/aws4_request"
    payload_hash = hashlib.sha256(body).hexdigest()
    signed = {name.lower(): value.strip() for name, value in headers.items()}
    signed.update({"x-amz-content-sha256": payload_hash, "x-amz-date": timestamp})
    names = sorted(signed)
    listed = ";".join(names)
    canonical_request = "\n".join(
        [
            method,
            quoted(path, "/" + UNRESERVED),
            canonical_query(query),
            "".join([f"{name}:{signed[name]}\n" for name in names]),
            listed,
            payload_hash,
        ]
    )
    string_to_sign = "\n".join(
        ["AWS4-HMAC-SHA256", timestamp, scope, hashlib.sha256(canonical_request.encode()).hexdigest()]
    )
    signature = hmac.digest(signing_key(secret_key, scope), string_to_sign.encode(), "sha256").hex()
    authorization = f"AWS4-HMAC-SHA256 Credential={access_key}/{scope}, SignedHeaders={listed}, Signature={signature}"
    return {**signed, "authorization": authorization}


def signed_request(
    method: str,
    path: str,
    query: Mapping[str, str],
    headers: Mapping[str, str],
    body: bytes,
    authority: str,
    login: Login,
    service: str = "s3",
) -> tuple[str, list[tuple[str, str]]]:
    """The target of a request, and the header fields that authenticate it beside Host, which is `authority`."""
    now = datetime.datetime.now(datetime.timezone.utc)
    every = {"host": authority, **headers}
    signed = signed_headers(method, path, query, every, body, login.user, login.secret, now, service=service)
    fields = [(name, value) for name, value in signed.items() if name != "host"]
    return quoted(path, "/") + (f"?{canonical_query(query)}" if query else ""), fields


# One for each of the users in whose names a run asks.
@functools.lru_cache(maxsize=64)
def signing_key(secret_key: str, scope: str) -> bytes:
    """The key for all requests of a day."""
    key = f"AWS4{secret_key}".encode()
    for part in scope.split("/"):
        key = hmac.digest(key, part.encode(), "sha256")
    return key
