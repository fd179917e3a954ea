# SPDX-License-Identifier: Apache-2.0
"""A site is a redirection of all requests, or documents with routing rules in their order."""

from __future__ import annotations

import pytest

from .forms import comes_back, refusal, settled, stored

SITE = {"index_document": "index.html"}
RULES = [
    {
        "key_prefix_equals": "docs/",
        "http_error_code": 404,
        "protocol": "https",
        "host": "x",
        "http_redirect_code": 302,
        "replace_key_prefix_with": "documents/",
    },
    {"key_prefix_equals": "a/", "replace_key_with": "b"},
    {"host": "z"},
]
# The answer of 16.2.15 and 18.2.7 to these rules.
ANSWER = (
    '<WebsiteConfiguration xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><IndexDocument><Suffix>index.html</Suffix>'
    "</IndexDocument><RoutingRules><RoutingRule><Condition><KeyPrefixEquals>docs/</KeyPrefixEquals>"
    "<HttpErrorCodeReturnedEquals>404</HttpErrorCodeReturnedEquals></Condition><Redirect><Protocol>https</Protocol>"
    "<HostName>x</HostName><HttpRedirectCode>302</HttpRedirectCode><ReplaceKeyPrefixWith>documents/"
    "</ReplaceKeyPrefixWith></Redirect></RoutingRule><RoutingRule><Condition><KeyPrefixEquals>a/</KeyPrefixEquals>"
    "</Condition><Redirect><ReplaceKeyWith>b</ReplaceKeyWith></Redirect></RoutingRule><RoutingRule><Condition>"
    "</Condition><Redirect><HostName>z</HostName></Redirect></RoutingRule></RoutingRules></WebsiteConfiguration>"
)


def test_the_answer_of_16_and_18():
    assert stored("website", ANSWER) == settled("website", {**SITE, "routing_rules": RULES})


@pytest.mark.parametrize(
    "data",
    [
        SITE,
        {**SITE, "error_document": "errors/404.html", "routing_rules": RULES},
        {"redirect_all_requests_to": {"host": "x.example"}},
        {"redirect_all_requests_to": {"host": "x.example", "protocol": "HTTPS"}},
    ],
)
def test_what_comes_back(data):
    comes_back("website", data)


def test_the_order_of_routing_rules_counts():
    one, other = ({**SITE, "routing_rules": rules} for rules in (RULES, RULES[::-1]))
    assert settled("website", one) != settled("website", other)


def test_nothing_is_no_site():
    assert settled("website", {}) == settled("website", None) == {}


@pytest.mark.parametrize(
    ("data", "says"),
    [
        ("on", "has to be a mapping"),
        ({"error_document": "e"}, "none of index_document, redirect_all_requests_to"),
        ({**SITE, "redirect_all_requests_to": {"host": "x"}}, "give one of them"),
        ({"error_document": "e", "redirect_all_requests_to": {"host": "x"}}, "leaves no place for anything else"),
        ({"redirect_all_requests_to": {"protocol": "http"}}, "host is missing"),
        ({"index_document": "a/b"}, "without '/'"),
        ({**SITE, "routing_rules": [{"key_prefix_equals": "x"}]}, "redirects to nothing"),
        ({**SITE, "routing_rules": [{"replace_key_with": "x", "replace_key_prefix_with": "y"}]}, "give one of them"),
        ({**SITE, "routing_rules": [{"protocol": "ftp"}]}, "one of http, https"),
        ({**SITE, "routing_rules": [{"http_redirect_code": 200}]}, "300 to 399"),
        ({**SITE, "routing_rules": [{"host": "x", "http_error_code": 200}]}, "400 to 599"),
        ({**SITE, "routing_rules": [{"host": "x"}] * 51}, "S3 takes 50"),
    ],
)
def test_what_is_refused(data, says):
    assert says in refusal("website", data)
