# SPDX-License-Identifier: Apache-2.0
"""A URL that a registry has signed for one of its clients, in parts. Its query is a secret until it expires."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Mapping
from urllib.parse import parse_qsl, unquote, urlsplit

from ...http.outcomes import WrongAnswer
from ...http.temp_url import EXPIRES, SIGNATURE
from ...http.verdicts import BAD_HEADER


@dataclass(frozen=True)
class SignedUrl:
    """`target` is path and query as they are sent, `path` the path unquoted."""

    scheme: str
    authority: str
    host: str
    port: int
    path: str
    target: str = field(repr=False)
    query: Mapping[str, str] = field(repr=False)

    @classmethod
    def parse(cls, location: str) -> SignedUrl:
        """Read a Location. Raises WrongAnswer for what is no URL of HTTP."""
        try:
            parts = urlsplit(location)
            port = parts.port or (443 if parts.scheme == "https" else 80)
        except ValueError:
            parts, port = urlsplit(""), 0
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise WrongAnswer(BAD_HEADER, "a redirect to a URL with http or https", "another Location")
        path = parts.path or "/"
        target = path + (f"?{parts.query}" if parts.query else "")
        query = dict(parse_qsl(parts.query, keep_blank_values=True))
        return cls(parts.scheme, parts.netloc, parts.hostname, port, unquote(path), target, query)

    @property
    def origin(self) -> str:
        """Scheme and authority."""
        return f"{self.scheme}://{self.authority}"

    @property
    def shown(self) -> str:
        """The URL without its query, for messages."""
        return f"{self.origin}{self.path}"

    @property
    def is_temp_url(self) -> bool:
        """Whether it is a temporary URL of swift."""
        return SIGNATURE in self.query and EXPIRES in self.query

    @property
    def is_presigned(self) -> bool:
        """Whether it is a URL of S3, presigned with version 4."""
        return "X-Amz-Signature" in self.query
