# SPDX-License-Identifier: Apache-2.0
"""One name server for all tests of this folder, and the module's own main() pointed at it."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from typing import Any, Callable

import pytest
from ansible_collections.rgwkit.ceph.plugins.module_utils.base.login import Login
from ansible_collections.rgwkit.ceph.plugins.module_utils.doctor.runner import wait_ready
from ansible_collections.rgwkit.ceph.plugins.module_utils.http.endpoint import Endpoint
from ansible_collections.rgwkit.ceph.plugins.modules import dns_records

from tests.dns.service import ZONE, NameServer, running_name_server
from tests.integration.gateway import Gateway, running_gateway

HOME = "cluster-example"
Module = Callable[..., "dict[str, Any]"]


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[NameServer]:
    with running_name_server(tmp_path_factory.mktemp("bind")) as server:
        yield server


@pytest.fixture(scope="session")
def gateway(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Gateway]:
    with running_gateway(tmp_path_factory.mktemp("gateway")) as gateway:
        ready = wait_ready(Endpoint.parse(gateway.url), Login(gateway.user, gateway.secret), 120)
        assert ready.ok, f"{ready}\n{gateway.logs()[-4000:]}"
        yield gateway


@pytest.fixture
def name() -> str:
    """A name that no other test has."""
    return f"n{secrets.token_hex(4)}.{ZONE}"


@pytest.fixture
def module(server: NameServer, run_module: Any) -> Module:
    """Run the module on some entries; what Ansible would get. The secret of the key is in nothing that it prints."""

    def run(*records: dict[str, Any], check: bool = False, key: str = "rgwkit", **options: Any) -> dict[str, Any]:
        given = {**server.options(key), "home": HOME, "records": list(records), **options}
        result: dict[str, Any] = run_module(dns_records, check=check, **given)
        printed = result.pop("printed")
        assert server.key_file(key).read_text() not in printed
        return result

    return run
