# SPDX-License-Identifier: Apache-2.0
"""The same where systemd runs: the guard is a unit, and goes on after a reboot. A killed move loses no push."""

from __future__ import annotations

import json
import signal
import time

import pytest
import requests
from ansible_collections.rgwkit.ceph.plugins.module_utils.rgw_wire_endpoint import Endpoint
from ansible_collections.rgwkit.ceph.plugins.module_utils.swift_runner import wait_ready

from tests.integration.gateway import running_gateway

from .debian_host import debian_host
from .image_set import ImageSet, all_faults
from .storage_site import CHUNK_BYTES
from .test_package_storage import write

FIRST, SECOND = ImageSet(repositories=2, tags=3, bases=2), ImageSet(repositories=3, tags=3, bases=2)
KEY, LEASE = "/etc/rgwkit-test/storage.key", "/etc/rgwkit/hub/lease"
S3 = {"registry_storage": "s3"}


@pytest.fixture(scope="module")
def host(tmp_path_factory):
    with running_gateway(tmp_path_factory.mktemp("gateway")) as gateway:
        url = f"http://{gateway.run('hostname', '-i').split()[0]}:8080"
        ready = wait_ready(Endpoint.parse(url), gateway.user, gateway.secret, 60)
        assert ready.ok, f"{ready}\n{gateway.logs()[-4000:]}"
        with debian_host(tmp_path_factory.mktemp("package")) as host:
            write(host, KEY, gateway.secret)
            host.variables |= {
                "registry_address": "0.0.0.0",
                "registry_open": True,
                "registry_gateway_endpoint": url,
                "registry_storage": "swift",
                "registry_swift_authurl": f"{url}/auth/v1",
                "registry_swift_username": gateway.user,
                "registry_swift_secret_file": KEY,
                "registry_swift_chunksize": CHUNK_BYTES,
                "registry_s3_regionendpoint": url,
                "registry_s3_bucket": "registry-s3",
                "registry_s3_accesskey": gateway.access_key,
                "registry_s3_secret_file": KEY,
            }
            first = host.play()
            assert first.code == 0, first.output[-4000:]
            yield host


def test_a_move_that_was_killed_goes_back_to_swift_and_the_next_one_has_what_was_pushed_meanwhile(host):
    images = FIRST.push(url(host))
    # Above what one registry's turn takes on a busy machine, as the lease is renewed only after that.
    killed_in(host, "Every tag resolves", "registry_migrate", **S3, registry_readonly_lease=150)
    assert push_status(host) == 405
    assert "  s3:" in host.tell("cat", "/etc/rgwkit/hub/config.yml")
    assert host.shown("ActiveState", "hub-lease") == "active"
    assert host.shown("UnitFileState", "hub-lease") == "enabled"
    wait_until(lambda: push_status(host) == 202, 240)
    assert "  swift:" in host.tell("cat", "/etc/rgwkit/hub/config.yml")
    wait_until(lambda: nothing_left(host), 30)
    images |= SECOND.push(url(host))
    moved = host.play(playbook="registry_migrate", **S3)
    assert moved.code == 0, moved.output[-6000:]
    assert "  s3:" in host.tell("cat", "/etc/rgwkit/hub/config.yml")
    assert all_faults(url(host), images) == []
    assert push_status(host) == 202 and nothing_left(host)
    again = host.play(**S3)
    assert (again.code, again.count("changed")) == (0, 0), again.output[-4000:]


def test_a_collection_that_was_ended_by_a_reboot_leaves_it_writable(host):
    killed_in(host, "Collect", "registry_gc", **S3, registry_readonly_lease=90)
    host.boot()
    wait_until(lambda: push_status(host) != 0, 60)
    assert push_status(host) == 405
    assert host.shown("ActiveState", "hub-lease") == "active"
    wait_until(lambda: push_status(host) == 202, 180)
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


def push_status(host) -> int:
    """The status that the beginning of a push gets, 0 while nobody listens."""
    try:
        return requests.post(f"{url(host)}/v2/canary/blobs/uploads/", timeout=30).status_code
    except (requests.ConnectionError, IndexError):
        return 0


def wait_until(condition, seconds, process=None) -> None:
    """Wait for the condition; a process has to go on meanwhile."""
    until = time.monotonic() + seconds
    while not condition():
        assert process is None or process.poll() is None, "it has ended too soon"
        assert time.monotonic() < until
        time.sleep(0.2)
