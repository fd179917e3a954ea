# SPDX-License-Identifier: Apache-2.0
"""Waiting for a container, with the docker daemon doubled."""

from __future__ import annotations

import socket
import time

from ansible_collections.rgwkit.ceph.plugins.module_utils.base.errors import ToolError
from ansible_collections.rgwkit.ceph.plugins.module_utils.services.docker_source import DockerSource
from ansible_collections.rgwkit.ceph.plugins.module_utils.services.watch import Ready, watch


class Daemon:
    """A daemon with one container, whose log grows by one line a look."""

    def __init__(self, log, status="running", exit_code=0, restarts=0):
        state = {"Status": status, "Running": status == "running", "ExitCode": exit_code}
        state["StartedAt"] = "2026-11-20T08:00:00.123456789Z"
        self.state, self.found = state, {"State": state, "RestartCount": restarts}
        self.lines, self.looks, self.ran, self.read = log, 0, [], []

    def container(self, name):
        return self.found

    def logs(self, container, since=None, tail=None):
        self.read.append(tail)
        if since is None:
            return "\n".join(self.lines[-tail:])
        assert since == 1795161600
        self.looks += tail is None
        return "\n".join(self.lines[: self.looks][-(tail or 0) :])

    def execute(self, container, command):
        self.ran.append(command)
        return [b"HEALTH_", b"WARN\n"]


def seen_of(daemon, ready_log=None, timeout=5, commands=(), tail=20):
    return watch(DockerSource(daemon, "demo"), Ready(ready_log), timeout, list(commands), tail)


def test_ready_as_soon_as_the_line_is_there():
    daemon = Daemon(["starting", "ready"])
    seen = seen_of(daemon, r"\bready\b", commands=["ceph -s"])
    assert seen.ready and daemon.looks == 2 and daemon.ran == []


def test_a_container_that_has_ended_is_not_waited_for():
    source = DockerSource(Daemon(["osd: died"], "exited", 3), "demo")
    seen = watch(source, Ready("ready"), 60, ["ceph -s"], 20)
    assert seen.seconds < 5
    assert seen.commands == {}
    message = seen.failure(source, Ready("ready").words)
    assert "it is exited, exit code 3" in message
    assert "osd: died" in message
    assert "docker logs demo" in message


def test_a_container_that_is_restarted_meanwhile_is_not_waited_for():
    class Restarting(Daemon):
        def container(self, name):
            self.found["RestartCount"] += 1
            return dict(self.found)

    daemon = Restarting(["x"])
    seen = seen_of(daemon, "ready", 60, ["ceph -s"])
    assert seen.looping and seen.seconds < 5 and daemon.ran == []
    assert "restarted again and again (2 times so far)" in seen.failure(DockerSource(daemon, "demo"), "x")


def test_a_container_that_fell_once_at_boot_is_waited_for():
    assert seen_of(Daemon(["starting", "ready"], restarts=1), "ready").ready


def test_a_container_in_docker_s_pause_between_restarts_is_in_a_loop():
    daemon = Daemon(["panic: no storage"], restarts=4)
    daemon.state["Restarting"] = True
    seen = seen_of(daemon)
    assert seen.looping
    said = "docker has restarted container demo 4 times; its last log line: panic: no storage"
    assert seen.warning(DockerSource(daemon, "demo")) == said


def test_a_look_at_one_that_has_just_been_restarted_sees_the_loop_and_later_none():
    daemon = Daemon(["x"], restarts=4)
    assert not seen_of(daemon).looping
    daemon.state["StartedAt"] = time.strftime("%Y-%m-%dT%H:%M:%S.1Z", time.gmtime())
    daemon.logs = lambda *_which, **_options: ""
    assert seen_of(daemon).looping


def test_a_look_without_waiting_reads_the_last_lines_only():
    daemon = Daemon(["x"] * 99)
    assert len(seen_of(daemon, tail=7).log_tail) == 7 and set(daemon.read) == {7}


def test_a_silent_container_is_asked_at_the_deadline():
    daemon = Daemon(["starting"] * 99)
    seen = seen_of(daemon, "ready", 0.5, ["ceph -s"])
    assert not seen.ready and 0.5 <= seen.seconds < 5
    assert seen.commands == {"ceph -s": ["HEALTH_WARN"]}
    assert daemon.ran == [["timeout", "10", "sh", "-c", "ceph -s"]]
    assert "HEALTH_WARN" in seen.failure(DockerSource(daemon, "demo"), "x")


def test_a_container_that_ends_before_it_is_asked_is_reported_all_the_same():
    class Ending(Daemon):
        def execute(self, container, command):
            raise ToolError("run", "timeout in container demo", "Container demo is not running", "", 409)

    seen = seen_of(Ending(["starting"]), "ready", 0, ["ceph -s"])
    assert seen.commands == {"ceph -s": ["(not run: Container demo is not running)"]}


def test_a_missing_container_says_so():
    daemon = Daemon([])
    daemon.found = None
    assert seen_of(daemon, "ready", 60).state == "missing"


def test_a_port_that_accepts_is_ready_as_well():
    daemon = Daemon([])
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        seen = watch(DockerSource(daemon, "demo"), Ready(None, "127.0.0.1", port), 5, [], 20)
    assert seen.ready and set(daemon.read) == {20}, "only the last lines of a log that may be long"
    closed = watch(DockerSource(Daemon([]), "demo"), Ready(None, "127.0.0.1", port), 0, [], 20)
    assert not closed.ready and Ready(None, "127.0.0.1", port).words == f"port {port} of 127.0.0.1"
