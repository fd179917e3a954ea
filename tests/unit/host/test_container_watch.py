# SPDX-License-Identifier: Apache-2.0
"""Waiting for a container, with the docker daemon doubled."""

from __future__ import annotations

import time
from types import SimpleNamespace

from ansible_collections.rgwkit.ceph.plugins.module_utils.host.container_watch import watch


class Container:
    """A container whose log grows by one line a look."""

    def __init__(self, log, status="running", exit_code=0, restarts=0):
        state = {"Status": status, "Running": status == "running", "ExitCode": exit_code}
        state["StartedAt"] = "2026-11-20T08:00:00.123456789Z"
        self.attrs = {"State": state, "RestartCount": restarts}
        self.lines, self.looks, self.ran = log, 0, []

    def logs(self, since=None, tail=None, stderr=True):
        if since is not None:
            assert since == 1795161600
            self.looks += 1
            return "\n".join(self.lines[: self.looks]).encode()
        return "\n".join(self.lines[-tail:]).encode()

    def exec_run(self, command, stderr):
        self.ran.append(command)
        return SimpleNamespace(output=b"HEALTH_WARN\n")


def client(*containers):
    return SimpleNamespace(containers=SimpleNamespace(list=lambda all, filters: list(containers)))


def test_ready_as_soon_as_the_line_is_there():
    container = Container(["starting", "ready"])
    seen = watch(client(container), "demo", r"\bready\b", 5, ["ceph -s"], 20)
    assert seen.ready and container.looks == 2 and container.ran == []


def test_a_container_that_has_ended_is_not_waited_for():
    seen = watch(client(Container(["osd: died"], "exited", 3)), "demo", "ready", 60, ["ceph -s"], 20)
    assert seen.seconds < 5
    assert seen.commands == {}
    message = seen.failure("demo", "a log line like 'ready'")
    assert "it is exited, exit code 3" in message
    assert "osd: died" in message
    assert "docker logs demo" in message


def test_a_container_that_is_restarted_meanwhile_is_not_waited_for():
    container = Container(["x"])

    def look(all, filters):
        container.attrs["RestartCount"] += 1
        return [container]

    daemon = SimpleNamespace(containers=SimpleNamespace(list=look))
    seen = watch(daemon, "demo", "ready", 60, ["ceph -s"], 20)
    assert seen.looping and seen.seconds < 5 and container.ran == []
    assert "restarted again and again (2 times so far)" in seen.failure("demo", "x")


def test_a_container_that_fell_once_at_boot_is_waited_for():
    assert watch(client(Container(["starting", "ready"], restarts=1)), "demo", "ready", 5, [], 20).ready


def test_a_container_in_docker_s_pause_between_restarts_is_in_a_loop():
    container = Container(["panic: no storage"], restarts=4)
    container.attrs["State"]["Restarting"] = True
    assert watch(client(container), "demo", None, 5, [], 20).looping


def test_a_look_at_one_that_has_just_been_restarted_sees_the_loop_and_later_none():
    container = Container(["x"], restarts=4)
    assert not watch(client(container), "demo", None, 5, [], 20).looping
    container.attrs["State"]["StartedAt"] = time.strftime("%Y-%m-%dT%H:%M:%S.1Z", time.gmtime())
    container.logs = lambda **_options: b""
    assert watch(client(container), "demo", None, 5, [], 20).looping


def test_a_silent_container_is_asked_at_the_deadline():
    container = Container(["starting"] * 99)
    seen = watch(client(container), "demo", "ready", 0.5, ["ceph -s"], 20)
    assert not seen.ready and 0.5 <= seen.seconds < 5
    assert seen.commands == {"ceph -s": ["HEALTH_WARN"]}
    assert "HEALTH_WARN" in seen.failure("demo", "x")


def test_a_missing_container_says_so():
    assert watch(client(), "demo", "ready", 60, [], 20).state == "missing"
