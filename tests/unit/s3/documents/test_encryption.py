# SPDX-License-Identifier: Apache-2.0
"""A default encryption is an algorithm, and a key with aws:kms."""

from __future__ import annotations

import pytest

from .forms import comes_back, refusal, stored

ANSWER_18 = (
    '<ServerSideEncryptionConfiguration xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Rule>'
    "<ApplyServerSideEncryptionByDefault><SSEAlgorithm>AES256</SSEAlgorithm></ApplyServerSideEncryptionByDefault>"
    "<BucketKeyEnabled>True</BucketKeyEnabled></Rule></ServerSideEncryptionConfiguration>"
)


def test_the_answer_of_18():
    assert stored("encryption", ANSWER_18) == {"algorithm": "AES256", "bucket_key": True}
    empty = "<ServerSideEncryptionConfiguration/>"
    assert stored("encryption", empty) == {}


@pytest.mark.parametrize(
    ("data", "form"),
    [
        ({"algorithm": "aes256"}, {"algorithm": "AES256"}),
        ({"algorithm": "AES256", "bucket_key": False}, {"algorithm": "AES256"}),
        ({"algorithm": "AES256", "bucket_key": True}, {"algorithm": "AES256", "bucket_key": True}),
        ({"algorithm": "aws:kms", "kms_key_id": "k"}, {"algorithm": "aws:kms", "kms_key_id": "k"}),
    ],
)
def test_data(data, form):
    assert comes_back("encryption", data) == form


@pytest.mark.parametrize(
    ("data", "says"),
    [
        ("AES256", "has to be a mapping"),
        ({"kms_key_id": "k"}, "algorithm is missing"),
        ({"algorithm": "rot13"}, "one of aes256, aws:kms"),
        ({"algorithm": "aws:kms"}, "goes with aws:kms"),
        ({"algorithm": "AES256", "kms_key_id": "k"}, "goes with aws:kms"),
        ({"algorithm": "AES256", "key": "k"}, "nothing is known of 'key'"),
    ],
)
def test_what_is_refused(data, says):
    assert says in refusal("encryption", data)
