# SPDX-License-Identifier: Apache-2.0
"""A lock with its default retention, which is in days or in years."""

from __future__ import annotations

import pytest
from ansible_collections.rgwkit.ceph.plugins.module_utils.s3.documents.catalogue import DOCUMENTS

from .forms import comes_back, refusal, settled, stored

ANSWER = "<ObjectLockConfiguration><ObjectLockEnabled>Enabled</ObjectLockEnabled>{}</ObjectLockConfiguration>"
RULE = "<Rule><DefaultRetention><Mode>COMPLIANCE</Mode><Years>2</Years></DefaultRetention></Rule>"


def test_answers_of_16_and_18():
    assert stored("object_lock", ANSWER.format("")) == {"enabled": True}
    assert stored("object_lock", ANSWER.format(RULE)) == {"enabled": True, "mode": "compliance", "years": 2}


@pytest.mark.parametrize(
    ("data", "form"),
    [
        (True, {"enabled": True}),
        ({}, {"enabled": True}),
        ({"mode": "GOVERNANCE", "days": "3"}, {"enabled": True, "mode": "governance", "days": 3}),
        ({"enabled": True, "mode": "compliance", "years": 1}, {"enabled": True, "mode": "compliance", "years": 1}),
    ],
)
def test_data(data, form):
    assert comes_back("object_lock", data) == form


def test_no_request_takes_a_lock_away():
    document = DOCUMENTS["object_lock"]
    assert document.requests({"enabled": False}, {"enabled": True}) == []
    (request,) = document.requests({"enabled": True}, {"enabled": True, "mode": "governance", "days": 1})
    assert request.method == "PUT" and b"Rule" not in request.body


def test_a_year_is_not_365_days_to_s3():
    year, days = ({"mode": "governance", **period} for period in ({"years": 1}, {"days": 365}))
    assert settled("object_lock", year) != settled("object_lock", days)


@pytest.mark.parametrize(
    ("data", "says"),
    [
        ("on", "has to be a mapping"),
        ({"mode": "governance"}, "none of days, years is given"),
        ({"mode": "governance", "days": 1, "years": 1}, "days and years of days, years"),
        ({"days": 1}, "mode is missing"),
        ({"mode": "legal", "days": 1}, "one of governance, compliance"),
        ({"mode": "governance", "days": 0}, "1 to 36500"),
        ({"mode": "governance", "years": 101}, "1 to 100"),
        ({"enabled": False, "mode": "governance", "days": 1}, "a retention needs the lock"),
    ],
)
def test_what_is_refused(data, says):
    assert says in refusal("object_lock", data)
