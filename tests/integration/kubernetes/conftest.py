# SPDX-License-Identifier: Apache-2.0
"""The program helm, once a session and machine."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.helm import helm
from tests.playbooks import PROJECT


@pytest.fixture(scope="session")
def helm_program() -> Path:
    return helm(PROJECT / ".build" / "helm")
