# SPDX-License-Identifier: Apache-2.0
"""What back-ends that show objects have to do besides contract.py. A test module imports these tests.

`filled` is a fixture: the name of a bucket of `project` with objects, "a b.txt" among them.
"""

from __future__ import annotations

import pytest

from services.portal.backends.backend import Quota
from services.portal.problems import NotFound
from tests.services.portal.contract import LIMITS, new_name

__all__ = ["test_many_buckets_are_read_at_once", "test_objects_of_another_project_are_out_of_reach"]


def test_objects_of_another_project_are_out_of_reach(backend, project, filled):
    other = f"p{new_name()}"
    backend.set_limits(other, LIMITS)
    for ask in (
        lambda: backend.objects(other, filled, "", "", 9),
        lambda: backend.download_url(other, filled, "a b.txt", 60),
        lambda: backend.upload_form(other, filled, "", "http://127.0.0.1:9/", 60),
    ):
        with pytest.raises(NotFound):
            ask()
    assert backend.buckets(other, [filled]) == []


def test_many_buckets_are_read_at_once(backend, project):
    names = sorted(new_name() for _number in range(3))
    for name in names:
        backend.create_bucket(project, name, Quota(4096, 1))
    assert [one.name for one in backend.buckets(project, [*names, "gone-meanwhile"])] == names
