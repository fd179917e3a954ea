# SPDX-License-Identifier: Apache-2.0
"""One gateway for all tests here, and what they ask of it without the engine under test."""

from __future__ import annotations

from pathlib import Path
from typing import Callable, Iterator

import pytest
import requests
from ansible_collections.rgwkit.ceph.plugins.module_utils.base.login import Login
from ansible_collections.rgwkit.ceph.plugins.module_utils.doctor.catalogue import PROBES, select
from ansible_collections.rgwkit.ceph.plugins.module_utils.doctor.runner import Report, verify, wait_ready
from ansible_collections.rgwkit.ceph.plugins.module_utils.doctor.session import RegistryUse
from ansible_collections.rgwkit.ceph.plugins.module_utils.http.endpoint import Endpoint

from tests.certificates import write_self_signed
from tests.integration.gateway import Gateway, running_gateway

Run = Callable[..., Report]
# Of a registry that has not been there yet, and larger than what nginx lets through by default.
CONTAINER = "registry-of-tests"
SEGMENT = 2 << 20
IDLE = Login("idle:swift", "key-of-the-idle-user")
# Seconds for a probe that is to pass, also on a machine that is busy with something else.
PATIENCE = 15


@pytest.fixture(scope="session")
def gateway(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Gateway]:
    with running_gateway(tmp_path_factory.mktemp("gateway")) as running:
        ready = wait_ready(Endpoint.parse(running.url), Login(running.user, running.secret), 60)
        if not ready.ok:
            pytest.fail(f"the gateway is not ready: {ready}\n{running.logs()[-4000:]}")
        prepare(running)
        yield running


def prepare(gateway: Gateway) -> None:
    """Give the demo user what optional probes need: a temp URL key, a quota far away, and somebody who is suspended."""
    requests.post(
        f"{gateway.url}/swift/v1",
        headers={"X-Auth-Token": token_of(gateway), "X-Account-Meta-Temp-Url-Key": "key-of-temp-urls"},
        timeout=10,
    ).raise_for_status()
    quota = ("--uid=demo", "--quota-scope=user")
    gateway.run("radosgw-admin", "quota", "set", *quota, "--max-size=100G", "--max-objects=100000")
    gateway.run("radosgw-admin", "quota", "enable", *quota)
    make_subuser(gateway, IDLE, "full")
    gateway.run("radosgw-admin", "user", "suspend", "--uid=idle")


def make_subuser(gateway: Gateway, login: Login, access: str) -> None:
    """Make a user with one subuser and its swift key; `access` is a word of radosgw-admin's, or empty for <none>."""
    uid = login.user.partition(":")[0]
    subuser = f"--subuser={login.user}"
    gateway.run("radosgw-admin", "user", "create", f"--uid={uid}", f"--display-name={uid}")
    gateway.run(
        "radosgw-admin", "subuser", "create", f"--uid={uid}", subuser, *([f"--access={access}"] if access else [])
    )
    secret = f"--secret-key={login.secret}"
    gateway.run("radosgw-admin", "key", "create", f"--uid={uid}", subuser, "--key-type=swift", secret)


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_self_signed(tmp_path_factory.mktemp("tls") / "gateway.pem")


@pytest.fixture
def run(gateway: Gateway) -> Run:
    """Run probes against the gateway or a proxy before it, with all that any of them can need."""

    def run(url: str, *probes: str, ca_file: Path | None = None, seconds: float = PATIENCE) -> Report:
        return verify(
            Endpoint.parse(url, str(ca_file) if ca_file else None),
            Login(gateway.user, gateway.secret),
            select(probes),
            seconds,
            s3_login=Login(gateway.access_key, gateway.secret),
            suspended=IDLE,
            registry=RegistryUse(CONTAINER, SEGMENT),
        )

    return run


# For users of Keystone only; tests/integration/keystone/test_verify.py runs them.
OF_KEYSTONE = {"revoked-token", "token-cache", "no-project"}
ALL_WELL = {probe.name: "skipped" if probe.name in OF_KEYSTONE else "ok" for probe in PROBES}
# Where a release of Ceph itself deviates: the probe, a warning by its severity, and what it says.
KNOWN = {14: {"refused-upload": "connection-desync", "quota-room": "skipped"}}


@pytest.fixture
def well(gateway: Gateway) -> dict[str, str]:
    """What every probe says of this release when nothing is wrong with it."""
    release = int(gateway.run("ceph", "--version").split()[2].partition(".")[0])
    return ALL_WELL | KNOWN.get(release, {})


def words(report: Report) -> dict[str, str]:
    return {verdict.probe: verdict.verdict for verdict in report.verdicts}


def token_of(gateway: Gateway) -> str:
    login = {"X-Auth-User": gateway.user, "X-Auth-Key": gateway.secret}
    auth = requests.get(f"{gateway.url}/auth/v1", headers=login, timeout=10)
    auth.raise_for_status()
    return auth.headers["X-Auth-Token"]


def containers_of(gateway: Gateway) -> list[str]:
    """The containers of the demo user, as the requests library sees them."""
    token = {"X-Auth-Token": token_of(gateway)}
    listing = requests.get(f"{gateway.url}/swift/v1", headers=token, timeout=10)
    listing.raise_for_status()
    return listing.text.split()


@pytest.fixture(autouse=True)
def nothing_is_left(gateway: Gateway) -> Iterator[None]:
    """Every test here has to leave the gateway as it was."""
    before = containers_of(gateway)
    yield
    assert containers_of(gateway) == before
