# SPDX-License-Identifier: Apache-2.0
"""What a release does not keep is said part by part; of a release that was not tried nothing is said."""

from __future__ import annotations

import pytest
from ansible_collections.rgwkit.ceph.plugins.module_utils.s3.documents.catalogue import DOCUMENTS
from ansible_collections.rgwkit.ceph.plugins.module_utils.s3.documents.policy_actions import ACTIONS
from ansible_collections.rgwkit.ceph.plugins.module_utils.s3.documents.releases import LOSSES, TRIED, problems

from .forms import settled

SIZES = [{"id": "big", "object_size_greater_than": 1000, "expiration_days": 1}, {"id": "plain", "expiration_days": 1}]


def test_a_size_filter_on_16_and_18():
    form = settled("lifecycle", SIZES)
    assert problems("lifecycle", form, 16) == [
        "lifecycle['big'].object_size_greater_than: Ceph 16 stores the rule without it, which then ends smaller "
        "objects, too (seen on 16.2.15)."
    ]
    assert len(problems("lifecycle", form, 18)) == 1
    assert problems("lifecycle", form, 20) == []


@pytest.mark.parametrize(
    ("name", "data", "releases"),
    [
        ("lifecycle", [{"id": "a", "prefix": "p", "tags": {"k": "v"}, "expiration_days": 1}], []),
        ("lifecycle", [{"id": "a", "archive_zone": True, "expiration_days": 1}], [14, 16]),
        (
            "lifecycle",
            [{"id": "a", "noncurrent_version_expiration_days": 1, "newer_noncurrent_versions": 1}],
            [14, 16, 18],
        ),
        ("notification", [{"id": "a", "topic": "t"}], []),
        ("notification", [{"id": "a", "topic": "t", "events": "s3:ObjectSynced:*"}], [14, 16]),
        ("notification", [{"id": "a", "topic": "t", "events": "s3:LifecycleTransition"}], [14, 16, 18]),
        (
            "notification",
            [{"id": "a", "topic": "t", "events": "s3:ObjectLifecycle:Expiration:AbortMultipartUpload"}],
            [14, 16, 18, 20],
        ),
        ("encryption", {"algorithm": "AES256"}, [16]),
        ("encryption", None, []),
        ("versioning", True, []),
        ("tagging", {"a": "b"}, []),
    ],
)
def test_what_is_known(name, data, releases):
    form = settled(name, data)
    assert [release for release in (14, 16, 18, 20) if problems(name, form, release)] == releases


def test_an_action_that_a_release_does_not_know():
    statement = {"Effect": "Allow", "Principal": "*", "Resource": "*"}
    for action, releases in (
        ("s3:GetObject", []),
        ("s3:GetBucketEncryption", [16]),
        ("s3:PostBucketLogging", [16, 18]),
    ):
        form = settled("policy", {"Statement": {**statement, "Action": action}})
        assert [release for release in (16, 18, 20) if problems("policy", form, release)] == releases


def test_each_fact_is_of_a_release_that_was_tried():
    assert set(LOSSES) <= set(DOCUMENTS)
    for parts in LOSSES.values():
        assert {release for losses in parts.values() for loss in losses for release in loss.releases} <= set(TRIED)
    assert set(LOSSES["policy"]) <= set(ACTIONS)
