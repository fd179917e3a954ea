# SPDX-License-Identifier: Apache-2.0
"""The back-end in memory."""

from __future__ import annotations

import pytest

from services.portal.backends.backend import Usage
from services.portal.backends.dummy import DummyBackend
from services.portal.problems import Unavailable
from tests.services.portal.contract import *  # noqa: F403 (its tests, run on this back-end)


@pytest.fixture
def backend() -> DummyBackend:
    return DummyBackend()


@pytest.fixture
def fill(backend):
    def put(project: str, name: str) -> Usage:
        backend.store(project, name, Usage(300, 3, 1))
        return Usage(300, 3, 1)

    return put


def test_a_back_end_that_is_down_says_so(backend):
    backend.is_down = True
    with pytest.raises(Unavailable):
        backend.check()
