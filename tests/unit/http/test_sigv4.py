# SPDX-License-Identifier: Apache-2.0
"""Signing, against the four worked examples of Amazon's S3 API Reference ("Signature Calculations ...")."""

from __future__ import annotations

import datetime

import pytest
from ansible_collections.rgwkit.ceph.plugins.module_utils.http.sigv4 import (
    canonical_query,
    signed_headers,
)

ACCESS_KEY = "AKIAIOSFODNN7EXAMPLE"
SECRET_KEY = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"
NOW = datetime.datetime(2013, 5, 24, tzinfo=datetime.timezone.utc)
HOST = {"host": "examplebucket.s3.amazonaws.com"}

EXAMPLES = {
    "GET object": (
        ("GET", "/test.txt", {}, {**HOST, "Range": "bytes=0-9"}, b""),
        "f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41",
    ),
    "PUT object": (
        (
            "PUT",
            "/test$file.text",
            {},
            {**HOST, "Date": "Fri, 24 May 2013 00:00:00 GMT", "x-amz-storage-class": "REDUCED_REDUNDANCY"},
            b"Welcome to Amazon S3.",
        ),
        "98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd",
    ),
    "GET bucket lifecycle": (
        ("GET", "/", {"lifecycle": ""}, HOST, b""),
        "fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543",
    ),
    "GET bucket, list objects": (
        ("GET", "/", {"prefix": "J", "max-keys": "2"}, HOST, b""),
        "34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7",
    ),
}


@pytest.mark.parametrize("request_parts, signature", EXAMPLES.values(), ids=EXAMPLES)
def test_published_example(request_parts, signature):
    headers = signed_headers(*request_parts, ACCESS_KEY, SECRET_KEY, NOW)
    assert headers["authorization"].rpartition("Signature=")[2] == signature
    assert f"Credential={ACCESS_KEY}/20130524/us-east-1/s3/aws4_request" in headers["authorization"]


def test_the_body_is_part_of_the_signature():
    def sign(body):
        return signed_headers("PUT", "/", {}, HOST, body, ACCESS_KEY, SECRET_KEY, NOW)["authorization"]

    assert sign(b"one") != sign(b"two")


def test_query_is_encoded_and_sorted_as_the_signature_wants_it():
    assert canonical_query({"uid": "t$a b/c", "key": "~é"}) == "key=~%C3%A9&uid=t%24a%20b%2Fc"


def test_the_service_is_part_of_the_signature():
    of_s3, of_sns = (
        signed_headers("POST", "/", {}, HOST, b"Action=ListTopics", ACCESS_KEY, SECRET_KEY, NOW, service=service)
        for service in ("s3", "sns")
    )
    assert "/us-east-1/sns/aws4_request" in of_sns["authorization"]
    assert of_s3["authorization"].rpartition("=")[2] != of_sns["authorization"].rpartition("=")[2]
