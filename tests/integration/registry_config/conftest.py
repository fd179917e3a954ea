# SPDX-License-Identifier: Apache-2.0
"""One gateway for the registries here."""

from __future__ import annotations

from typing import Iterator

import pytest
from ansible_collections.rgwkit.ceph.plugins.module_utils.base.login import Login
from ansible_collections.rgwkit.ceph.plugins.module_utils.doctor.runner import wait_ready
from ansible_collections.rgwkit.ceph.plugins.module_utils.http.endpoint import Endpoint

from tests.integration.gateway import Gateway, running_gateway


@pytest.fixture(scope="session")
def gateway(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Gateway]:
    with running_gateway(tmp_path_factory.mktemp("gateway")) as running:
        ready = wait_ready(Endpoint.parse(running.url), Login(running.user, running.secret), 60)
        if not ready.ok:
            pytest.fail(f"the gateway is not ready: {ready}\n{running.logs()[-4000:]}")
        yield running
