# SPDX-License-Identifier: Apache-2.0
"""A bucket's listing goes by what the gateway says, not by how full a page is; a fault that passes is waited out."""

from __future__ import annotations

from email.message import Message
from urllib.parse import parse_qs, urlsplit

import pytest
from ansible_collections.rgwkit.ceph.plugins.module_utils.base.errors import ToolError
from ansible_collections.rgwkit.ceph.plugins.module_utils.base.login import Login
from ansible_collections.rgwkit.ceph.plugins.module_utils.http.endpoint import Broken, Endpoint
from ansible_collections.rgwkit.ceph.plugins.module_utils.http.stream import Answer
from ansible_collections.rgwkit.ceph.plugins.module_utils.s3 import bucket as s3_bucket
from ansible_collections.rgwkit.ceph.plugins.module_utils.s3.bucket import S3Bucket

SECRET = "secret-of-the-user"


@pytest.fixture
def bucket(monkeypatch):
    """A bucket, and a list of what its gateway answers next, or does instead."""
    answers, asked = [], []

    def exchange(self, call, deadline, sink=None):
        asked.append(call)
        answer = answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        if sink and answer.status == 200:
            sink(answer.body)
        return answer

    monkeypatch.setattr(s3_bucket.Wire, "exchange", exchange)
    monkeypatch.setattr(s3_bucket, "PAUSES_SECONDS", (0.0, 0.0))
    found = S3Bucket(Endpoint.parse("http://gateway.example"), Login("KEY", SECRET), "bucket", 5)
    found.answers, found.asked = answers, asked
    return found


def answer(status=200, body=b"", reason="OK"):
    return Answer("GET /bucket", status, reason, Message(), body)


def page(*keys, more=False):
    entries = "".join(f"<Contents><Key>{key}</Key><ETag>x</ETag><Size>7</Size></Contents>" for key in keys)
    return answer(
        body=f"<ListBucketResult><IsTruncated>{str(more).lower()}</IsTruncated>{entries}</ListBucketResult>".encode()
    )


def test_a_short_page_is_not_the_last(bucket):
    bucket.answers += [page("a", "b&amp;c", more=True), page("d", more=True), page()]
    assert [entry.key for entry in bucket.entries("")] == ["a", "b&c", "d"]
    markers = [parse_qs(urlsplit(call.target).query, keep_blank_values=True)["marker"] for call in bucket.asked]
    assert markers == [[""], ["b&c"], ["d"]]


def test_a_listing_that_leads_nowhere_ends(bucket):
    bucket.answers += [page("a", more=True), page(more=True)]
    with pytest.raises(ToolError, match="a page that leads nowhere"):
        list(bucket.entries(""))


def test_a_fault_that_passes_is_waited_out_and_a_digest_begun_anew(bucket):
    bucket.answers += [Broken("closed", "gone"), answer(503), answer(body=b"content")]
    expected = "sha256:ed7002b439e9ac845f22357d822bac1444730fbdb6016d3ec9432297b9ec9f73"
    assert bucket.digest("key", "sha256", 7) == expected


def test_one_that_stays_is_told_without_the_secret(bucket):
    bucket.answers += [Broken("refused", "nobody listens")] * 3
    with pytest.raises(ToolError, match=r"object key of bucket bucket at .*: refused: nobody listens") as seen:
        bucket.read("key")
    assert SECRET not in str(seen.value) + repr(bucket.asked)


def test_what_is_not_there_is_none_and_what_is_refused_an_error(bucket):
    bucket.answers += [answer(404), answer(403, b"<Error><Code>AccessDenied</Code></Error>", "Forbidden")]
    assert bucket.read("key") is None
    with pytest.raises(ToolError, match="HTTP 403 AccessDenied"):
        bucket.read("key")


@pytest.mark.parametrize("body", [b"", b"{}", b"<Error/>", b"<ListBucketResult><Contents><Key>a</Key></Contents>"])
def test_what_is_no_listing_is_no_empty_bucket(bucket, body):
    bucket.answers.append(answer(body=body))
    with pytest.raises(ToolError, match="no listing"):
        list(bucket.entries())


def test_markers_that_alternate_do_not_lead_on_for_ever(bucket):
    bucket.answers += [page("b", more=True), page("a", more=True), page("b", more=True)]
    with pytest.raises(ToolError, match="leads nowhere"):
        list(bucket.entries())
