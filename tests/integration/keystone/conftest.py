# SPDX-License-Identifier: Apache-2.0
"""One Keystone and one gateway on it for all tests of this folder."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.integration.gateway import Gateway, running_gateway
from tests.keystone.gateway import KeystoneGateway, gateway_on
from tests.keystone.service import Keystone, running_keystone


@pytest.fixture(scope="session")
def keystone(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Keystone]:
    with running_keystone(tmp_path_factory.mktemp("keystone")) as keystone:
        yield keystone


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Gateway]:
    with running_gateway(tmp_path_factory.mktemp("gateway")) as demo:
        yield demo


@pytest.fixture(scope="session")
def gateway(keystone: Keystone, demo: Gateway) -> Iterator[KeystoneGateway]:
    with gateway_on(keystone, demo) as gateway:
        yield gateway
