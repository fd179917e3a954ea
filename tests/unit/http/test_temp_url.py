# SPDX-License-Identifier: Apache-2.0
"""Temporary URLs, against a signature made by openssl."""

from __future__ import annotations

from ansible_collections.rgwkit.ceph.plugins.module_utils.http.temp_url import temp_url_query, temp_url_signature

PATH = "/swift/v1/container/an object"


def test_the_signature_is_that_of_another_program() -> None:
    """printf 'GET\\n1800000000\\n/swift/v1/container/an object' | openssl dgst -sha1 -hmac key-of-temp-urls"""
    found = temp_url_signature("GET", PATH, "1800000000", "key-of-temp-urls")
    assert found == "c5d0e362567b8c6b28e1a8743014f729354d70bb"


def test_the_query_has_the_signature_and_the_end_and_not_the_key() -> None:
    query = temp_url_query("HEAD", PATH, 1800000000, "key-of-temp-urls")
    signature = temp_url_signature("HEAD", PATH, "1800000000", "key-of-temp-urls")
    assert query == f"temp_url_sig={signature}&temp_url_expires=1800000000"
