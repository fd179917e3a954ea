# SPDX-License-Identifier: Apache-2.0
"""PID 1: deaths, signals, orphans, and secrets that stay secret."""

from __future__ import annotations

import re
import time

import pytest

from .demo import Demo, docker, wait_until


@pytest.fixture
def demo(run, user, secret) -> Demo:
    return run("--tmpfs=/var/lib/ceph", OSD_OBJECTSTORE="memstore", **user).ready(secret)


def test_dead_osd_ends_the_container_with_its_last_words(demo):
    wait_until(lambda: "] ready: " in demo.logs(), "readiness")
    demo.run("sh", "-c", "kill -SEGV $(pidof ceph-osd)")
    end = demo.ended()
    assert re.match(r"\[\d+\.\d\d s\] ERROR: osd\.0 was killed by SIGSEGV; its last words:\n", end)
    assert "*** Caught signal (Segmentation fault) **" in end
    assert demo.state()["ExitCode"] == 1


def test_term_stops_in_order(demo):
    wait_until(lambda: "] ready: " in demo.logs(), "readiness")
    began = time.monotonic()
    docker("stop", demo.container)
    assert time.monotonic() - began < 10
    assert demo.state()["ExitCode"] == 0
    assert re.match(r"\[\d+\.\d\d s\] stopped", demo.ended())
    told = re.findall(r"^(\w+).*\| .*received  signal: Terminated", demo.logs(), re.MULTILINE)
    assert told == ["rgw", "osd", "mon"]  # the manager, between the first two, is not heard


def test_term_while_it_starts(run, tmp_path):
    """It waits for a gateway that never listens: a program that goes before the real one in PATH."""
    silent = tmp_path / "radosgw"
    silent.write_text("#!/bin/sh\nexec sleep 99\n")
    silent.chmod(0o755)
    demo = run(f"--volume={silent}:/usr/local/bin/radosgw:ro", OSD_OBJECTSTORE="memstore")
    wait_until(lambda: demo.running("sleep"), "the gateway")
    docker("stop", demo.container)
    assert demo.state()["ExitCode"] == 0
    assert "] ready: " not in demo.logs()


def test_orphans_do_not_become_zombies(demo):
    wait_until(lambda: "] ready: " in demo.logs(), "readiness")
    demo.run("sh", "-c", "(sleep 0.1 & sleep 0.2 &)")

    def processes() -> list[str]:
        return docker("top", demo.container, "-eo", "pid,stat,comm").splitlines()[1:]

    wait_until(lambda: not [row for row in processes() if "sleep" in row], "the orphans' end", 5)
    assert not [row for row in processes() if row.split()[1].startswith("Z")]


def test_secret_from_a_file_is_nowhere_to_be_seen(run, user, secret, tmp_path):
    """In what docker shows of the container, in any process, or in how the user was made."""
    path, witness = tmp_path / "secret", tmp_path / "radosgw-admin"
    path.write_text(secret)
    # Goes before the real one in PATH, and leaves what could be seen of it while it ran.
    witness.write_text('#!/bin/sh\necho "$@" >>/tmp/seen\nenv >>/tmp/seen\nexec /usr/bin/radosgw-admin "$@"\n')
    witness.chmod(0o755)
    variables = {name: value for name, value in user.items() if name != "CEPH_DEMO_SECRET_KEY"}
    variables.update(CEPH_DEMO_SECRET_KEY_FILE="/run/secret", CEPH_DEMO_BUCKET="box", OSD_OBJECTSTORE="memstore")
    files = [f"--volume={path}:/run/secret:ro", f"--volume={witness}:/usr/local/bin/radosgw-admin:ro"]
    demo = run(*files, **variables)
    wait_until(lambda: "] ready: " in demo.logs(), "readiness")

    making = demo.run("cat", "/tmp/seen")
    assert making.startswith("metadata put user:demo\n")
    processes = demo.run("sh", "-c", "cat /proc/[0-9]*/environ /proc/[0-9]*/cmdline | tr '\\0' '\\n'")
    shown = [making, processes, docker("inspect", demo.container), demo.logs()]
    assert not [text for text in shown if secret in text]
    assert demo.s3("HEAD", "/box", secret).status_code == 200


def test_secret_from_the_environment_goes_no_further_than_pid_1(demo, secret):
    others = demo.run("sh", "-c", "for p in $(pidof ceph-mon ceph-osd radosgw); do cat /proc/$p/environ; done")
    assert "CEPH_USE_RANDOM_NONCE" in others
    assert secret not in others
    assert secret not in demo.logs()
