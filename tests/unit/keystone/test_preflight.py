# SPDX-License-Identifier: Apache-2.0
"""Findings that a real Keystone does not give on demand: its clock."""

from __future__ import annotations

import pytest
from ansible_collections.rgwkit.ceph.plugins.module_utils.base.keystone_login import KeystoneLogin
from ansible_collections.rgwkit.ceph.plugins.module_utils.base.login import Login
from ansible_collections.rgwkit.ceph.plugins.module_utils.http.endpoint import Endpoint
from ansible_collections.rgwkit.ceph.plugins.module_utils.keystone.catalogue import Gateway
from ansible_collections.rgwkit.ceph.plugins.module_utils.keystone.client import Keystone
from ansible_collections.rgwkit.ceph.plugins.module_utils.keystone.preflight import Wanted, look

from tests.unit.keystone.keystone_double import TOKEN, answering

NOON = 1796040000  # 2026-11-30 12:00:00 UTC
ANSWERS = {
    "POST /v3/auth/tokens": (201, {"token": TOKEN}),
    "GET /v3/roles": (200, {"roles": [{"name": "member"}]}),
}
WANTED = Wanted(
    KeystoneLogin("http://k", Login("rgw", "p"), project="service"),
    {"accepted_roles": ["member"]},
    Gateway(["http://gw"], False),
)


def errors(date: str | None) -> list[str]:
    with answering(ANSWERS, date=date) as url:
        found = look(Keystone(Endpoint.parse(url), 5), WANTED, now=lambda: NOON)
    return [one.what for one in found.errors]


@pytest.mark.parametrize(
    ("date", "said"),
    [
        ("Mon, 30 Nov 2026 12:01:00 GMT", "60 s ahead of this host's"),
        ("Mon, 30 Nov 2026 11:59:00 GMT", "60 s behind this host's"),
    ],
)
def test_clocks_that_differ(date, said):
    (what,) = errors(date)
    assert said in what


@pytest.mark.parametrize("date", ["Mon, 30 Nov 2026 12:00:20 GMT", "no date"])
def test_clocks_of_which_nothing_bad_is_known(date):
    assert errors(date) == []
