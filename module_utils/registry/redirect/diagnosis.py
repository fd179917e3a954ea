# SPDX-License-Identifier: Apache-2.0
"""Why a client does not get a blob from where a registry's redirect leads.

Temporary URLs sign method, time and path; presigned URLs of S3 the host name, too. Who has the key can sign the same
request for other paths and host names: the one that the gateway takes says what the gateway sees.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import datetime, timezone
from typing import Iterator
from urllib.parse import quote, urlsplit

from ...base.login import Login
from ...base.secret import Secret
from ...http.endpoint import Broken
from ...http.outcomes import WrongAnswer
from ...http.presigned import presigned_target
from ...http.stream import Answer
from ...http.temp_url import EXPIRES, SIGNATURE, temp_url_query, temp_url_signature
from ...http.verdicts import REFUSED, TIMEOUT, WRONG_STATUS
from .signed_url import SignedUrl
from .visitor import Visitor
from .ways import ADDRESS, HOST, KEY, PATH, PLAIN_HTTP, REFUSED_SIGNATURE, Way

_ERROR_CODE = re.compile(rb"<Code>([A-Za-z]+)</Code>")
_BUCKET = re.compile(rb"<BucketName>([^<]+)</BucketName>")
# Where RGW has swift, unless rgw_swift_url_prefix says otherwise.
_SWIFT_PREFIX = "/swift"
_SECONDS = 60


@dataclass(frozen=True)
class SigningKeys:
    """What the registry signs by, as far as it is known. gateway: the gateway's URL, as this host reaches it."""

    temp_url: Secret | None = field(default=None, repr=False)
    s3: Login | None = field(default=None, repr=False)
    gateway: str = ""


class Diagnosis:
    """Says which way it is. visitor: the client, with time left."""

    def __init__(self, visitor: Visitor, keys: SigningKeys) -> None:
        self._visitor, self._keys = visitor, keys

    def of_silence(self, url: SignedUrl, broken: Broken) -> WrongAnswer:
        """What it means that no whole answer came."""
        word, what = broken.args
        expected = f"an answer from {url.origin}"
        if self._needs_tls(url):
            return PLAIN_HTTP.found(expected, f"{what}; a server with TLS is there")
        if word in (REFUSED, TIMEOUT):
            return ADDRESS.found(expected, what)
        return WrongAnswer(word, expected, what)

    def of_refusal(self, url: SignedUrl, answer: Answer) -> WrongAnswer:
        """What it means that the answer to GET is not the blob."""
        expected = f"GET {url.shown} answered with 200"
        code = _first(_ERROR_CODE, answer) or answer.body[:40].decode("latin-1").strip()
        got = f"{answer.status} {answer.reason}" + (f": {code}" if code else "")
        way = self._way(url, answer, code)
        return way.found(expected, got) if way else WrongAnswer(WRONG_STATUS, expected, got)

    def _way(self, url: SignedUrl, answer: Answer, code: str) -> Way | None:
        if answer.status == 400 and self._needs_tls(url):
            return PLAIN_HTTP
        if code == "NoSuchBucket":
            # The gateway names what it took for the bucket: the first part of the path, unless that was changed.
            seen = _first(_BUCKET, answer)
            return HOST if url.is_presigned and seen == url.path.split("/")[1] else PATH
        if code == "InvalidAccessKeyId":
            return KEY
        if answer.status not in (401, 403):
            return None
        if url.is_temp_url and self._keys.temp_url:
            return self._temp_url(url, self._keys.temp_url.value)
        if url.is_presigned and self._keys.s3:
            return self._presigned(url, self._keys.s3)
        return REFUSED_SIGNATURE

    def _needs_tls(self, url: SignedUrl) -> bool:
        """Whether the server of a URL with http speaks TLS, on that port or, without a port, on the one of https."""
        if url.scheme != "http":
            return False
        ports = (url.port, 443) if url.port == 80 else (url.port,)
        return any(self._visitor.meets_tls(url.host, port) for port in ports)

    def _temp_url(self, url: SignedUrl, key: str) -> Way:
        expires = url.query[EXPIRES]
        made = (temp_url_signature(method, url.path, expires, key) for method in ("GET", "HEAD"))
        if url.query[SIGNATURE] not in made:
            return KEY
        others = (path for path in _other_paths(url.path) if path != url.path)
        for path in others:
            query = temp_url_query("GET", path, int(expires), key)
            if self._takes(url.origin, f"{quote(url.path)}?{query}"):
                return PATH
        return KEY

    def _presigned(self, url: SignedUrl, login: Login) -> Way:
        if self._takes(url.origin, _presigned(url.path, url.authority, login)):
            return HOST
        if any(self._takes(url.origin, _moved(url, path, login)) for path in _other_paths(url.path)):
            return PATH
        for authority in self._other_hosts(url):
            if self._takes(url.origin, _presigned(url.path, authority, login)):
                return HOST
        if not self._keys.gateway:
            return REFUSED_SIGNATURE
        # A key that the gateway takes from its own clients is known there; then what is left is the host name.
        authority = urlsplit(self._keys.gateway).netloc
        return HOST if self._takes(self._keys.gateway, _presigned(url.path, authority, login)) else KEY

    def _other_hosts(self, url: SignedUrl) -> Iterator[str]:
        """What a gateway may see in place of the authority in the URL."""
        yield url.host
        if self._keys.gateway:
            parts = urlsplit(self._keys.gateway)
            yield from (parts.netloc, parts.hostname or "")

    def _takes(self, origin: str, target: str) -> bool:
        """Whether the gateway gives the blob for this target. A range keeps the answer small."""
        try:
            return self._visitor.ask(origin, "GET", target, [("Range", "bytes=0-0")]).status in (200, 206)
        except Broken:
            return False


def _other_paths(path: str) -> Iterator[str]:
    """Paths that a proxy can make of this one: without its first parts, or with swift's place before."""
    parts = path.split("/")[1:]
    for index in range(1, len(parts) - 1):
        yield "/" + "/".join(parts[index:])
        yield f"{_SWIFT_PREFIX}/" + "/".join(parts[index:])
    yield _SWIFT_PREFIX + path


def _presigned(path: str, authority: str, login: Login) -> str:
    return presigned_target("GET", path, {}, authority, login, _SECONDS, datetime.now(timezone.utc))


def _moved(url: SignedUrl, signed: str, login: Login) -> str:
    """The target with the path of the URL, signed for another path."""
    return f"{quote(url.path)}?{_presigned(signed, url.authority, login).partition('?')[2]}"


def _first(pattern: re.Pattern[bytes], answer: Answer) -> str:
    match = pattern.search(answer.body)
    return match[1].decode("latin-1") if match else ""
