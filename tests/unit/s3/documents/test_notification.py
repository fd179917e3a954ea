# SPDX-License-Identifier: Apache-2.0
"""Configurations by their ids. RGW merges what is put, so what goes is removed first."""

from __future__ import annotations

import pytest
from ansible_collections.rgwkit.ceph.plugins.module_utils.s3.documents.catalogue import DOCUMENTS
from ansible_collections.rgwkit.ceph.plugins.module_utils.s3.documents.notification import topics

from .forms import comes_back, refusal, settled, stored

ONE = {"id": "one", "topic": "t"}
ARN = "arn:aws:sns:europe:tenant:t"
# As 16.2.15 and 18.2.7 answer.
ANSWER = (
    "<NotificationConfiguration><TopicConfiguration><Id>one</Id><Topic>arn:aws:sns:europe:tenant:t</Topic>"
    "<Filter><S3Key><FilterRule><Name>prefix</Name><Value>p/</Value></FilterRule><FilterRule><Name>suffix</Name>"
    "<Value>.jpg</Value></FilterRule><FilterRule><Name>regex</Name><Value>([a-z]+)\\.x</Value></FilterRule></S3Key>"
    "<S3Metadata><FilterRule><Name>x-amz-meta-a</Name><Value>b</Value></FilterRule></S3Metadata><S3Tags><FilterRule>"
    "<Name>k</Name><Value>v</Value></FilterRule></S3Tags></Filter><Event>s3:ObjectRemoved:*</Event>"
    "<Event>s3:ObjectCreated:Put</Event></TopicConfiguration></NotificationConfiguration>"
)
FULL = {
    **ONE,
    "events": ["s3:ObjectCreated:Put", "s3:ObjectRemoved:*"],
    "prefix": "p/",
    "suffix": ".jpg",
    "regex": r"([a-z]+)\.x",
    "metadata": {"x-amz-meta-a": "b"},
    "tags": {"k": "v"},
}


def test_the_answer_of_16_and_18():
    assert stored("notification", ANSWER) == settled("notification", [FULL])
    assert stored("notification", "<NotificationConfiguration></NotificationConfiguration>") == []
    comes_back("notification", [FULL, {**ONE, "id": "two <&>"}])


def test_without_events_creation_and_removal_are_meant():
    """18.2.7 stores both for a configuration without an event."""
    (form,) = settled("notification", [ONE])
    assert form["events"] == ["s3:ObjectCreated:*", "s3:ObjectRemoved:*"]


def test_a_name_and_its_arn_are_one_topic():
    assert settled("notification", [ONE]) == settled("notification", [{**ONE, "topic": ARN}])
    assert topics(settled("notification", [ONE])) == {ARN}


def test_order_says_nothing():
    other = {"id": "two", "topic": "t", "events": "s3:ObjectCreated:*"}
    assert settled("notification", [ONE, other]) == settled("notification", [other, ONE])


def sent(wanted, before):
    requests = DOCUMENTS["notification"].requests(settled("notification", wanted), settled("notification", before))
    return [(request.method, request.query["notification"]) for request in requests]


@pytest.mark.parametrize(
    ("wanted", "before", "requests"),
    [
        ([ONE], [], [("PUT", "")]),
        ([ONE, {**ONE, "id": "two"}], [ONE], [("PUT", "")]),
        ([{**ONE, "prefix": "x"}], [ONE], [("PUT", "")]),
        ([ONE], [ONE, {**ONE, "id": "two"}], [("DELETE", "two"), ("PUT", "")]),
        # A configuration of another topic would stay beside the new one.
        ([{**ONE, "topic": "u"}], [ONE], [("DELETE", "one"), ("PUT", "")]),
        ([], [ONE, {**ONE, "id": "two"}], [("DELETE", "")]),
    ],
)
def test_what_goes_is_removed_first(wanted, before, requests):
    assert sent(wanted, before) == requests


def test_of_two_with_one_id_a_removal_takes_one():
    before = [{**settled("notification", [ONE])[0], "topic": topic} for topic in (ARN, f"{ARN}2")]
    requests = DOCUMENTS["notification"].requests(settled("notification", [ONE]), before)
    assert [request.method for request in requests] == ["DELETE", "DELETE", "PUT"]


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (ONE, "has to be a list"),
        ([ONE, ONE], "'one' is given twice"),
        ([{"id": "one"}], "topic is missing"),
        ([{"topic": "t"}], "id is missing"),
        ([{**ONE, "id": ""}], "[0].id: an empty text"),
        ([{**ONE, "topic": "arn:aws:sqs:x::y"}], "[0].topic: 'arn:aws:sqs:x::y'; give a name, or an ARN"),
        ([{**ONE, "events": []}], "[0].events: an empty list"),
        ([{**ONE, "events": ["s3:ObjectLifecycle:Expiration:Noncurent"]}], "check its spelling"),
        ([{**ONE, "metadata": {"a": 1}}], "[0].metadata.a: YAML reads 1 as a number"),
        ([{**ONE, "filter": {}}], "nothing is known of 'filter'"),
    ],
)
def test_what_is_refused(data, says):
    assert says in refusal("notification", data)
