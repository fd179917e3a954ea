# SPDX-License-Identifier: Apache-2.0
"""What breaks under load. Requests may fail while it is broken, the load says how many; what was acknowledged stays."""

from __future__ import annotations

import time

MONITORS = "10.87.6.11,10.87.6.12,10.87.6.13"
UNIT = "ceph-radosgw@rgw.rgw1.a"


def served_meanwhile(load, seconds):
    """How many objects were stored in that time."""
    before = len(load.stored)
    time.sleep(seconds)
    return len(load.stored) - before


def test_a_gateway_is_killed(sound, load):
    time.sleep(2)
    before = sound.pid("rgw1")
    sound.run("rgw1", f"systemctl kill --signal KILL {UNIT}")
    assert served_meanwhile(load, 10) > 0
    sound.wait_for(lambda: sound.pid("rgw1") not in ("0", before), "systemd to start it again")


def test_an_osd_is_down(sound, load):
    time.sleep(2)
    sound.run("ceph3", "systemctl kill --signal KILL ceph-osd@2; systemctl stop ceph-osd@2")
    sound.wait_for(lambda: "OSD_DOWN" in sound.ceph("health")["checks"], "the monitors to see it")
    assert served_meanwhile(load, 10) > 0
    sound.run("ceph3", "systemctl reset-failed ceph-osd@2; systemctl start ceph-osd@2")


def test_the_leader_of_the_monitors_is_down(sound, load):
    leader = sound.ceph("quorum_status")["quorum_leader_name"]
    other = next(name for name in ("ceph1", "ceph2", "ceph3") if name != leader)
    sound.run(leader, f"systemctl stop ceph-mon@{leader}")
    try:
        sound.wait_for(lambda: sound.run(other, "timeout 20 ceph quorum_status || true") != "", "another leader")
        assert served_meanwhile(load, 10) > 0
    finally:
        sound.run(leader, f"systemctl reset-failed ceph-mon@{leader}; systemctl start ceph-mon@{leader}")


def test_a_gateway_is_cut_off_from_the_cluster(sound, load):
    time.sleep(2)
    sound.run("rgw1", f"iptables -I OUTPUT -d {MONITORS} -j DROP")
    try:
        sound.wait_for(lambda: sound.backends()["rgw1-a"] == "DOWN", "the ingress to take it out", 120)
        assert served_meanwhile(load, 5) > 0
    finally:
        sound.run("rgw1", f"iptables -D OUTPUT -d {MONITORS} -j DROP")
    sound.wait_for(lambda: sound.backends()["rgw1-a"] == "UP", "the ingress to take it back", 120)


def test_the_ingress_restarts(sound, load):
    time.sleep(2)
    sound.run("ingress1", "systemctl restart rgwkit-ingress")
    assert served_meanwhile(load, 5) > 0
