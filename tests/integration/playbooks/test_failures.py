# SPDX-License-Identifier: Apache-2.0
"""When it fails: a message that says what, where and what next, in bounded time."""

from __future__ import annotations

import json
import os
import re
import socket
import subprocess

import pytest

from tests.playbooks import BIN, PROJECT


@pytest.fixture
def broken(make_demo, play):
    """Runs demo.yml for a new demo with something wrong; it has to fail. Cleans up."""
    demo = make_demo("broken")
    yield demo, lambda **variables: play("demo", demo, **variables)
    play("teardown", demo, remove_data=True)


def test_a_taken_port_names_its_holder_and_the_way_out(broken):
    demo, run = broken
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", demo.rgw_port))
        sock.listen()
        failed = run()
    assert failed.code != 0
    assert f"port {demo.rgw_port}, wanted for the Ceph gateway, is taken by" in failed.output
    assert "ceph_demo_rgw_port" in failed.output


def test_a_taken_port_of_the_registry_is_found_before_anything_is_made(broken):
    demo, run = broken
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", demo.registry_port))
        sock.listen()
        failed = run()
    assert failed.code != 0
    assert f"port {demo.registry_port}, wanted for the registry, is taken by" in failed.output
    assert "Get Ceph's image" not in failed.output and failed.count("changed") == 0, failed.output[-4000:]
    assert not demo.directory.exists()


def test_a_container_of_somebody_else_is_left_alone(broken):
    demo, run = broken
    subprocess.run(["docker", "create", "--name", demo.name, "rgwkit/registry:2.8"], check=True, capture_output=True)
    try:
        failed = run()
        assert failed.code != 0
        assert "that this toolkit did not make" in failed.output
        subprocess.run(["docker", "inspect", demo.name], check=True, capture_output=True)
    finally:
        subprocess.run(["docker", "rm", demo.name], check=True, capture_output=True)


def test_a_daemon_that_dies_at_its_start_has_its_last_words_in_the_message(broken):
    _demo, run = broken
    # An address of the documentation (RFC 5737) is none of the container's: radosgw cannot bind it.
    failed = run(ceph_demo_environment={"RGW_FRONTEND": "beast port=8080 endpoint=192.0.2.1:9999"})
    assert failed.code != 0
    waited = re.search(r"is not ready: waited (\d+) s", failed.output)
    assert waited, failed.output[-4000:]
    assert int(waited[1]) < 60  # Not all of ceph_demo_ready_timeout: the container's end is seen.
    assert "radosgw" in failed.output
    assert "next: mend what the log names and run again" in failed.output


@pytest.mark.long
def test_a_gateway_that_is_not_ready_in_time_is_reported_with_the_cluster_s_state(broken):
    _demo, run = broken
    # A dozen OSDs take longer than Ansible does from one task to the next.
    slow = {"ceph_demo_storage": "persistent", "ceph_demo_osd_count": 12}
    failed = run(ceph_demo_ready_timeout=0, **slow)
    assert failed.code != 0
    assert "is not ready: waited" in failed.output
    assert "ceph -s --connect-timeout 5:" in failed.output
    # A re-run continues.
    assert run(**slow).code == 0


def test_a_long_task_shows_that_it_is_alive(tmp_path):
    playbook = tmp_path / "long.yml"
    task = {"name": "a long one", "ansible.builtin.wait_for": {"timeout": 4}}
    playbook.write_text(json.dumps([{"hosts": "all", "gather_facts": False, "tasks": [task]}]))
    output = subprocess.run(
        [str(BIN / "ansible-playbook"), str(playbook)],
        cwd=PROJECT,
        env={**os.environ, "RGWKIT_HEARTBEAT_INTERVAL": "2"},
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    assert "... 2 s: a long one" in output
