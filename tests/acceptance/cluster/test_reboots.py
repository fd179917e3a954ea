# SPDX-License-Identifier: Apache-2.0
"""Hosts that boot: what ran on them comes back without a play, and nothing that was acknowledged is lost."""

from __future__ import annotations

import subprocess

import pytest
import requests

from tests.playbooks import unchanged

from .conftest import INGRESS, NAME

ALL = ("ceph1", "ceph2", "ceph3", "rgw1", "rgw2", "ingress1", "registry1", "registry2")


def boot(*hosts: str) -> None:
    """Stop and start hosts, all at once, each as an orderly reboot does."""
    stops = [subprocess.Popen(["docker", "restart", "-t", "60", f"{NAME}-{host}"]) for host in hosts]
    assert [stop.wait(timeout=300) for stop in stops] == [0] * len(hosts)


def serving(authority: str) -> bool:
    """Whether the registries answer through the ingress; without a login they say 401."""
    try:
        return requests.get(f"https://{INGRESS}:5000/v2/", verify=authority, timeout=10).status_code == 401
    except requests.RequestException:
        return False


@pytest.mark.parametrize("host", ["rgw1", "registry1", "ceph3"])
def test_one_host_boots_and_the_others_serve(sound, load, images, host):
    boot(host)
    pushed, stored = len(images.pushed), len(load.stored)
    sound.wait_for(sound.healthy, f"{host} to be back")
    sound.wait_for(lambda: len(images.pushed) > pushed and len(load.stored) > stored, "clients that go on")


def test_the_ingress_boots(sound, authority, images):
    boot("ingress1")
    sound.wait_for(lambda: serving(authority), "the ingress to be back")
    pushed = len(images.pushed)
    sound.wait_for(lambda: len(images.pushed) > pushed, "clients that go on")


def test_all_hosts_boot_at_once(sound, authority):
    boot(*ALL)
    sound.wait_for(lambda: sound.run("ceph1", "timeout 20 ceph health || true") != "", "a quorum")
    sound.wait_for(sound.healthy, "a healthy cluster")
    sound.wait_for(lambda: serving(authority), "the registries")
    # A push and a pull by each registry, and what each gateway says to the proof, from the playbooks.
    assert unchanged(sound.play("registry"))
