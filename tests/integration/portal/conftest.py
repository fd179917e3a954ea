# SPDX-License-Identifier: Apache-2.0
"""One gateway, and one Swift with its Keystone, for all tests here."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.rgwkit.ceph.plugins.module_utils.base.login import Login
from ansible_collections.rgwkit.ceph.plugins.module_utils.doctor.runner import wait_ready
from ansible_collections.rgwkit.ceph.plugins.module_utils.http.endpoint import Endpoint

from tests.integration.gateway import Gateway, running_gateway
from tests.swift.service import Swift, portal_account, running_openstack


@pytest.fixture(scope="session")
def gateway(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Gateway]:
    with running_gateway(tmp_path_factory.mktemp("gateway")) as gateway:
        ready = wait_ready(Endpoint.parse(gateway.url), Login(gateway.user, gateway.secret), 120)
        assert ready.ok, f"{ready}\n{gateway.logs()[-4000:]}"
        yield gateway


@pytest.fixture(scope="session")
def admin(gateway: Gateway, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """The settings of a back-end on that gateway, whose user has the caps that docs/portal.md names."""
    made = gateway.run(
        *("radosgw-admin", "user", "create", "--uid=portaladmin", "--display-name=Portal"),
        "--caps=users=*;buckets=*;metadata=*",
    )
    key = json.loads(made)["keys"][0]
    secret: Path = tmp_path_factory.mktemp("admin") / "secret"
    secret.touch(mode=0o600)
    secret.write_text(key["secret_key"])
    return {
        "kind": "rgw",
        "endpoint": gateway.url,
        "access_key": key["access_key"],
        "secret_key_file": str(secret),
    }


@pytest.fixture(scope="session")
def swift(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Swift]:
    with running_openstack(tmp_path_factory.mktemp("openstack")) as swift:
        yield swift


@pytest.fixture(scope="session")
def account(swift: Swift, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """The settings of a back-end on that Swift."""
    return portal_account(swift, tmp_path_factory.mktemp("account"))
