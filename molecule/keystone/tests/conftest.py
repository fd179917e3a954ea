# SPDX-License-Identifier: Apache-2.0
"""What runs in the scenario, as create.yml and converge.yml have left it, and a push that takes long."""

from __future__ import annotations

import os
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import yaml

from tests.keystone.gateway import KeystoneGateway
from tests.keystone.scenario import TOKEN_SECONDS, started
from tests.registry_push import REGISTRY_AGENTS, push_blob

FOLDER = Path(os.environ["MOLECULE_PROJECT_DIRECTORY"], ".build", "molecule-keystone", "keystone")
GATEWAY = "http://127.0.0.1:18082"
REGISTRY = "http://127.0.0.1:15002"


class SlowPush(NamedTuple):
    """logins: how often the registry had logged in at Keystone before. intact: whether the registry has the blob."""

    logins: int
    intact: Future[bool]


@pytest.fixture(scope="session")
def people() -> list[dict[str, Any]]:
    """The users of two projects."""
    found: list[dict[str, Any]] = yaml.safe_load((FOLDER / "variables.yml").read_text())["keystone_people"]
    return found


@pytest.fixture(scope="session")
def site() -> KeystoneGateway:
    return KeystoneGateway(started("rgwkit-molecule-keystone-identity", FOLDER), GATEWAY, service_id="")


@pytest.fixture(scope="session", autouse=True)
def slow_push(site: KeystoneGateway) -> Iterator[SlowPush]:
    """A push that takes longer than the token holds with which the push begins. Other tests run meanwhile."""
    with ThreadPoolExecutor(1) as pool:
        login = ("demo", (FOLDER.parent / "users" / "registry.demo.password").read_text().strip())
        before = site.keystone.logins(*REGISTRY_AGENTS)
        yield SlowPush(before, pool.submit(push_blob, REGISTRY, TOKEN_SECONDS + 15, login))
