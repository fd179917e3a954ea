# SPDX-License-Identifier: Apache-2.0
"""Two states: a bucket that never had versions reads as suspended."""

from __future__ import annotations

import pytest

from .forms import comes_back, refusal, settled, stored

NEVER = '<VersioningConfiguration xmlns="http://s3.amazonaws.com/doc/2006-03-01/"></VersioningConfiguration>'
ANSWER = NEVER.replace("></", "><Status>{}</Status><MfaDelete>Disabled</MfaDelete></")


@pytest.mark.parametrize(
    ("data", "form"),
    [("enabled", "enabled"), (True, "enabled"), ("Suspended", "suspended"), (False, "suspended"), (None, "suspended")],
)
def test_data(data, form):
    assert settled("versioning", data) == form
    assert comes_back("versioning", data) == form


@pytest.mark.parametrize("data", ["off", 1, 0, [], {}, {"status": "enabled"}, ""])
def test_what_is_refused(data):
    assert "enabled or suspended" in refusal("versioning", data)


def test_answers_of_16_and_18():
    forms = [stored("versioning", answer) for answer in (NEVER, ANSWER.format("Suspended"), ANSWER.format("Enabled"))]
    assert forms == ["suspended", "suspended", "enabled"]
