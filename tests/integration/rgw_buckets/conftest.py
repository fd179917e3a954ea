# SPDX-License-Identifier: Apache-2.0
"""One gateway for all tests here, an owner, and the module's own main() pointed at the gateway."""

from __future__ import annotations

import secrets
from typing import Iterator

import pytest
from ansible_collections.rgwkit.ceph.plugins.modules import rgw_buckets, rgw_buckets_info

from tests.integration.gateway import running_gateway
from tests.integration.rgw_buckets.helpers import S3, BucketsGateway


@pytest.fixture(scope="session")
def gateway(tmp_path_factory: pytest.TempPathFactory) -> Iterator[BucketsGateway]:
    with running_gateway(tmp_path_factory.mktemp("gateway")) as demo:
        gateway = BucketsGateway(demo)
        gateway.wait_until_ready()
        gateway.radosgw_admin("caps", "add", "--uid=demo", "--caps=zone=read")
        if int(demo.run("ceph", "--version").split()[2].partition(".")[0]) > 16:
            gateway.radosgw_admin("caps", "add", "--uid=demo", "--caps=ratelimit=*")
        yield gateway


@pytest.fixture(scope="session")
def release(gateway: BucketsGateway) -> int:
    """Ceph's major version."""
    return int(gateway.demo.run("ceph", "--version").split()[2].partition(".")[0])


@pytest.fixture(scope="session")
def owner(gateway: BucketsGateway) -> S3:
    return gateway.add_user("owner")


@pytest.fixture(scope="session")
def other(gateway: BucketsGateway) -> S3:
    return gateway.add_user("other")


@pytest.fixture
def name() -> str:
    """A bucket that no other test uses."""
    return f"b-{secrets.token_hex(4)}"


@pytest.fixture
def admin(gateway):
    demo = gateway.demo
    return {"endpoint": demo.url, "access_key": demo.access_key, "secret_key_file": str(demo.secret_file)}


@pytest.fixture
def module(gateway, admin, run_module):
    """Run the module on some buckets; returns what Ansible would get. An option that is None is left out."""

    def run(*buckets, check=False, **options):
        result = run_module(rgw_buckets, check=check, **{**admin, "buckets": list(buckets), **options})
        assert gateway.demo.secret not in result.pop("printed")
        return result

    return run


@pytest.fixture
def info(admin, run_module):
    def run(**options):
        return run_module(rgw_buckets_info, **{**admin, **options})

    return run


@pytest.fixture
def tool(gateway, release):
    """Where a radosgw-admin is at hand that gives objects to other users."""
    if release == 14:
        pytest.skip("radosgw-admin of 14.2.21 has no bucket chown")
    return {"via": "container", "container": gateway.demo.container}
