# SPDX-License-Identifier: Apache-2.0
"""All hosts are compared at once; only those that differ go through their role, and everything is verified."""

from __future__ import annotations

import re

import pytest

from tests.playbooks import unchanged


def changed_hosts(output: str) -> set[str]:
    """The hosts on which a run did more than to compare and to verify."""
    words = r"^included: \S+/roles/(?:rgw_gateway|rgw_ingress|registry)/tasks/present.yml for (.+)$"
    return {host for line in re.findall(words, output, re.MULTILINE) for host in line.split(", ")}


def tasks_of(output: str, host: str) -> int:
    """How many tasks ran on a host."""
    found = re.search(rf"^{host} .*?\bok=(\d+)", output.partition("PLAY RECAP")[2], re.MULTILINE)
    assert found, output[-2000:]
    return int(found[1])


def one_line(output: str) -> str:
    return " ".join(output.split())


def test_nothing_differs(sound, load, images):
    pids = [sound.pid(host) for host in ("rgw1", "rgw2")]
    output = sound.play("site")
    assert changed_hosts(output) == set() and unchanged(output)
    assert output.count("nothing differs, and all gateways passed") == 2
    # The proof of each service runs in every run.
    assert output.count("TASK [rgwkit.ceph.rgw_gateway : Verify the gateways that do not differ]") == 1
    # What one more gateway costs a run that changes nothing.
    assert tasks_of(output, "rgw2") <= 8
    assert [sound.pid(host) for host in ("rgw1", "rgw2")] == pids
    assert load.failures + images.failures == []


@pytest.mark.parametrize(
    ("playbook", "host", "spoil", "said"),
    [
        ("gateway", "rgw2", "systemctl stop ceph-radosgw@rgw.rgw2.a", "client.rgw.rgw2.a: process: inactive (dead)"),
        ("gateway", "rgw1", "echo '# by hand' >>/etc/ceph/ceph.conf", "client.rgw.rgw1.a: /etc/ceph/ceph.conf"),
        (
            "ingress",
            "ingress1",
            "echo '# by hand' >>/etc/rgwkit/rgwkit-ingress/haproxy.cfg",
            "/etc/rgwkit/rgwkit-ingress/haproxy.cfg",
        ),
        ("registry", "registry2", "docker stop rgwkit-registry", "rgwkit-registry differs: process: exited"),
    ],
)
def test_what_differs_on_one_host_is_named_and_mended_there_alone(sound, playbook, host, spoil, said):
    sound.run(host, spoil)
    assert said in one_line(sound.play(playbook, "--check", "--diff"))
    output = sound.play(playbook)
    assert said in one_line(output) and changed_hosts(output) == {host}
    assert changed_hosts(sound.play(playbook)) == set()


def test_caps_that_somebody_changed_in_the_cluster(sound):
    before = sound.ceph("auth", "get", "client.rgw.rgw2.a")[0]["caps"]
    sound.run("ceph1", "ceph auth caps client.rgw.rgw2.a mon 'allow r' osd 'allow rwx tag rgw *=*' mgr 'allow rw'")
    pid = sound.pid("rgw2")
    output = sound.play("gateway")
    assert "client.rgw.rgw2.a: caps" in one_line(output) and changed_hosts(output) == {"rgw2"}
    assert sound.ceph("auth", "get", "client.rgw.rgw2.a")[0]["caps"] == before
    # Caps count from the next request on; nobody needs a restart for them.
    assert sound.pid("rgw2") == pid


def test_a_gateway_that_answers_wrongly_differs(sound):
    """The process runs, and nothing but the verification can tell."""
    keyring = "--name client.rgw.rgw1.a --keyring /var/lib/ceph/radosgw/ceph-rgw.rgw1.a/keyring"
    key = "key create --subuser rgwkit-verify:swift --key-type swift --gen-secret"
    sound.run("rgw1", f"radosgw-admin {key} {keyring}")
    output = sound.play("gateway", "--limit", "mons:rgw1")
    assert "client.rgw.rgw1.a: the verification failed" in one_line(output) and changed_hosts(output) == {"rgw1"}
    assert changed_hosts(sound.play("gateway", "--limit", "mons:rgw1")) == set()


def test_a_gateway_that_cannot_be_verified_differs(sound):
    """Without the secret of the user that verifies, nobody knows whether the gateway works."""
    sound.run("rgw2", "rm /etc/rgwkit/gateway/verify.secret")
    output = sound.play("gateway")
    assert "client.rgw.rgw2.a: the verification failed" in one_line(output) and changed_hosts(output) == {"rgw2"}
    assert changed_hosts(sound.play("gateway")) == set()
