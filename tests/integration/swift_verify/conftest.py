# SPDX-License-Identifier: Apache-2.0
"""One gateway for all tests here, and what they ask of it without the engine under test."""

from __future__ import annotations

from typing import Iterator

import pytest
import requests
from ansible_collections.rgwkit.ceph.plugins.module_utils.rgw_wire_endpoint import Endpoint
from ansible_collections.rgwkit.ceph.plugins.module_utils.swift_runner import wait_ready

from tests.integration.gateway import Gateway, running_gateway


@pytest.fixture(scope="session")
def gateway(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Gateway]:
    with running_gateway(tmp_path_factory.mktemp("gateway")) as running:
        ready = wait_ready(Endpoint.parse(running.url), running.user, running.secret, 60)
        if not ready.ok:
            pytest.fail(f"the gateway is not ready: {ready}\n{running.logs()[-4000:]}")
        yield running


def containers_of(gateway: Gateway) -> list[str]:
    """The containers of the demo user, as the requests library sees them."""
    login = {"X-Auth-User": gateway.user, "X-Auth-Key": gateway.secret}
    auth = requests.get(f"{gateway.url}/auth/v1", headers=login, timeout=10)
    auth.raise_for_status()
    token = {"X-Auth-Token": auth.headers["X-Auth-Token"]}
    listing = requests.get(f"{gateway.url}/swift/v1", headers=token, timeout=10)
    listing.raise_for_status()
    return listing.text.split()


@pytest.fixture(autouse=True)
def nothing_is_left(gateway: Gateway) -> Iterator[None]:
    """Every test here has to leave the gateway as it was."""
    before = containers_of(gateway)
    yield
    assert containers_of(gateway) == before
