# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import time
from contextlib import ExitStack, suppress

import pytest
import requests

from tests.hosts.docker import DOCKER
from tests.hosts.systemd import booted
from tests.integration.gateway import running_gateway

from .site import DockerHost, Site

HOSTS = ("docker-1", "docker-2")


def wait_for_swift(site):
    """Wait until the gateway lets the demo user in."""
    until = time.monotonic() + 120
    while True:
        with suppress(requests.RequestException, KeyError):
            site.swift("GET", "")
            return
        assert time.monotonic() < until, site.gateway.logs()[-2000:]
        time.sleep(0.5)


@pytest.fixture(scope="package")
def site(tmp_path_factory):
    """Two hosts whose volume drivers run, without volumes."""
    made = DOCKER.make()
    assert made.code == 0, made.output[-3000:]
    folder = tmp_path_factory.mktemp("volumes")
    with ExitStack() as stack:
        gateway = stack.enter_context(running_gateway(folder))
        site = Site(gateway, folder)
        wait_for_swift(site)
        for name in HOSTS:
            site.hosts[name] = stack.enter_context(booted(DockerHost(folder), "--cpu-shares=2", image=DOCKER))
            site.hosts[name].prepare(gateway.secret)
        site.check_first()
        run = site.play(limit="docker_hosts")
        assert run.code == 0, run.output[-4000:]
        yield site
