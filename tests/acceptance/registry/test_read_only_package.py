# SPDX-License-Identifier: Apache-2.0
"""The same where systemd runs: the guard is a unit, and goes on after a reboot. A killed move loses no push."""

from __future__ import annotations

import json
import signal

import pytest
from ansible_collections.rgwkit.ceph.plugins.module_utils.base.login import Login
from ansible_collections.rgwkit.ceph.plugins.module_utils.doctor.runner import wait_ready
from ansible_collections.rgwkit.ceph.plugins.module_utils.http.endpoint import Endpoint

from tests.integration.gateway import running_gateway

from .debian_host import debian_host
from .image_set import ImageSet, all_faults
from .waiting import push_status, wait_until

FIRST, SECOND = ImageSet(repositories=2, tags=3, bases=2), ImageSet(repositories=3, tags=3, bases=2)
S3 = {"registry_storage": "s3"}


@pytest.fixture(scope="module")
def host(tmp_path_factory):
    with running_gateway(tmp_path_factory.mktemp("gateway")) as gateway:
        url = f"http://{gateway.run('hostname', '-i').split()[0]}:8080"
        ready = wait_ready(Endpoint.parse(url), Login(gateway.user, gateway.secret), 60)
        assert ready.ok, f"{ready}\n{gateway.logs()[-4000:]}"
        with debian_host(tmp_path_factory.mktemp("package")) as host:
            host.use_storage(gateway, url)
            first = host.play()
            assert first.code == 0, first.output[-4000:]
            yield host


def test_a_move_that_was_killed_goes_back_to_swift_and_the_next_one_has_what_was_pushed_meanwhile(host):
    images = FIRST.push(url(host))
    # Above what one registry's turn takes on a busy machine, as the lease is renewed only after that.
    killed_in(host, "Verify that every tag resolves", "registry_migrate", **S3, registry_readonly_lease=150)
    assert push_status(url(host)) == 405
    assert "  s3:" in host.tell("cat", "/etc/rgwkit/hub/config.yml")
    assert host.shown("ActiveState", "hub-lease") == "active"
    assert host.shown("UnitFileState", "hub-lease") == "enabled"
    wait_until(lambda: push_status(url(host)) == 202, 240)
    assert "  swift:" in host.tell("cat", "/etc/rgwkit/hub/config.yml")
    wait_until(lambda: nothing_left(host), 30)
    images |= SECOND.push(url(host))
    moved = host.play(playbook="registry_migrate", **S3)
    assert moved.code == 0, moved.output[-6000:]
    assert "  s3:" in host.tell("cat", "/etc/rgwkit/hub/config.yml")
    assert all_faults(url(host), images) == []
    assert push_status(url(host)) == 202 and nothing_left(host)
    again = host.play(**S3)
    assert (again.code, again.count("changed")) == (0, 0), again.output[-4000:]


def test_a_collection_that_was_ended_by_a_reboot_leaves_it_writable(host):
    killed_in(host, "Collect the garbage", "registry_gc", **S3, registry_readonly_lease=90)
    host.boot()
    wait_until(lambda: push_status(url(host)) != 0, 60)
    assert push_status(url(host)) == 405
    assert host.shown("ActiveState", "hub-lease") == "active"
    wait_until(lambda: push_status(url(host)) == 202, 180)
    wait_until(lambda: nothing_left(host), 30)
    again = host.play(**S3)
    assert (again.code, again.count("changed")) == (0, 0), again.output[-4000:]


def url(host) -> str:
    return f"http://{host.address}:5001"


def nothing_left(host) -> bool:
    found = host.tell("find", "/etc/rgwkit/hub", "/etc/systemd/system", "-name", "*lease*")
    return found == "" and host.shown("LoadState", "hub-lease") == "not-found"


def killed_in(host, task, playbook, **variables) -> None:
    """Kill the play as soon as it says that it begins with the task, and what it has started here."""
    with host.playing(playbook, **variables) as (process, said):
        wait_until(lambda: f"registry : {task}]" in said.read_text(), 240, process)
    assert process.returncode == -signal.SIGKILL, json.dumps(said.read_text()[-4000:])
