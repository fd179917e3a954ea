# SPDX-License-Identifier: Apache-2.0
"""What most of these tests need."""

from __future__ import annotations

from typing import Iterator

import pytest

from tests.integration.gateway import Gateway, running_gateway


@pytest.fixture(scope="module")
def gateway(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Gateway]:
    """A gateway with plain HTTP, for one file's tests."""
    with running_gateway(tmp_path_factory.mktemp("gateway")) as running:
        yield running
