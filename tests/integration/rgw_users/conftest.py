# SPDX-License-Identifier: Apache-2.0
"""One gateway for all tests here, and the module's own main() pointed at it."""

from __future__ import annotations

import secrets
from typing import Iterator

import pytest
from ansible_collections.rgwkit.ceph.plugins.modules import rgw_users

from tests.integration.gateway import running_gateway
from tests.integration.rgw_users.helpers import CANARY, UsersGateway


@pytest.fixture(scope="session")
def gateway(tmp_path_factory: pytest.TempPathFactory) -> Iterator[UsersGateway]:
    with running_gateway(tmp_path_factory.mktemp("gateway")) as demo:
        gateway = UsersGateway(demo)
        gateway.wait_until_ready()
        yield gateway


@pytest.fixture(scope="session")
def release(gateway: UsersGateway) -> int:
    """Ceph's major version."""
    return int(gateway.demo.run("ceph", "--version").split()[2].partition(".")[0])


@pytest.fixture
def uid() -> str:
    """A uid that no other test uses."""
    return f"u{secrets.token_hex(4)}"


@pytest.fixture
def module(gateway, run_module):
    """Run the module on some users; returns what Ansible would get. An option that is None is left out."""

    def run(*users, check=False, **options):
        demo = gateway.demo
        admin = {"endpoint": demo.url, "access_key": demo.access_key, "secret_key_file": str(demo.secret_file)}
        result = run_module(rgw_users, check=check, **{**admin, "users": list(users), **options})
        printed = result.pop("printed")
        assert CANARY not in printed
        assert demo.secret not in printed
        return result

    return run
