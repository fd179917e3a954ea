# SPDX-License-Identifier: Apache-2.0
"""Changes one gateway at a time, under load: no request fails, and a change that fails stops at the first gateway."""

from __future__ import annotations

import re
import subprocess
import time

import pytest

from tests.playbooks import unchanged

GATEWAYS = ("rgw1", "rgw2")
IMAGE, NEXT = "rgwkit/ceph:16", "rgwkit-test/gateway:next"
IN_CONTAINERS = {"rgw_gateway_runtime": "docker", "rgw_gateway_image_pull": "never"}


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
    assert unchanged(sound.play("gateway", "--limit", "mons:rgw1"))
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
    # The second host was locked and no more.
    recap = output.partition("PLAY RECAP")[2]
    assert play.process.returncode != 0 and re.search(r"^rgw2 .*changed=0 .*failed=0", recap, re.MULTILINE), recap
    assert sound.pid("rgw2") == before["rgw2"]
    # The one that does not work gets no requests.
    backends = sound.backends()
    assert backends["rgw1-a"] in ("DRAIN", "DOWN") and backends["rgw2-a"] == "UP", output[-6000:]
    time.sleep(3)
    sound.play("gateway")
    assert load.failures + images.failures == []


@pytest.fixture(scope="module")
def in_containers(cluster, tmp_path_factory):
    """Both gateways in containers, and at the end what they were before: of the package. Another image is there, too.

    Both are of Ceph 16: what is in buckets that one of 16 has made, one of 14 answers with HTTP 500.
    """
    recipe = tmp_path_factory.mktemp("image")
    (recipe / "Dockerfile").write_text('FROM rgwkit/ceph:16\nLABEL io.rgwkit.test="the next one"\n')
    subprocess.run(["docker", "build", "--quiet", "--tag", NEXT, str(recipe)], check=True)
    for host in GATEWAYS:
        for image in (IMAGE, NEXT):
            cluster.give_image(host, image)
    subprocess.run(["docker", "rmi", NEXT], check=True)
    cluster.play("gateway", **IN_CONTAINERS, rgw_gateway_image=IMAGE)
    yield cluster
    cluster.play("gateway")


def images_of(cluster):
    form = "--format '{{.Config.Image}}'"
    return {cluster.run(host, f"docker inspect {form} ceph-rgw.{host}.a") for host in GATEWAYS}


def test_an_upgrade(in_containers, load, images):
    assert images_of(in_containers) == {IMAGE}
    in_containers.play("upgrade", **IN_CONTAINERS, rgw_gateway_image=NEXT)
    assert images_of(in_containers) == {NEXT}
    assert load.failures + images.failures == []


def test_a_move_from_containers_to_the_package(in_containers, load, images):
    in_containers.play("gateway")
    assert "0" not in pids(in_containers).values()
    assert load.failures + images.failures == []
