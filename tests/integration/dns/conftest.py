# SPDX-License-Identifier: Apache-2.0
"""One name server and one Designate for all tests of this folder, and the modules' own main() pointed at them."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Callable

import pytest
from ansible_collections.rgwkit.ceph.plugins.module_utils.base.login import Login
from ansible_collections.rgwkit.ceph.plugins.module_utils.doctor.runner import wait_ready
from ansible_collections.rgwkit.ceph.plugins.module_utils.http.endpoint import Endpoint
from ansible_collections.rgwkit.ceph.plugins.modules import dns_designate_records, dns_records

from tests.designate.service import Designate, Tenant, running_designate
from tests.dns.service import ZONE, NameServer, running_name_server
from tests.integration.gateway import Gateway, running_gateway
from tests.keystone.identity import Person

HOME = "cluster-example"
Module = Callable[..., "dict[str, Any]"]


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[NameServer]:
    with running_name_server(tmp_path_factory.mktemp("bind")) as server:
        yield server


@pytest.fixture(scope="session")
def designate(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Designate]:
    with running_designate(tmp_path_factory.mktemp("designate")) as designate:
        yield designate


@pytest.fixture(scope="session")
def tenant(designate: Designate) -> Tenant:
    """Who has the zone."""
    return Tenant.of(designate)


@pytest.fixture(scope="session")
def zone_id(tenant: Tenant) -> str:
    return tenant.zone(ZONE)


@pytest.fixture(scope="session")
def gateway(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Gateway]:
    with running_gateway(tmp_path_factory.mktemp("gateway")) as gateway:
        ready = wait_ready(Endpoint.parse(gateway.url), Login(gateway.user, gateway.secret), 120)
        assert ready.ok, f"{ready}\n{gateway.logs()[-4000:]}"
        yield gateway


def login_of(designate: Designate, person: Person, folder: Path) -> dict[str, Any]:
    """The options of the module, and of the role, for somebody's login."""
    file = folder / person.user
    file.touch(mode=0o600)
    file.write_text(person.password)
    return {
        "url": designate.keystone.tls_url,
        "ca_file": str(designate.keystone.ca_file),
        "user": person.user,
        "password_file": str(file),
        "project": person.project,
        # Of Designate, which has no TLS here.
        "allow_cleartext_secrets": True,
        # The host of this test does not know the name that the zone has for its name server.
        "name_servers": [designate.address],
    }


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


@pytest.fixture
def publish(designate: Designate, tenant: Tenant, zone_id: str, tmp_path: Path, run_module: Any) -> Module:
    """Run the module for Designate; what Ansible would get. Neither password nor token are in what it prints."""

    def run(*records: dict[str, Any], check: bool = False, by: Person | None = None, **options: Any) -> dict[str, Any]:
        person = by or tenant.person
        given = {
            **login_of(designate, person, tmp_path),
            "zone": ZONE,
            "home": HOME,
            "wait": 60,
            "records": list(records),
        }
        result: dict[str, Any] = run_module(dns_designate_records, check=check, **{**given, **options})
        printed = result.pop("printed")
        # Tokens of Keystone begin with these letters (Fernet).
        assert person.password not in printed and "gAAAA" not in printed
        return result

    return run
