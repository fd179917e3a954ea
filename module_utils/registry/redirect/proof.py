# SPDX-License-Identifier: Apache-2.0
"""The proof that clients get blobs from where a registry redirects them: GET, HEAD and a range, each with its redirect.

Docker asks HEAD first; who resumes a download, or reads layers in parts, asks for a range.
"""

from __future__ import annotations

import hashlib
from urllib.parse import urljoin, urlsplit

from ...http.endpoint import Broken
from ...http.outcomes import Skip, WrongAnswer
from ...http.stream import Answer, Sink
from ...http.verdicts import BODY_MISMATCH, LENGTH_MISMATCH, WRONG_STATUS, Advice
from ..api.client import OciRegistry
from ..api.content import Blob
from ..reach import is_below, is_loopback
from .diagnosis import Diagnosis, SigningKeys
from .signed_url import SignedUrl
from .visitor import Visitor
from .ways import ADDRESS, AUTHORIZATION, INFO, PLAIN_HTTP

_FIRST, _LAST = 10, 99
# A login that nobody has: the gateway gets to see it.
_SOME_LOGIN = "Basic cmd3a2l0Og=="
_OTHER = Advice(
    "The gateway answers a request that the registry has redirected in another way than the registry would.",
    "Run the gateway verification (rgw_verify, probes temp-url and s3-presigned), and look for a proxy that caches.",
)


class RedirectProof:
    """required: whether a registry that sends blobs itself has failed. keys: what tells why a signature is refused."""

    def __init__(
        self,
        required: bool = False,
        keys: SigningKeys | None = None,
        ca_file: str | None = None,
        validate_certs: bool = True,
    ) -> None:
        self._required = required
        self._visitor = Visitor(ca_file, validate_certs)
        self._diagnosis = Diagnosis(self._visitor, keys or SigningKeys())

    def begin(self, seconds: float) -> None:
        """Give what follows `seconds` in all."""
        self._visitor.begin(seconds)

    def check(self, registry: OciRegistry, repository: str, blob: Blob) -> None:
        """Fetch the blob as clients do. Raises WrongAnswer, and Skip for a registry that need not redirect."""
        url = self._expected(registry, repository, blob)
        _expect_fit_for(registry.origin, url)
        self._get(url, blob)
        if registry.authorization(repository) and is_below(url.host, urlsplit(registry.origin).hostname or ""):
            self._get_with_a_login(url)
        again = _redirect(registry, "HEAD", repository, blob)
        # A registry may answer HEAD itself.
        if again:
            head = self._ask(again, "HEAD")
            _expect(head, 200)
            if head.header("Content-Length") != str(blob.size):
                got = f"Content-Length: {head.header('Content-Length')}"
                raise WrongAnswer(LENGTH_MISMATCH, f"{head.call} answered with {blob.size} bytes", got, _OTHER)
        if blob.size > _LAST:
            self._get_range(url, blob)

    def _expected(self, registry: OciRegistry, repository: str, blob: Blob) -> SignedUrl:
        url = _redirect(registry, "GET", repository, blob)
        if url:
            return url
        if not self._required:
            raise Skip("the registry sends blobs itself")
        raise INFO.found("a redirect to the gateway", f"200 with the blob, from {registry.origin}")

    def _get(self, url: SignedUrl, blob: Blob) -> None:
        digest, received = hashlib.sha256(), 0

        def sink(block: bytes) -> None:
            nonlocal received
            digest.update(block)
            received += len(block)

        answer = self._ask(url, "GET", sink=sink)
        if answer.status != 200:
            raise self._diagnosis.of_refusal(url, answer)
        if f"sha256:{digest.hexdigest()}" != blob.digest:
            expected = f"GET {url.shown} answered with the {blob.size} bytes of {blob.digest}"
            raise WrongAnswer(BODY_MISMATCH, expected, f"other {received} bytes", _OTHER)

    def _get_with_a_login(self, url: SignedUrl) -> None:
        """Go's clients send Authorization along to the same host, newer ones on other ports, too (golang/go#35104)."""
        answer = self._ask(url, "GET", ("Range", "bytes=0-0"), ("Authorization", _SOME_LOGIN))
        if answer.status not in (200, 206):
            expected = f"GET {url.shown} with Authorization answered with 200"
            raise AUTHORIZATION.found(expected, f"{answer.status} {answer.reason}")

    def _get_range(self, url: SignedUrl, blob: Blob) -> None:
        answer = self._ask(url, "GET", ("Range", f"bytes={_FIRST}-{_LAST}"))
        _expect(answer, 206)
        if answer.body != b"".join(blob.blocks(0, _LAST + 1))[_FIRST:]:
            expected = f"{answer.call} answered with bytes {_FIRST} to {_LAST}"
            raise WrongAnswer(BODY_MISMATCH, expected, f"other {len(answer.body)} bytes", _OTHER)

    def _ask(self, url: SignedUrl, method: str, *headers: tuple[str, str], sink: Sink | None = None) -> Answer:
        try:
            return self._visitor.ask(url.origin, method, url.target, headers, sink)
        except Broken as broken:
            raise self._diagnosis.of_silence(url, broken) from None


def _redirect(registry: OciRegistry, method: str, repository: str, blob: Blob) -> SignedUrl | None:
    location = registry.redirect(method, repository, blob)
    if location is None:
        return None
    return SignedUrl.parse(urljoin(registry.origin, location) if location else "")


def _expect_fit_for(origin: str, url: SignedUrl) -> None:
    """What is wrong for other clients, even if this one gets the blob."""
    registry = urlsplit(origin)
    if registry.scheme == "https" and url.scheme == "http":
        raise PLAIN_HTTP.found("a redirect to a URL with https, as the registry's own", f"a redirect to {url.origin}")
    if is_loopback(url.host) and not is_loopback(registry.hostname or ""):
        raise ADDRESS.found("a redirect to an address that clients reach", f"a redirect to {url.origin}")


def _expect(answer: Answer, status: int) -> None:
    if answer.status != status:
        got = f"{answer.status} {answer.reason}"
        raise WrongAnswer(WRONG_STATUS, f"{answer.call} answered with {status}", got, _OTHER)
