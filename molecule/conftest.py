# SPDX-License-Identifier: Apache-2.0
"""Fixtures that the scenarios' verifiers share."""

from __future__ import annotations

import os
from pathlib import Path

import pytest


@pytest.fixture
def files() -> Path:
    """The folder with the credentials and configuration that the scenario created (demo_dir)."""
    return Path(os.environ["MOLECULE_PROJECT_DIRECTORY"], ".build", "molecule")


@pytest.fixture
def swift_login(files: Path) -> tuple[str, str, str]:
    """Endpoint, user and key of the registry's subuser."""
    secret = (files / "users" / "registry-a.swift.secret").read_text().strip()
    return "http://127.0.0.1:18080/auth/v1.0", "registry:registry-a", secret
