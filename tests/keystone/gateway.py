# SPDX-License-Identifier: Apache-2.0
"""A gateway of a demo's cluster that authenticates by the tests' Keystone."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from tests.integration.gateway import Gateway, second_gateway
from tests.keystone.service import Keystone

_PASSWORD_FILE = "/etc/ceph/keystone.password"
ROLES = "member, admin"


@dataclass(frozen=True)
class KeystoneGateway:
    """A Keystone and a gateway that believes in it, which the catalogue names as its object store."""

    keystone: Keystone
    url: str
    service_id: str


def keystone_options(keystone: Keystone, gateway: Gateway) -> dict[str, str]:
    """Options of a gateway in the container of a demo, to which the password of its user is copied."""
    write = ["docker", "exec", "--interactive", gateway.container, "sh", "-c", f"umask 077; cat >{_PASSWORD_FILE}"]
    subprocess.run(write, input=keystone.password_file.read_bytes(), check=True, capture_output=True)
    return {
        "rgw_keystone_url": keystone.url,
        "rgw_keystone_api_version": "3",
        "rgw_keystone_admin_user": "admin",
        "rgw_keystone_admin_password_path": _PASSWORD_FILE,
        "rgw_keystone_admin_domain": "Default",
        "rgw_keystone_admin_project": "admin",
        "rgw_keystone_accepted_roles": ROLES,
        "rgw_keystone_implicit_tenants": "true",
        "rgw_s3_auth_use_keystone": "true",
    }


@contextmanager
def gateway_on(keystone: Keystone, gateway: Gateway, port: int = 8090, **options: str) -> Iterator[KeystoneGateway]:
    """Run another gateway of the cluster on Keystone, with more options; it and its service go at the end."""
    with second_gateway(gateway, port=port, **{**keystone_options(keystone, gateway), **options}) as url:
        service = keystone.identity.service(f"{url}/swift/v1", interfaces=("public", "internal", "admin"))
        try:
            yield KeystoneGateway(keystone, url, service)
        finally:
            # The token of before may have ended.
            keystone.identity.delete(f"services/{service}")
