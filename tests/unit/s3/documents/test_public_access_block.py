# SPDX-License-Identifier: Apache-2.0
"""Four booleans, of which none is the same as no configuration."""

from __future__ import annotations

import pytest

from .forms import comes_back, refusal, settled, stored

ANSWER = (
    "<{0}><BlockPublicAcls>true</BlockPublicAcls><IgnorePublicAcls>false</IgnorePublicAcls>"
    "<BlockPublicPolicy>false</BlockPublicPolicy><RestrictPublicBuckets>false</RestrictPublicBuckets></{0}>"
)
ONE = {
    "block_public_acls": True,
    "ignore_public_acls": False,
    "block_public_policy": False,
    "restrict_public_buckets": False,
}


@pytest.mark.parametrize("root", ["PublicAccessBlockConfiguration", "BlockPublicAccessBlockConfiguration"])
def test_answers_of_18_and_16(root):
    assert stored("public_access_block", ANSWER.format(root)) == ONE


def test_data():
    assert comes_back("public_access_block", {"block_public_acls": "true"}) == ONE
    assert set(comes_back("public_access_block", True).values()) == {True}
    for nothing in (None, False, {}):
        assert set(settled("public_access_block", nothing).values()) == {False}


@pytest.mark.parametrize(
    ("data", "says"),
    [
        ("all", "has to be a mapping"),
        ({"block_public_acl": True}, "nothing is known of 'block_public_acl'"),
        ({"block_public_acls": "yes"}, "true or false"),
    ],
)
def test_what_is_refused(data, says):
    assert says in refusal("public_access_block", data)
