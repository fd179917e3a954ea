# SPDX-License-Identifier: Apache-2.0
"""The scenario's portal, where people sign in, and the folder with the secrets."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.canaille import Provider
from tests.portal_pages import Person, signed_in

PORTAL, LOGIN = "http://127.0.0.1:18086", "http://127.0.0.1:18087"


@pytest.fixture
def folder() -> Path:
    """The demo's folder."""
    return Path(os.environ["MOLECULE_PROJECT_DIRECTORY"], ".build", "molecule-portal")


@pytest.fixture
def person(folder: Path) -> Callable[[str], Person]:
    """Signs somebody in, with the password that the role has created."""

    def sign_in(name: str) -> Person:
        password = (folder / "users" / f"portal.{name}.password").read_text().strip()
        return signed_in(PORTAL, Provider(LOGIN, "portal", "", {name: password}), name)

    return sign_in
