# SPDX-License-Identifier: Apache-2.0
"""A bucket by the name of a virtual host, BUCKET.ENDPOINT: the proof that DNS, certificate and gateway agree on it."""

from __future__ import annotations

import re
import secrets
import time
from dataclasses import replace

from ..base.errors import ToolError
from ..base.login import Login
from ..http.deadline import Deadline
from ..http.endpoint import Endpoint
from ..http.messages import Answer, Request
from ..http.outcomes import WrongAnswer
from ..http.prober import Connection
from ..http.sigv4 import signed_request
from .container import PREFIX, lease
from .s3_session import S3Session

_LEASE_SECONDS = 600
_NAME = re.compile(rb"<(?:Bucket)?Name>([^<]+)</(?:Bucket)?Name>")
_OWN_NAME = (
    "Let rgw_gateway_options have rgw_dns_name: {0}, or add {0} to the hostnames of the zonegroup, and commit the "
    "period; then restart the gateways."
)


class VirtualHost:
    """endpoint: the name without a bucket, and where to connect. seconds: for each request."""

    def __init__(self, endpoint: Endpoint, login: Login, seconds: float) -> None:
        self._endpoint, self._login, self._seconds = endpoint, login, seconds
        self._run = secrets.token_hex(8)
        self.container = PREFIX + self._run
        self._connection = Connection(endpoint)

    def prove(self) -> str:
        """Make a bucket by its path, list it by its name, and remove it; the name. Raises ToolError."""
        s3 = S3Session(self._endpoint.authority, self._login, self)
        place = replace(self._endpoint, host=f"{s3.bucket}.{self._endpoint.host}")
        try:
            s3.remove_leftovers(time.time(), Deadline(self._seconds))
            s3.make_bucket()
            self._expect_listing(self._ask(place), s3.bucket, place)
        except WrongAnswer as wrong:
            hint = f"Check the access key. If the gateways know any name: {_OWN_NAME.format(self._endpoint.host)}"
            target = f"a bucket at {self._endpoint}"
            raise ToolError("make", target, f"{wrong.word}: {wrong.got}", hint) from wrong
        finally:
            is_gone = s3.remove_bucket(Deadline(self._seconds))
            self._connection.close()
        if not is_gone:
            hint = "Remove the bucket with the keys of this user."
            raise ToolError("remove", f"the bucket {s3.bucket} at {self._endpoint}", "it is still there", hint)
        return place.host

    def exchange(self, request: Request) -> Answer:
        """One request at the endpoint without a bucket."""
        return self._connection.exchange(request, self._seconds)

    def mark(self) -> str:
        """The lease of this run."""
        return lease(self._run, time.time() + _LEASE_SECONDS)

    def _ask(self, place: Endpoint) -> Answer:
        target, fields = signed_request("GET", "/", {}, {}, b"", place.authority, self._login)
        connection = Connection(place)
        try:
            return connection.exchange(Request("GET", target, fields), self._seconds)
        finally:
            connection.close()

    def _expect_listing(self, answer: Answer, bucket: str, place: Endpoint) -> None:
        """The listing of the bucket, and not of what the gateway took the name for."""
        target = f"the bucket {bucket} by the name {place}"
        if answer.fault:
            hint = "Check that the name resolves, that the certificate is for it, and that a gateway listens there."
            raise ToolError("read", target, f"{answer.fault}: {answer.detail}", hint)
        found = _NAME.search(answer.body)
        named = found[1].decode("utf-8", "replace") if found else ""
        own_name = _OWN_NAME.format(self._endpoint.host)
        if b"<ListAllMyBucketsResult" in answer.body:
            said = "the gateway ignores the name, and answers with the list of all buckets"
            raise ToolError("read", target, said, own_name, answer.status)
        if answer.status == 404 and named == place.host:
            said = "the gateway takes the whole name for that of a bucket"
            raise ToolError("read", target, said, own_name, answer.status)
        if answer.status != 200 or named != bucket:
            said = f"{answer.first_line}: {answer.body[:300].decode('utf-8', 'replace')}"
            raise ToolError("read", target, said, "Look at the gateway's log.", answer.status)
