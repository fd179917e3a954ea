# SPDX-License-Identifier: Apache-2.0
"""Policies that shut the bucket's own owner out."""

from __future__ import annotations

import pytest
from ansible_collections.rgwkit.ceph.plugins.module_utils.rgw.buckets.lockout import denied_to_owner, matches
from ansible_collections.rgwkit.ceph.plugins.module_utils.s3.documents.document import Setting
from ansible_collections.rgwkit.ceph.plugins.module_utils.s3.documents.policy import Policy

PLAIN_HTTP = {"Bool": {"aws:SecureTransport": "false"}}


def denied(owner="t$al", over_tls=False, **options):
    statement = {"Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": "arn:aws:s3:::b", **options}
    policy = Policy()
    given = {key: value for key, value in statement.items() if value is not None}
    form = policy.settled(policy.wanted({"Statement": [given]}, "policy"), Setting("b", owner))
    return denied_to_owner(form, owner, "b", over_tls)


@pytest.mark.parametrize(
    "options",
    [
        {},
        {"Resource": "*"},
        {"Resource": "arn:aws:s3:::b*"},
        {"Resource": ["arn:aws:s3:::b", "arn:aws:s3:::b/*"]},
        {"Action": ["s3:PutObject", "s3:GetBucketPolicy"]},
        {"Action": None, "NotAction": "s3:GetObject"},
        {"Principal": {"AWS": "arn:aws:iam::t:user/al"}},
        {"Principal": {"AWS": "arn:aws:iam::t:root"}},
        {"Principal": None, "NotPrincipal": {"AWS": "arn:aws:iam::t:user/bo"}},
        {"Condition": PLAIN_HTTP},
    ],
)
def test_denied(options):
    assert denied(**options) == "s3:GetBucketPolicy"


@pytest.mark.parametrize(
    "options",
    [
        {"Effect": "Allow"},
        {"Resource": "arn:aws:s3:::b/*"},
        {"Action": "s3:PutObject"},
        {"Action": "s3:Put*Acl"},
        {"Action": None, "NotAction": "s3:*"},
        {"Principal": {"AWS": "arn:aws:iam::t:user/bo"}},
        {"Principal": {"AWS": "arn:aws:iam:::user/al"}},
        {"Principal": None, "NotPrincipal": {"AWS": "arn:aws:iam::t:user/al"}},
        {"Condition": PLAIN_HTTP, "over_tls": True},
        {"Condition": {"IpAddress": {"aws:SourceIp": "192.0.2.0/24"}}},
    ],
)
def test_not_denied(options):
    assert denied(**options) == ""


def test_matches():
    assert matches("a*c?", "abbcd") and not matches("a*c?", "abbc")
    assert matches("s3:get*", "s3:GetObject", ignore_case=True) and not matches("s3:get*", "s3:GetObject")
    assert not matches("a.c", "abc")
