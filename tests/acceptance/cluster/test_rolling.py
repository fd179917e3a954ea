# SPDX-License-Identifier: Apache-2.0
"""Changes one gateway at a time, under load: no request fails, and a change that fails stops at the first gateway."""

from __future__ import annotations

import time

import pytest

GATEWAYS = ("rgw1", "rgw2")
IN_CONTAINERS = {"rgw_gateway_runtime": "container", "rgw_gateway_image_pull": "never"}


def pids(cluster):
    return {host: cluster.pid(host) for host in GATEWAYS}


def test_a_change_of_options(sound, load, images):
    before = pids(sound)
    sound.play("gateway", rgw_gateway_options={"rgw_swift_token_expiration": 86000})
    assert not set(before.values()) & set(pids(sound).values())
    assert load.failures + images.failures == []


def test_a_change_back(sound, load, images):
    """And nothing is restarted that runs on what it should."""
    sound.play("gateway")
    before = pids(sound)
    assert "changed=0" in sound.play("gateway", "--limit", "mons:rgw1")
    assert pids(sound) == before
    assert load.failures + images.failures == []


def test_new_keys(sound, load, images):
    entities = [f"client.rgw.{host}.a" for host in GATEWAYS]
    keys = [sound.ceph("auth", "get-key", entity)["key"] for entity in entities]
    for entity in entities:
        sound.run("ceph1", f"ceph auth del {entity}")
    sound.play("gateway")
    assert not set(keys) & {sound.ceph("auth", "get-key", entity)["key"] for entity in entities}
    assert load.failures + images.failures == []


def test_a_change_that_does_not_work_stops_at_the_first_gateway(sound, load, images):
    before = pids(sound)
    play = sound.begin("gateway", rgw_gateway_options={"rgw_enable_apis": "s3, admin"}, rgw_gateway_ready_timeout=10)
    output = play.wait()
    assert play.process.returncode != 0 and "rgw2" not in output.partition("PLAY RECAP")[2]
    assert sound.pid("rgw2") == before["rgw2"]
    # The one that does not work gets no requests.
    backends = sound.backends()
    assert backends["rgw1-a"] in ("DRAIN", "DOWN") and backends["rgw2-a"] == "UP", output[-6000:]
    time.sleep(3)
    sound.play("gateway")
    assert load.failures + images.failures == []


@pytest.fixture(scope="module")
def in_containers(cluster):
    """Both gateways in containers of Ceph 14, and at the end what they were before: of the package, which is 16."""
    for host in GATEWAYS:
        for release in ("14", "16"):
            cluster.give_image(host, f"rgwkit/ceph:{release}")
    cluster.play("gateway", **IN_CONTAINERS, rgw_gateway_image="rgwkit/ceph:14")
    yield cluster
    cluster.play("gateway")


def versions(cluster):
    return {cluster.run(host, f"docker exec ceph-rgw.{host}.a radosgw --version").split()[2][:3] for host in GATEWAYS}


def test_an_upgrade_from_14_to_16(in_containers, load, images):
    assert versions(in_containers) == {"14."}
    in_containers.play("upgrade", **IN_CONTAINERS, rgw_gateway_image="rgwkit/ceph:16")
    assert versions(in_containers) == {"16."}
    assert load.failures + images.failures == []


def test_a_move_from_containers_to_the_package(in_containers, load, images):
    in_containers.play("gateway")
    assert "0" not in pids(in_containers).values()
    assert load.failures + images.failures == []
