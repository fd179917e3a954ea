# SPDX-License-Identifier: Apache-2.0
"""An S3 user's requests, path style and signed with version 4, and a bucket of its own.

The bucket carries the run's mark in an object, since RGW 14 takes no tags on buckets.
"""

from __future__ import annotations

import re
import time
from datetime import datetime, timezone
from typing import Mapping, Protocol, Sequence

from ..base.login import Login
from ..http.deadline import Deadline
from ..http.messages import Answer, Request
from ..http.outcomes import WrongAnswer
from ..http.presigned import presigned_target
from ..http.sigv4 import signed_request
from ..http.verdicts import WRONG_STATUS
from .checks import expect_status
from .container import PREFIX, RETRY_SECONDS, is_over

MARK = "rgwkit-lease"
SUFFIX = "-s3"
PRESIGNED_SECONDS = 60

_BUCKET = re.compile(rb"<Bucket><Name>([^<]+)</Name>")
_KEY = re.compile(rb"<Key>([^<]+)</Key>")
_UPLOAD = re.compile(rb"<Key>([^<]+)</Key>\s*<UploadId>([^<]+)</UploadId>")


class Run(Protocol):
    """What an S3 session needs of the session whose connection it uses."""

    container: str

    def exchange(self, request: Request) -> Answer:
        """One request and its answer."""

    def mark(self) -> str:
        """The run's lease."""


class S3Session:
    """`bucket` is the session's own; `ask` names another one only to remove what was left."""

    def __init__(self, authority: str, login: Login, run: Run) -> None:
        self.bucket = run.container + SUFFIX
        self._authority = authority
        self._login = login
        self._run = run
        self._asked = False
        self._made = False

    def ask(
        self,
        method: str,
        key: str = "",
        query: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
        body: bytes | None = None,
        bucket: str | None = None,
    ) -> Answer:
        """One request for an object of the bucket, or without `key` for the bucket itself."""
        bucket = self.bucket if bucket is None else bucket
        path = "/" + "/".join(part for part in (bucket, key) if part)
        target, fields = signed_request(
            method, path, query or {}, headers or {}, body or b"", self._authority, self._login
        )
        return self._run.exchange(Request(method, target, fields, body))

    def ask_presigned(self, method: str, key: str, headers: Sequence[tuple[str, str]] = ()) -> Answer:
        """One request for an object of the bucket by a presigned URL, without a login of its own."""
        now = datetime.now(timezone.utc)
        path = f"/{self.bucket}/{key}"
        target = presigned_target(method, path, {}, self._authority, self._login, PRESIGNED_SECONDS, now)
        return self._run.exchange(Request(method, target, headers))

    def make_bucket(self) -> None:
        """PUT the session's own bucket with its mark, unless it has been made. Raises WrongAnswer."""
        if self._made:
            return
        if not self._asked:
            found = self.ask("HEAD")
            if found.status == 200:
                raise WrongAnswer(WRONG_STATUS, f"no bucket {self.bucket} yet", "one that this run did not make")
            expect_status(found, 404)
        self._asked = True  # Noted first: an interrupted PUT can still make the bucket.
        expect_status(self.ask("PUT", body=b""), 200)
        expect_status(self.ask("PUT", MARK, body=self._run.mark().encode()), 200)
        self._made = True

    def remove_bucket(self, deadline: Deadline) -> bool:
        """Remove the session's own bucket and all in it; False when it is still there at the deadline."""
        while self._asked and deadline.left():
            self._asked = not self._empty_and_delete(self.bucket)
            if self._asked:
                time.sleep(RETRY_SECONDS)
        self._made = self._asked
        return not self._asked

    def remove_leftovers(self, now: float, deadline: Deadline) -> list[str]:
        """Remove buckets of killed runs; the names of those removed. `now`: gateway's time in seconds since 1970."""
        removed = []
        for name in _texts(_BUCKET, self.ask("GET", bucket="")):
            if name.startswith(PREFIX) and name.endswith(SUFFIX) and deadline.left():
                mark = self.ask("GET", MARK, bucket=name)
                over = mark.status == 200 and is_over(mark.body.decode("latin-1"), now)
                if over and self._empty_and_delete(name):
                    removed.append(name)
        return removed

    def _empty_and_delete(self, bucket: str) -> bool:
        """One round: abort the uploads, delete the objects, the mark last, and the bucket. False when it is there."""
        for key, upload in _UPLOAD.findall(self.ask("GET", query={"uploads": ""}, bucket=bucket).body):
            self.ask("DELETE", key.decode(), {"uploadId": upload.decode()}, bucket=bucket)
        keys = _texts(_KEY, self.ask("GET", bucket=bucket))
        for key in sorted(keys, key=lambda key: key == MARK):
            self.ask("DELETE", key, bucket=bucket)
        return self.ask("DELETE", bucket=bucket).status in (204, 404)


def _texts(pattern: re.Pattern[bytes], answer: Answer) -> list[str]:
    return [text.decode("utf-8", "replace") for text in pattern.findall(answer.body)] if answer.status == 200 else []
