# SPDX-License-Identifier: Apache-2.0
"""One gateway for all tests of this folder."""

from __future__ import annotations

import pytest

from tests.integration.gateway import running_gateway
from tests.integration.rgw_users.helpers import UsersGateway


@pytest.fixture(scope="package")
def gateway(tmp_path_factory):
    with running_gateway(tmp_path_factory.mktemp("gateway")) as gateway:
        UsersGateway(gateway).wait_until_ready()
        yield gateway
