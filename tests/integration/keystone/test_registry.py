# SPDX-License-Identifier: Apache-2.0
"""A registry 2.8 whose user is one of Keystone: its logins, and a token that ends in the middle of a push.

The library of the driver (ncw/swift 1.0.53) repeats a PUT that is refused with 401, without the body that it has read.
Of Keystone v3 it knows when a token ends, and gets a new one before each request in the last 60 seconds.
"""

from __future__ import annotations

import secrets

import pytest
import requests
import yaml

from tests.ceph import RELEASE
from tests.integration.gateway import second_gateway
from tests.integration.registry_config.registries import running
from tests.keystone.gateway import gateway_on
from tests.keystone.service import running_keystone
from tests.registry_push import REGISTRY_AGENTS, push_blob

SHORT_SECONDS = 75
RENEWED_SECONDS = 60


def config(**swift: object) -> str:
    """A registry that writes a segment for each MiB."""
    storage = {"swift": {"container": f"c{secrets.token_hex(4)}", "chunksize": 1 << 20, **swift}}
    return yaml.safe_dump({"version": "0.1", "storage": storage, "http": {"addr": "127.0.0.1:0", "secret": "s"}})


def as_user(keystone, person, **scope: object) -> str:
    login = {"username": person.user, "password": person.password, "domain": "Default"}
    own = {"tenant": person.project, "tenantdomain": "Default"}
    return config(authurl=f"{keystone.url}/v3", authversion=3, **login, **(scope or own))


@pytest.mark.long
def test_a_token_of_keystone_that_ends_in_a_push(demo, tmp_path, tmp_path_factory):
    folder = tmp_path_factory.mktemp("short")
    with running_keystone(folder, SHORT_SECONDS) as keystone, gateway_on(keystone, demo, port=8091):
        person = keystone.identity.person("member")
        with running(tmp_path / "cases", {"own": as_user(keystone, person)}) as runs:
            first = keystone.logins(*REGISTRY_AGENTS)
            assert push_blob(runs["own"].url, SHORT_SECONDS + 25)
            assert keystone.logins(*REGISTRY_AGENTS) > first, keystone.logs()[-3000:]


@pytest.mark.long
def test_a_registry_does_not_start_on_tokens_that_end_within_a_minute(demo, tmp_path, tmp_path_factory):
    folder = tmp_path_factory.mktemp("shortest")
    with running_keystone(folder, RENEWED_SECONDS) as keystone, gateway_on(keystone, demo, port=8091):
        person = keystone.identity.person("member")
        with running(tmp_path / "cases", {"own": as_user(keystone, person)}) as runs:
            assert runs["own"].exit == 2
            assert "Response didn't have storage url and auth token" in runs["own"].first_line


@pytest.mark.long
def test_a_token_of_the_gateway_that_ends_in_a_push(demo, tmp_path):
    user = ["--uid=demo", "--subuser=demo:push", "--access=full", "--key-type=swift", "--secret=swift-key-of-the-push"]
    demo.run("radosgw-admin", "subuser", "create", *user)
    with second_gateway(demo, port=8092, rgw_swift_token_expiration="20") as url:
        login = {"username": "demo:push", "password": "swift-key-of-the-push"}
        with running(tmp_path / "cases", {"own": config(authurl=f"{url}/auth/v1", authversion=1, **login)}) as runs:
            assert push_blob(runs["own"].url)
            assert not push_blob(runs["own"].url, 45), "the registry has survived the end of its token"


@pytest.mark.long
def test_a_registry_acts_by_a_trust(gateway, tmp_path):
    """Ceph 20.2.4 refuses the token of a trust, which 18.2.7 takes."""
    identity = gateway.keystone.identity
    owner, registry = identity.person("member"), identity.person()
    trust = identity.trust(owner, registry, "member")
    with running(tmp_path / "cases", {"own": as_user(gateway.keystone, registry, trustid=trust)}) as runs:
        if RELEASE >= 20:
            assert "401 Unauthorized" in runs["own"].first_line
            return
        assert runs["own"].exit is None, runs["own"].out
        assert push_blob(runs["own"].url)
    fields = {"X-Auth-Token": identity.token_of(owner)}
    listed = requests.get(f"{gateway.url}/swift/v1", headers=fields, timeout=30).text.split()
    assert len(listed) == 1, "the container is not the owner's"
