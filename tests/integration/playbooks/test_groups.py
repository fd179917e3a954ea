# SPDX-License-Identifier: Apache-2.0
"""Inventories of somebody else: a group that a playbook needs and that is not there ends the run with a message."""

from __future__ import annotations

import json

import pytest

from tests.playbooks import run_playbook

HOST = {"one": {"ansible_connection": "local"}}


@pytest.mark.parametrize(
    ("playbook", "groups", "said"),
    [
        ("users", {"rgw": {"hosts": HOST}}, "the group rgws has no hosts"),
        ("rotate", {"rgws": {"hosts": HOST}, "registries": {}}, "the group registries has no hosts"),
        ("teardown", {}, "the group rgws or ingress or registries or portals has no hosts"),
        ("teardown", {"web": {"hosts": HOST}}, "the group rgws or ingress or registries or portals has no hosts"),
        ("verify", {"rgws": {"hosts": HOST}}, "the group gateways has no hosts"),
    ],
)
def test_a_group_that_is_not_there_is_named(tmp_path, playbook, groups, said):
    inventory = tmp_path / "hosts.yml"
    inventory.write_text(json.dumps({"all": {"children": groups}}))
    run = run_playbook(playbook, "-i", inventory, remove_data=False, rgw_verify_hosts="gateways")
    assert run.code != 0
    words = " ".join(run.output.split())
    assert said in words and str(inventory) in words and "Next: list the hosts there" in words


def test_so_does_a_playbook_of_the_installed_collection(tmp_path):
    inventory, playbook = tmp_path / "hosts.yml", tmp_path / "play.yml"
    inventory.write_text(json.dumps({"all": {"hosts": HOST}}))
    playbook.write_text(json.dumps([{"ansible.builtin.import_playbook": "rgwkit.ceph.registry_gc"}]))
    run = run_playbook(playbook, "-i", inventory)
    assert run.code != 0 and "the group registries has no hosts" in " ".join(run.output.split())


def test_a_demo_on_a_second_host_is_refused(tmp_path):
    inventory = tmp_path / "hosts.yml"
    hosts = {name: {"ansible_connection": "local"} for name in ("gateway1", "gateway2")}
    inventory.write_text(json.dumps({"all": {"children": {"rgws": {"hosts": hosts}, "registries": {"hosts": hosts}}}}))
    run = run_playbook("demo", "-i", inventory, demo_name="two-hosts")
    words = " ".join(run.output.split())
    assert run.code != 0 and run.count("changed") == 0
    assert "a demo runs on one host" in words and "gateway1, gateway2" in words


@pytest.mark.parametrize("playbook", ["images", "teardown"])
def test_hosts_of_no_group_of_the_toolkit_are_left_alone(tmp_path, playbook):
    inventory = tmp_path / "hosts.yml"
    groups = {"children": {"rgws": {"hosts": HOST}}, "hosts": {"bystander": HOST["one"]}}
    inventory.write_text(json.dumps({"all": groups}))
    listed = run_playbook(playbook, "-i", inventory, "--list-hosts")
    # The first play reads the inventory and connects to no host.
    plays = [part for part in listed.output.split("play #")[1:] if "groups of the playbook" not in part]
    assert listed.code == 0 and plays
    assert all("one" in play and "bystander" not in play for play in plays), listed.output
