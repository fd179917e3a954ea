# SPDX-License-Identifier: Apache-2.0
"""Plays that are cut off, that meet another one, and that are asked for what cannot be."""

from __future__ import annotations

import json
import os
import signal
import time

import pytest

from tests.playbooks import unchanged

CHANGE = {"rgw_gateway_options": {"rgw_swift_token_expiration": 85000}}

LOCKS = "find /run/rgwkit -name '*.lock'"


def refused(cluster, *options, **variables):
    """What a play says that has to fail, in the time of a person's patience and without a change."""
    began = time.monotonic()
    play = cluster.begin("gateway", "--limit", "mons:rgw1", *options, **variables)
    output = play.wait()
    assert play.process.returncode != 0 and "changed: [" not in output
    assert time.monotonic() - began < 180
    return " ".join(output.split())


def test_a_play_killed_in_the_middle_is_made_good_by_the_next(sound):
    play = sound.begin("gateway", **CHANGE)
    # The moment when the section is written and nothing is restarted yet.
    sound.wait_for(lambda: "85000" in sound.run("rgw1", "cat /etc/ceph/ceph.conf"), "the section to be written", 300)
    os.kill(play.process.pid, signal.SIGKILL)
    play.wait()
    before = sound.pid("rgw1")
    sound.play("gateway", **CHANGE)
    assert sound.pid("rgw1") != before
    assert unchanged(sound.play("gateway", "--limit", "mons:rgw1", **CHANGE))
    sound.play("gateway")


def test_the_second_of_two_plays_says_so_and_stops(sound):
    for host in ("rgw1", "rgw2"):  # both differ, so the first play takes its time
        sound.run(host, "echo '# by hand' >>/etc/ceph/ceph.conf")
    first = sound.begin("gateway")
    sound.wait_for(lambda: sound.run("ceph1", LOCKS) != "", "the first to have the lock")
    second = sound.begin("gateway")
    said = second.wait()
    assert second.process.returncode != 0 and "another play works on this host: process" in said
    assert first.wait() and first.process.returncode == 0
    assert sound.run("ceph1", LOCKS) == ""


@pytest.mark.parametrize(
    ("variables", "said"),
    [
        ({"rgw_gateway_fsid": "11111111-2222-3333-4444-555555555555"}, "the monitors' cluster is 7d5a3f1e"),
        (
            {
                "rgw_gateway_instances": [
                    {"name": "a", "port": 8080},
                    {"name": "a", "port": 8082, "address": "192.0.2.9"},
                ]
            },
            "2 instances have the name a",
        ),
        ({"rgw_gateway_zone": "north"}, "the cluster has no zone north (it has: default)"),
        ({"rgw_gateway_frontend_options": {"tcp_nodely": 1}}, "beast of Ceph 16 ignores without a word: tcp_nodely"),
        ({"rgw_gateway_admin_host": ""}, "the group mons has no hosts"),
    ],
)
def test_what_cannot_be_is_refused_with_a_remedy(sound, variables, said):
    output = refused(sound, **variables)
    assert said in output and ("remedy:" in output or "Next:" in output)


def test_a_keyring_of_another_cluster(sound):
    sound.run(
        "ceph2",
        "cp -a /etc/ceph/ceph.client.admin.keyring /root/kept && "
        "ceph-authtool /etc/ceph/ceph.client.admin.keyring --gen-key --name client.admin",
    )
    try:
        assert "Is it of another cluster?" in refused(sound, rgw_gateway_admin_host="ceph2")
    finally:
        sound.run("ceph2", "mv /root/kept /etc/ceph/ceph.client.admin.keyring")


def test_monitors_without_a_quorum_are_not_waited_for(sound):
    status = "ceph daemon mon.ceph1 mon_status"
    try:
        for host in ("ceph2", "ceph3"):
            sound.run(host, f"systemctl stop ceph-mon@{host}")
        # Until its lease ends, the last one answers questions as if nothing had happened.
        sound.wait_for(lambda: json.loads(sound.run("ceph1", status))["quorum"] == [], "the loss of the quorum", 60)
        assert "no end within 15 s. Most often no monitor answers" in refused(sound)
    finally:
        for host in ("ceph2", "ceph3"):
            sound.run(host, f"systemctl start ceph-mon@{host}")


def test_a_group_without_hosts(sound, tmp_path):
    (tmp_path / "hosts.yml").write_text("all: {children: {mons: {hosts: {ceph1: }}, rgws: {}, ingress: {}}}\n")
    done = sound.begin("site", inventories=[str(tmp_path)])
    assert "the group rgws has no hosts" in " ".join(done.wait().split()) and done.process.returncode != 0


def test_no_secret_is_shown_with_all_verbosity(sound):
    """Also when the key is made, read and copied, and the users' files are written."""
    sound.run("ceph1", "ceph auth del client.rgw.rgw1.a; rm -f /etc/ceph/ceph.client.rgw.rgw1.a.keyring")
    sound.run("rgw1", "rm -f /etc/rgwkit/gateway/*.secret")
    output = sound.play("gateway", "--limit", "mons:rgw1", "--diff", "-vvvv")
    secrets = [entry["key"] for entry in sound.ceph("auth", "ls")["auth_dump"]]
    secrets += sound.run("rgw1", "cat /etc/rgwkit/gateway/*.secret").split()
    assert len(secrets) > 10 and not [secret for secret in secrets if secret in output]
    assert not [
        secret for secret in secrets if secret in sound.run("rgw1", "ps axww || cat /proc/*/cmdline | tr '\\0' ' '")
    ]
