# SPDX-License-Identifier: Apache-2.0
"""A registry 2.8 whose user is one of Keystone: its logins, and a token that ends in the middle of a push.

The library of the driver (ncw/swift 1.0.53) repeats a PUT that is refused with 401, without the body that it has read.
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

from tests.integration.gateway import second_gateway
from tests.integration.registry_config.registries import Run, running
from tests.keystone.gateway import gateway_on
from tests.keystone.service import running_keystone

TOKEN_SECONDS = 60
BLOCK = os.urandom(3 << 20)
CONTENT = BLOCK * 4


def config(**swift: object) -> str:
    """A registry that writes a segment for each MiB."""
    storage = {"swift": {"container": f"c{secrets.token_hex(4)}", "chunksize": 1 << 20, **swift}}
    return yaml.safe_dump({"version": "0.1", "storage": storage, "http": {"addr": "127.0.0.1:0", "secret": "s"}})


def as_user(keystone, person, **more: object) -> str:
    login = {"username": person.user, "password": person.password, "domain": "Default"}
    return config(authurl=f"{keystone.url}/v3", authversion=3, **login, **more)


def push(run: Run, seconds: float) -> tuple[int, bool]:
    """Push a blob in one request whose body takes so long; the last status, and whether the blob is there unchanged."""
    url = f"http://127.0.0.1:{run.port}"
    begun = requests.post(f"{url}/v2/x/blobs/uploads/", timeout=60)
    assert begun.status_code == 202, begun.text

    def body() -> Iterator[bytes]:
        for _block in range(4):
            yield BLOCK
            time.sleep(seconds / 4)

    sent = requests.patch(begun.headers["Location"], data=body(), timeout=seconds + 120)
    if sent.status_code != 202:
        return sent.status_code, False
    digest = f"sha256:{hashlib.sha256(CONTENT).hexdigest()}"
    done = requests.put(f"{sent.headers['Location']}&digest={digest}", timeout=120)
    back = requests.get(f"{url}/v2/x/blobs/{digest}", timeout=120)
    return done.status_code, back.content == CONTENT


@pytest.fixture(scope="module")
def short(demo, tmp_path_factory):
    """A Keystone with short tokens and a gateway on it."""
    folder = tmp_path_factory.mktemp("short")
    with running_keystone(folder, TOKEN_SECONDS) as keystone, gateway_on(keystone, demo, 8091) as gateway:
        yield gateway


def logins(keystone) -> int:
    """How many tokens the registry's library has asked for."""
    return sum(
        "POST /v3/auth/tokens" in line and "Go-http" in line or "goswift" in line and "POST" in line
        for line in keystone.logs().splitlines()
    )


@pytest.mark.long
def test_a_token_of_keystone_that_ends_in_a_push(short, tmp_path):
    person = short.keystone.identity.person("member")
    with running(
        tmp_path / "cases", {"own": as_user(short.keystone, person, tenant=person.project, tenantdomain="Default")}
    ) as runs:
        print(runs["own"].out)
        before = logins(short.keystone)
        print(push(runs["own"], 0), logins(short.keystone) - before)
        before = logins(short.keystone)
        print(push(runs["own"], TOKEN_SECONDS + 20), logins(short.keystone) - before)
    print(short.keystone.logs()[-1500:])


@pytest.mark.long
def test_a_token_of_the_gateway_that_ends_in_a_push(demo, tmp_path):
    demo.run(
        "radosgw-admin",
        "subuser",
        "create",
        "--uid=demo",
        "--subuser=demo:push",
        "--access=full",
        "--key-type=swift",
        "--secret=swift-key-of-the-push",
    )
    with second_gateway(demo, port=8092, rgw_swift_token_expiration=str(TOKEN_SECONDS)) as url:
        login = {"username": "demo:push", "password": "swift-key-of-the-push"}
        with running(tmp_path / "cases", {"own": config(authurl=f"{url}/auth/v1", authversion=1, **login)}) as runs:
            print(push(runs["own"], TOKEN_SECONDS + 20))
            print(runs["own"].out[-3000:])
