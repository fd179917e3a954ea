# SPDX-License-Identifier: Apache-2.0
"""Temporary URLs, against a signature made by openssl."""

from __future__ import annotations

import subprocess

from ansible_collections.rgwkit.ceph.plugins.module_utils.http.temp_url import (
    form_fields,
    temp_url_query,
    temp_url_signature,
)

PATH = "/swift/v1/container/an object"


def test_the_signature_is_that_of_another_program() -> None:
    """printf 'GET\\n1800000000\\n/swift/v1/container/an object' | openssl dgst -sha1 -hmac key-of-temp-urls"""
    found = temp_url_signature("GET", PATH, "1800000000", "key-of-temp-urls")
    assert found == "c5d0e362567b8c6b28e1a8743014f729354d70bb"


def test_the_query_has_the_signature_and_the_end_and_not_the_key() -> None:
    query = temp_url_query("HEAD", PATH, 1800000000, "key-of-temp-urls")
    signature = temp_url_signature("HEAD", PATH, "1800000000", "key-of-temp-urls")
    assert query == f"temp_url_sig={signature}&temp_url_expires=1800000000"


def openssl(text: str) -> str:
    command = ["openssl", "dgst", "-sha256", "-hmac", "key-of-temp-urls"]
    done = subprocess.run(command, input=text, capture_output=True, text=True, check=True)
    return done.stdout.split()[-1]


def test_another_digest_is_that_of_another_program() -> None:
    query = temp_url_query("GET", PATH, 1800000000, "key-of-temp-urls", "sha256")
    signature = openssl(f"GET\n1800000000\n{PATH}")
    assert query == f"temp_url_sig={signature}&temp_url_expires=1800000000"


def test_the_fields_of_a_form_are_signed() -> None:
    back = "https://portal.example.com/web"
    fields = form_fields(f"{PATH}/", back, 1024, 1800000000, "key-of-temp-urls", "sha256")
    signature = openssl(f"{PATH}/\n{back}\n1024\n1\n1800000000")
    bounds = {"max_file_size": "1024", "max_file_count": "1", "expires": "1800000000"}
    assert fields == {"redirect": back, **bounds, "signature": signature}
