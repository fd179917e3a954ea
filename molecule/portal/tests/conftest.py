# SPDX-License-Identifier: Apache-2.0
"""The scenario's portal, where people sign in, the storage, and the folder with the secrets."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import requests

from tests.canaille import Provider
from tests.integration.clients.programs import python_programs
from tests.portal_pages import Person, signed_in
from tests.swift.scenario import started
from tests.swift.service import Swift

PORTAL, LOGIN = "http://127.0.0.1:18086", "http://127.0.0.1:18087"


@pytest.fixture(scope="session")
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


@pytest.fixture
def ben(folder: Path) -> Callable[..., requests.Response]:
    """Asks the REST interface as a proxy does that has signed ben in."""
    headers = {
        "X-Portal-Proxy-Secret": (folder / "users" / "portal.proxy.secret").read_text().strip(),
        "X-Forwarded-User": "ben",
        "X-Forwarded-Groups": "people,biology",
    }

    def ask(method: str, path: str, **body: Any) -> requests.Response:
        return requests.request(method, PORTAL + path, headers=headers, json=body or None, timeout=60)

    return ask


@pytest.fixture(scope="session")
def swift(folder: Path) -> Swift:
    return started("rgwkit-molecule-portal-openstack", 18089, folder / "openstack")


@pytest.fixture(scope="session")
def programs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder with the command swift, which logs in at Keystone."""
    return python_programs(tmp_path_factory.mktemp("swift") / "venv", "python-swiftclient", "python-keystoneclient")
