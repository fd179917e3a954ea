# SPDX-License-Identifier: Apache-2.0
"""Two plays at once, a play that is killed, and one in another pid namespace, on this host's own lock folder."""

from __future__ import annotations

import hashlib
import json
import os
import secrets
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Iterator

import pytest

ROOT = Path(__file__).parents[3]
PLAY = """
- hosts: localhost
  connection: local
  gather_facts: false
  tasks:
    - rgwkit.ceph.play_lock: {name: "{{ lock }}", about: the first, take_over: "{{ take_over | default(false) }}"}
    - ansible.builtin.file: {path: "{{ flag }}", state: touch, mode: "0600"}
    - ansible.builtin.wait_for: {path: "{{ flag }}", state: "{{ until | default('present') }}", timeout: 60}
    - rgwkit.ceph.play_lock: {name: "{{ lock }}", state: released}
"""


@pytest.fixture
def lock() -> Iterator[str]:
    name = f"test-{secrets.token_hex(4)}"
    yield name
    for path in Path("/run/rgwkit").glob(f"{name}.*"):
        path.unlink()


@pytest.fixture
def begin(lock: str, tmp_path: Path):
    """Begins a play that takes the lock; with `until` absent, it goes on for as long as the flag is there."""
    (tmp_path / "play.yml").write_text(PLAY)

    def start(*prefix: str, **variables: object) -> subprocess.Popen[str]:
        values = {"lock": lock, "flag": str(tmp_path / "flag"), "ansible_python_interpreter": sys.executable}
        program = str(Path(sys.executable).with_name("ansible-playbook"))
        options = ["-i", "localhost,", "-e", json.dumps({**values, **variables}), str(tmp_path / "play.yml")]
        return subprocess.Popen(
            [*prefix, program, *options], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )

    return start


def wait_for(flag: Path) -> None:
    until = time.monotonic() + 60
    while not flag.exists():
        assert time.monotonic() < until, f"{flag} did not appear"
        time.sleep(0.05)


def test_the_second_play_waits_for_nobody_and_the_next_takes_over_from_a_killed_one(begin, lock, tmp_path):
    flag = tmp_path / "flag"
    first = begin(until="absent")
    wait_for(flag)
    said = begin().communicate(timeout=60)[0]
    assert f"another play works on this host: process {first.pid} on " in said and "(the first)" in said
    assert "failed=1" in said
    # A play that is seen to run keeps its lock, whatever is asked for.
    said = begin(take_over=True).communicate(timeout=60)[0]
    assert "failed=1" in said and "wait for that play to end" in " ".join(said.split()), said
    os.kill(first.pid, signal.SIGKILL)
    first.communicate(timeout=60)
    assert Path(f"/run/rgwkit/{lock}.lock").exists()
    after = begin()
    said = after.communicate(timeout=60)[0]
    assert after.returncode == 0, said
    assert "changed=1" in said  # The flag; a lock is no change.
    assert not Path(f"/run/rgwkit/{lock}.lock").exists()


def test_a_play_in_another_pid_namespace_keeps_its_lock(begin, lock, tmp_path):
    flag = tmp_path / "flag"
    first = begin(*["unshare", "--pid", "--fork", "--mount-proc", "--kill-child"], until="absent")
    try:
        wait_for(flag)
        said = begin().communicate(timeout=60)[0]
        assert "this controller cannot see whether that play still runs" in said.replace("\n", " ").lower(), said
        taken = begin(take_over=True)
        said = taken.communicate(timeout=60)[0]
        assert taken.returncode == 0, said
    finally:
        first.kill()
        first.communicate(timeout=60)


def test_a_run_that_fails_gives_back_what_it_has_locked_on_all_hosts(tmp_path):
    """The next run may come from another controller, which cannot see that this one is over."""
    home = f"test-{secrets.token_hex(4)}"
    host = {"ansible_connection": "local", "ansible_python_interpreter": sys.executable}
    hosts = {"first": host, "second": host}
    inventory = tmp_path / "hosts.yml"
    # The second host's turn does not come: a registry that would be open to everybody ends the first one's.
    variables = {"rgwkit_home": home, "registry_storage": "filesystem", "registry_address": "0.0.0.0"}
    inventory.write_text(json.dumps({"all": {"vars": variables, "children": {"registries": {"hosts": hosts}}}}))
    program = str(Path(sys.executable).with_name("ansible-playbook"))
    done = subprocess.run(
        [program, "-i", str(inventory), "playbooks/registry.yml"], cwd=ROOT, capture_output=True, text=True, timeout=120
    )
    assert done.returncode != 0
    assert "without authentication" in " ".join((done.stdout + done.stderr).split())
    turns = done.stdout.partition("PLAY [Run the Docker registries]")[2]
    assert "[first]" in turns and "[second]" not in turns, done.stdout  # It was locked, and did nothing else.
    name = hashlib.sha256(home.encode()).hexdigest()[:16]
    assert Path(f"/run/rgwkit/{name}.lock.guard").exists()
    assert not Path(f"/run/rgwkit/{name}.lock").exists()
