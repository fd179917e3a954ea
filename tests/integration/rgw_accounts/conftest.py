# SPDX-License-Identifier: Apache-2.0
"""One gateway for all tests here, and the modules' own main() pointed at it."""

from __future__ import annotations

import secrets
from collections.abc import Iterator

import pytest
from ansible_collections.rgwkit.ceph.plugins.module_utils.base.login import Login
from ansible_collections.rgwkit.ceph.plugins.module_utils.doctor.runner import wait_ready
from ansible_collections.rgwkit.ceph.plugins.module_utils.http.endpoint import Endpoint
from ansible_collections.rgwkit.ceph.plugins.modules import rgw_accounts, rgw_iam, rgw_users

from tests.ceph import RELEASE
from tests.integration.gateway import running_gateway
from tests.integration.rgw_accounts.helpers import CANARY, HOME, AccountsGateway


@pytest.fixture(scope="session")
def gateway(tmp_path_factory: pytest.TempPathFactory) -> Iterator[AccountsGateway]:
    with running_gateway(tmp_path_factory.mktemp("gateway")) as demo:
        ready = wait_ready(Endpoint.parse(demo.url), Login(demo.user, demo.secret), 60)
        assert ready.ok, f"{ready}\n{demo.logs()[-4000:]}"
        gateway = AccountsGateway(demo)
        if RELEASE >= 19:
            gateway.radosgw_admin("caps", "add", "--uid=demo", "--caps=accounts=write")
        yield gateway


@pytest.fixture
def name() -> str:
    """The name of an account that no other test has."""
    return f"a{secrets.token_hex(4)}"


def _runner(gateway, run_module, module, option):
    def run(*entries, check=False, **options):
        result = run_module(module, check=check, **{**gateway.admin, option: list(entries), **options})
        printed = result.pop("printed")
        assert CANARY not in printed and gateway.demo.secret not in printed
        return result

    return run


@pytest.fixture
def accounts(gateway, run_module):
    """Run the module rgw_accounts; returns what Ansible would get."""
    run = _runner(gateway, run_module, rgw_accounts, "accounts")
    return lambda *entries, **options: run(*entries, **{"home": HOME, **options})


@pytest.fixture
def users(gateway, run_module):
    """Run the module rgw_users likewise."""
    return _runner(gateway, run_module, rgw_users, "users")


@pytest.fixture
def account(accounts, name) -> str:
    """The ID of an account that no other test has."""
    return str(accounts({"name": name})["accounts"][0]["id"])


@pytest.fixture
def root(users, account, name) -> Login:
    """The key of the account's root user."""
    login = Login(f"AK{name.upper()}", f"{CANARY}-{name}")
    key = {"access_key": login.user, "secret": login.secret}
    users({"uid": f"{name}-root", "account": account, "account_root": True, "s3_keys": [key]})
    return login


@pytest.fixture
def iam(gateway, run_module, name):
    """Run the module rgw_iam on an account, by default that of the fixture `root`."""
    run = _runner(gateway, run_module, rgw_iam, "accounts")
    return lambda entry, **options: run({"root": f"{name}-root", **entry}, **{"home": HOME, **options})
