# SPDX-License-Identifier: Apache-2.0
"""Changes one gateway at a time, under load: no request fails, and a change that fails stops at the first gateway."""

from __future__ import annotations

import time

GATEWAYS = ("rgw1", "rgw2")


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
