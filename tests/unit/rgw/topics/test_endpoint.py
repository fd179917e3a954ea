# SPDX-License-Identifier: Apache-2.0
"""URLs of receivers, taken apart and put together."""

from __future__ import annotations

import pytest
from ansible_collections.rgwkit.ceph.plugins.module_utils.base.errors import InputError
from ansible_collections.rgwkit.ceph.plugins.module_utils.base.login import Login
from ansible_collections.rgwkit.ceph.plugins.module_utils.rgw.topics.endpoint import (
    PushEndpoint,
    checked_url,
    is_in_clear,
    problem_with_login,
    split,
)
from hypothesis import given
from hypothesis import strategies as st

VISIBLE = st.text(st.characters(codec="utf-8", categories=["L", "N", "P", "S"]), min_size=1, max_size=20)
URLS = [
    "http://receiver.example",
    "https://[fd00::1]:8443/a/b?c=d@e&f",
    "amqp://rabbit/vhost%2Fwith",
    "amqps://rabbit.example:5671",
    "kafka://10.0.0.1:9093",
]


@pytest.mark.parametrize("url", URLS)
def test_a_url_is_taken_as_it_is(url):
    assert checked_url(url) == url
    assert split(url) == PushEndpoint(url, None)
    assert str(PushEndpoint(url, None)) == url


@given(url=st.sampled_from(URLS), user=VISIBLE, secret=VISIBLE)
def test_what_is_put_together_comes_apart_again(url, user, secret):
    whole = str(PushEndpoint(url, Login(user, secret)))
    assert whole.isascii() and split(whole) == PushEndpoint(url, Login(user, secret))


def test_a_login_is_not_shown():
    endpoint = split("amqp://rgw:canary-secret@rabbit")
    assert "canary" not in repr(endpoint) and endpoint.url == "amqp://rabbit"


@pytest.mark.parametrize(
    "url",
    [
        "",
        "receiver",
        "http:/h",
        "HTTP://h",
        "http://h:0",
        "http://h:65536",
        "http://h/#x",
        "http://h\n",
        "http://" + "h" * 2048,
    ],
)
def test_other_urls_are_refused(url):
    with pytest.raises(InputError):
        checked_url(url)


def test_the_error_does_not_show_a_secret():
    with pytest.raises(InputError) as raised:
        checked_url("amqp://rgw:canary-secret@rabbit")
    assert "canary" not in str(raised.value)


@pytest.mark.parametrize(
    ("scheme", "use_ssl", "in_clear"),
    [
        ("http", False, True),
        ("https", False, False),
        ("amqp", True, True),
        ("amqps", False, False),
        ("kafka", False, True),
        ("kafka", True, False),
    ],
)
def test_who_speaks_in_clear(scheme, use_ssl, in_clear):
    assert is_in_clear(scheme, use_ssl) == in_clear


def test_logins_that_cannot_be_part_of_a_url():
    assert problem_with_login("amqp", "u", "p/w:@%") == ""
    assert "RGW does not decode them" in problem_with_login("kafka", "u", "p/w")
    assert "empty" in problem_with_login("http", "", "p")
