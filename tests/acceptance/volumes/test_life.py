# SPDX-License-Identifier: Apache-2.0
"""A volume whose driver is killed, whose gateway is away, and whose host boots again: what is lost is counted."""

from __future__ import annotations

import re

import pytest

from .site import CACHE, UNIT

BYTES = 256 * 1024
# Each run of the script has names of its own. dd says that a file is written after fsync() has come back.
WRITER = f"""run=$(date +%s%N); i=0; while :; do i=$((i+1)); f=$run-$i
if dd if=/dev/zero of=/data/$f bs=64k count={BYTES // 65536} conv=fsync 2>/dev/null; then echo ack $f; else echo fail $f
fi; sleep 0.1; done"""
DEAD = "Transport endpoint is not connected"


@pytest.fixture
def one(site):
    """The first host; no test leaves containers or volumes there."""
    host = site.hosts["docker-1"]
    yield host
    host.tell("sh", "-c", "docker rm --force $(docker ps --all --quiet) 2>/dev/null")
    gone = site.module("docker-1", purge=True)
    assert not gone["failed"], gone


def acknowledged(host, container):
    return re.findall(r"^ack (\S+)", host.tell("docker", "logs", container), re.MULTILINE)


def wait_for_acks(host, container, number):
    host.wait_for(lambda: len(acknowledged(host, container)) >= number, f"{number} files")


def whole(site, container, names):
    """Which of these files swift has with all their bytes."""
    found = site.objects(container)
    return [name for name in names if found.get(name) == BYTES]


def test_a_driver_killed_under_a_writing_container_loses_nothing_acknowledged(site, one):
    site.module("docker-1", {"name": "killed"})
    one.start_box("writer", "killed", WRITER)
    one.start_box("idle", "killed", "sleep 600")
    wait_for_acks(one, "writer", 20)
    one.kill_driver()
    one.wait_for(lambda: "fail" in one.tell("docker", "logs", "writer"), "a failure")
    written = acknowledged(one, "writer")
    at_once = whole(site, "killed", written)
    print(f"{len(written)} files acknowledged, {len(at_once)} of them in swift when the driver was killed")
    # systemd has started the driver again; the containers do not get their mounts by themselves.
    looked = site.module("docker-1")
    assert not looked["changed"]
    told = {(one["container"], one["volume"], one["path"], one["problem"]) for one in looked["dead_mounts"]}
    assert told == {("writer", "killed", "/data", DEAD), ("idle", "killed", "/data", DEAD)}
    assert any("dead mounts in idle (killed at /data" in text for text in looked["warnings"])
    assert site.module("docker-1", restart_containers=True, check=True)["changed"]
    assert len(site.module("docker-1")["dead_mounts"]) == 2
    restarted = site.module("docker-1", restart_containers=True)
    assert restarted["changed"] and all(one["restarted"] for one in restarted["dead_mounts"])
    assert "2 containers restarted (idle, writer)" in restarted["summary"]
    wait_for_acks(one, "writer", len(written) + 5)
    one.tell("docker", "kill", "writer", "idle")
    one.wait_for(lambda: not site.module("docker-1", cache=CACHE)["not_uploaded"], "the uploads")
    everything = acknowledged(one, "writer")
    lost = set(everything) - set(whole(site, "killed", everything))
    print(f"{len(everything)} files acknowledged in the end, {len(lost)} lost")
    assert lost == set()
    assert not site.module("docker-1", restart_containers=True)["changed"]


def test_a_driver_that_stops_in_order_leaves_no_failed_unit(one):
    one.tell("systemctl", "restart", UNIT)
    one.wait_for(one.driver_answers, "the driver")
    assert one.shown("Result", UNIT) == "success" and "Failed" not in one.tell("journalctl", "-u", UNIT, "-n", "4")


def test_files_that_do_not_reach_the_gateway_are_told_and_uploaded_later(site, one):
    site.module("docker-1", {"name": "away"})
    one.start_box("writer", "away", "sleep 600")
    gateway = site.gateway.run("hostname", "-i").split()[0]
    # rclone knows the folder for some seconds, in which a file can be written without the gateway.
    steps = (
        "docker exec writer ls /data",
        f"ip route add prohibit {gateway}",
        "docker exec writer sh -c 'echo kept >/data/late && echo closed'",
    )
    try:
        assert one.tell("sh", "-c", "; ".join(steps)) == "closed"
        one.tell("docker", "kill", "writer")
        looked = site.module("docker-1", cache=CACHE)
        assert looked["not_uploaded"] == ["rgw/away/late"] and "late" not in site.objects("away")
        assert any("rgw/away/late" in text for text in looked["warnings"])
    finally:
        one.tell("ip", "route", "delete", "prohibit", gateway)
    assert one.run_box("away", "cat /data/late") == "kept"
    one.wait_for(lambda: "late" in site.objects("away"), "the upload")
    assert site.module("docker-1", cache=CACHE)["not_uploaded"] == []


def test_after_a_boot_containers_have_their_volumes(site, one):
    site.module("docker-1", {"name": "boot"})
    one.start_box("server", "boot", "while :; do date >/data/now; sleep 1; done")
    one.tell("docker", "update", "--restart=always", "server")
    one.wait_for(lambda: "now" in site.objects("boot"), "a file")
    one.boot()
    one.wait_for(lambda: one.tell("docker", "inspect", "--format={{.State.Running}}", "server") == "true", "docker")
    assert one.volume("boot")["Driver"] == "rgwkit"
    before = site.swift("GET", "boot/now").text
    one.wait_for(lambda: site.swift("GET", "boot/now").text != before, "another content")
    found = site.module("docker-1", {"name": "boot"})
    assert not found["changed"] and found["dead_mounts"] == [] and found["drivers_gone"] == []
