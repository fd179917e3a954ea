# SPDX-License-Identifier: Apache-2.0
"""Demo containers for tests: of the release and image that tests/ceph.py names."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator
from functools import partial

import pytest

from tests.ceph import IMAGE, RELEASE

from .demo import ACCESS_KEY, Demo, docker


@pytest.fixture(scope="session")
def release() -> int:
    return RELEASE


@pytest.fixture(scope="session")
def image() -> str:
    return IMAGE


@pytest.fixture(scope="session")
def secret() -> str:
    return f"canary-{secrets.token_hex(12)}"


@pytest.fixture(scope="session")
def user(secret: str) -> dict[str, str]:
    """The variables of the demo user."""
    return {"CEPH_DEMO_UID": "demo", "CEPH_DEMO_ACCESS_KEY": ACCESS_KEY, "CEPH_DEMO_SECRET_KEY": secret}


@pytest.fixture(scope="module")
def volume() -> Iterator[Callable[[], str]]:
    """Make volumes, which are gone after the module's last test."""
    names: list[str] = []

    def make() -> str:
        names.append(f"rgwkit-test-{secrets.token_hex(4)}")
        return docker("volume", "create", names[-1])

    yield make
    for name in names:
        docker("volume", "rm", "--force", name)


@pytest.fixture(scope="module")
def network() -> Iterator[Callable[[], str]]:
    """Make networks whose containers have an IPv6 address, too; they are gone after the module's last test."""
    names: list[str] = []

    def make() -> str:
        names.append(f"rgwkit-test-{secrets.token_hex(4)}")
        subnet = f"fd{secrets.token_hex(1)}:{secrets.token_hex(2)}::/64"
        docker("network", "create", "--ipv6", f"--subnet={subnet}", names[-1])
        return names[-1]

    yield make
    for name in names:
        docker("network", "rm", name)


@pytest.fixture(scope="module")
def run_image(volume: Callable[[], str], network: Callable[[], str]) -> Iterator[Callable[..., Demo]]:
    """Start demo containers, which are gone after the module's last test, and before its volumes and networks."""
    started: list[Demo] = []

    def start(image: str, *options: str, port: int = 8080, **environment: str) -> Demo:
        started.append(Demo.start(image, options, port, environment))
        return started[-1]

    yield start
    for demo in started:
        demo.remove()


@pytest.fixture(scope="module")
def run(image: str, run_image: Callable[..., Demo]) -> Callable[..., Demo]:
    """Start containers of the image under test."""
    return partial(run_image, image)
