# SPDX-License-Identifier: Apache-2.0
"""What is wrong with a registry's storage is said, with the way out, and a registry that runs goes on as before."""

from __future__ import annotations

import json

import pytest
import requests

from tests.playbooks import free_port

from .registry_host import registry_host


def on(gateway, **more):
    """The role's variables for a registry on the gateway."""
    return {
        "registry_storage": "swift",
        "registry_gateway_endpoint": gateway.url,
        "registry_swift_authurl": f"{gateway.url}/auth/v1",
        "registry_swift_username": gateway.user,
        "registry_swift_secret_file": str(gateway.secret_file),
        "registry_ready_timeout": 15,
        **more,
    }


@pytest.fixture(scope="module")
def host(tmp_path_factory, gateway):
    with registry_host(tmp_path_factory.mktemp("host")) as host:
        run = host.play(**on(gateway))
        assert run.code == 0, run.output[-4000:]
        yield host


@pytest.fixture(scope="module")
def other(gateway, tmp_path_factory):
    """Another user of the gateway, who may store nothing; the role's variables for that user."""
    admin = ("radosgw-admin", "--uid=other")
    gateway.run(*admin, "user", "create", "--display-name=other")
    subuser = ("--subuser=other:swift", "--access=full", "--key-type=swift", "--gen-secret")
    made = json.loads(gateway.run(*admin, "subuser", "create", *subuser))
    gateway.run(*admin, "quota", "set", "--quota-scope=user", "--max-objects=0")
    gateway.run(*admin, "quota", "enable", "--quota-scope=user")
    secret = tmp_path_factory.mktemp("other") / "swift.secret"
    secret.touch(mode=0o600)
    secret.write_text(made["swift_keys"][0]["secret_key"])
    return {"registry_swift_username": "other:swift", "registry_swift_secret_file": str(secret)}


def wrong_key(tmp_path):
    path = tmp_path / "wrong.secret"
    path.touch(mode=0o600)
    path.write_text("not-the-key-of-anybody")
    return str(path)


FAULTS = {
    "gateway-down": (
        lambda gateway, tmp_path: {
            "registry_gateway_endpoint": (url := f"http://127.0.0.1:{free_port()}"),
            "registry_swift_authurl": f"{url}/auth/v1",
        },
        "refused",
    ),
    "wrong-key": (
        lambda gateway, tmp_path: {"registry_swift_secret_file": wrong_key(tmp_path)},
        "is not the one that the gateway knows",
    ),
    "dot": (lambda gateway, tmp_path: {"registry_swift_container": ".abc"}, "storage.swift.container"),
    "slash": (lambda gateway, tmp_path: {"registry_swift_container": "a/bcd"}, "storage.swift.container"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_is_said_and_the_registry_goes_on(host, gateway, tmp_path, fault):
    variables, said = FAULTS[fault]
    expect_refused(host, on(gateway, **variables(gateway, tmp_path)), said)


def test_a_container_of_another_user(host, gateway, other):
    # The storage itself is well for that user: only the container is somebody else's, so the trial finds it.
    trial = {**other, "registry_gateway_endpoint": "", "registry_swift_container": "registry"}
    said = f"the trial of the new configuration of {host.name} failed; nothing was changed"
    expect_refused(host, on(gateway, **trial), said)


def test_a_full_quota(host, gateway, other):
    expect_refused(host, on(gateway, **other, registry_swift_container="another"), "The quota of the user is used up")


def expect_refused(host, variables, said):
    before = host.started()
    run = host.play(**variables)
    assert run.code != 0 and said in run.output, run.output[-4000:]
    assert host.started() == before
    assert requests.get(f"http://127.0.0.1:{host.port}/v2/", timeout=10).status_code == 200
