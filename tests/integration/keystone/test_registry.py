# SPDX-License-Identifier: Apache-2.0
"""A registry 2.8 whose user is one of Keystone: its logins, and a token that ends in the middle of a push.

The library of the driver (ncw/swift 1.0.53) repeats a PUT that is refused with 401, without the body that it has read.
Of Keystone v3 it knows when a token ends, and gets a new one before each request in the last 60 seconds.
"""

from __future__ import annotations

import hashlib
import os
import secrets
import time
from collections.abc import Iterator

import pytest
import requests
import yaml

from tests.ceph import RELEASE
from tests.integration.gateway import second_gateway
from tests.integration.registry_config.registries import Run, running
from tests.keystone.gateway import gateway_on
from tests.keystone.service import running_keystone

SHORT_SECONDS = 75
RENEWED_SECONDS = 60
BLOCK = os.urandom(3 << 20)
CONTENT = BLOCK * 4


def config(**swift: object) -> str:
    """A registry that writes a segment for each MiB."""
    storage = {"swift": {"container": f"c{secrets.token_hex(4)}", "chunksize": 1 << 20, **swift}}
    return yaml.safe_dump({"version": "0.1", "storage": storage, "http": {"addr": "127.0.0.1:0", "secret": "s"}})


def as_user(keystone, person, **scope: object) -> str:
    login = {"username": person.user, "password": person.password, "domain": "Default"}
    own = {"tenant": person.project, "tenantdomain": "Default"}
    return config(authurl=f"{keystone.url}/v3", authversion=3, **login, **(scope or own))


def push(run: Run, seconds: float = 0) -> bool:
    """Push a blob in one request whose body takes so long; whether the registry has it, unchanged."""
    url = f"http://127.0.0.1:{run.port}"
    begun = requests.post(f"{url}/v2/x/blobs/uploads/", timeout=60)
    assert begun.status_code == 202, begun.text

    def body() -> Iterator[bytes]:
        for _block in range(4):
            yield BLOCK
            time.sleep(seconds / 4)

    sent = requests.patch(begun.headers["Location"], data=body(), timeout=seconds + 120)
    if sent.status_code != 202:
        return False
    digest = f"sha256:{hashlib.sha256(CONTENT).hexdigest()}"
    done = requests.put(f"{sent.headers['Location']}&digest={digest}", timeout=120)
    back = requests.get(f"{url}/v2/x/blobs/{digest}", timeout=120)
    return done.status_code == 201 and back.content == CONTENT


def logins(keystone) -> int:
    """How many tokens somebody has asked for by another library than that of the tests, or the gateway's."""
    asked = [line for line in keystone.logs().splitlines() if '"POST /v3/auth/tokens' in line]
    return sum("distribution" in line or "goswift" in line for line in asked)


@pytest.mark.long
def test_a_token_of_keystone_that_ends_in_a_push(demo, tmp_path, tmp_path_factory):
    folder = tmp_path_factory.mktemp("short")
    with running_keystone(folder, SHORT_SECONDS) as keystone, gateway_on(keystone, demo, port=8091):
        person = keystone.identity.person("member")
        with running(tmp_path / "cases", {"own": as_user(keystone, person)}) as runs:
            first = logins(keystone)
            assert push(runs["own"], SHORT_SECONDS + 25)
            assert logins(keystone) > first, keystone.logs()[-3000:]
            assert "401" not in runs["own"].out


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
            assert push(runs["own"])
            assert not push(runs["own"], 45), "the registry has survived the end of its token"


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
        assert push(runs["own"])
    fields = {"X-Auth-Token": identity.token_of(owner)}
    listed = requests.get(f"{gateway.url}/swift/v1", headers=fields, timeout=30).text.split()
    assert len(listed) == 1, "the container is not the owner's"
