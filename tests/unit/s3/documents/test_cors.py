# SPDX-License-Identifier: Apache-2.0
"""The first rule that matches holds, so their order stays; lists and the case of headers say nothing."""

from __future__ import annotations

import pytest

from .forms import comes_back, refusal, settled, stored

RULE = {"allowed_origins": ["https://a.example"], "allowed_methods": ["GET"]}
# The answer of 16.2.15 and 18.2.7 to PUT, GET, POST; b, *.a; X-B, *; X-Z, ETag.
ANSWER = (
    '<CORSConfiguration xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><CORSRule><ID>x</ID>'
    "<AllowedMethod>GET</AllowedMethod><AllowedMethod>PUT</AllowedMethod><AllowedMethod>POST</AllowedMethod>"
    "<AllowedOrigin>https://*.a.example</AllowedOrigin><AllowedOrigin>https://b.example</AllowedOrigin>"
    "<AllowedHeader>*</AllowedHeader><AllowedHeader>X-B</AllowedHeader><MaxAgeSeconds>3600</MaxAgeSeconds>"
    "<ExposeHeader>X-Z</ExposeHeader><ExposeHeader>ETag</ExposeHeader></CORSRule></CORSConfiguration>"
)


def test_the_answer_of_16_and_18():
    wanted = {
        "id": "x",
        "allowed_origins": ["https://b.example", "https://*.a.example"],
        "allowed_methods": ["PUT", "GET", "POST"],
        "allowed_headers": ["x-b", "*"],
        "expose_headers": ["etag", "X-Z"],
        "max_age_seconds": "3600",
    }
    assert stored("cors", ANSWER) == settled("cors", [wanted])
    comes_back("cors", [wanted, {**RULE, "max_age_seconds": 0}])


def test_the_order_of_rules_counts():
    other = {**RULE, "allowed_origins": "*"}
    assert settled("cors", [RULE, other]) != settled("cors", [other, RULE])
    comes_back("cors", [other, RULE])


def test_an_empty_list_is_not_mentioned():
    assert settled("cors", [{**RULE, "allowed_headers": [], "expose_headers": None}]) == settled("cors", [RULE])


@pytest.mark.parametrize(
    ("change", "place", "says"),
    [
        ({"allowed_origins": None}, "", "allowed_origins is missing"),
        ({"allowed_methods": []}, ".allowed_methods", "an empty list"),
        ({"allowed_methods": ["PATCH"]}, ".allowed_methods", "'PATCH'; S3 knows DELETE, GET"),
        ({"allowed_origins": ["http://*.*"]}, ".allowed_origins", "one '*' in each"),
        ({"allowed_headers": ["**"]}, ".allowed_headers", "one '*' in each"),
        ({"max_age_seconds": 2**32}, ".max_age_seconds", "has to be 0 to"),
        ({"id": "x" * 256}, ".id", "RGW takes 255"),
        ({"origins": []}, "", "nothing is known of 'origins'"),
    ],
)
def test_what_is_refused(change, place, says):
    text = refusal("cors", [{**RULE, **change}])
    assert text.startswith(f"buckets[3].cors[0]{place}")
    assert says in text


def test_more_rules_than_rgw_takes():
    assert "S3 takes 100" in refusal("cors", [RULE] * 101)
