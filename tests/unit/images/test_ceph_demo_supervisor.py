# SPDX-License-Identifier: Apache-2.0
"""PID 1 of the demo, with small real processes in the place of daemons."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.playbooks import PROJECT

sys.path.insert(0, str(PROJECT / "images" / "ceph-demo"))

from ceph_demo import supervisor as supervisor_module
from ceph_demo.errors import DemoError
from ceph_demo.supervisor import Supervisor
from ceph_demo.tools import Tool

# Says so when it is told to stop.
POLITE = 'trap "echo $0 stops; exit 0" TERM; while :; do sleep 0.01; done'
STUBBORN = 'trap "" TERM; while :; do sleep 0.01; done'


def shell(script: str, name: str = "sh") -> list[str]:
    return ["sh", "-c", script, name]


@pytest.fixture
def supervisor(monkeypatch):
    monkeypatch.setattr(supervisor_module, "STOP_SECONDS", 0.3)
    running = Supervisor()
    yield running
    running.stop()


def wait_until(supervisor: Supervisor, capsys, words: str) -> None:
    seen = []

    def said() -> bool:
        seen.append(capsys.readouterr().out)
        return words in "".join(seen)

    supervisor.wait_for(said, words, 2.0)


def test_log_is_forwarded_with_the_daemons_name(supervisor, capsys):
    supervisor.spawn("osd.0", shell("echo out; echo err >&2; printf unfinished; exec sleep 9"))
    wait_until(supervisor, capsys, "osd.0 | out\nosd.0 | err\n")


def test_a_daemon_that_is_not_heard_still_has_last_words(supervisor, capsys):
    supervisor.spawn("mgr", shell("echo why; exit 4"), heard=False)
    with pytest.raises(DemoError, match=r"mgr ended with exit code 4; its last words:\n  why$"):
        supervisor.watch()
    assert capsys.readouterr().out == ""


def test_last_words_are_the_last_forty_lines(supervisor):
    supervisor.spawn("mon", shell("seq 1 100; exit 1"))
    with pytest.raises(DemoError) as died:
        supervisor.watch()
    first, *words = str(died.value).splitlines()
    assert first == "mon ended with exit code 1; its last words:"
    assert words == [f"  {number}" for number in range(61, 101)]


def test_death_by_a_signal_names_it(supervisor):
    supervisor.spawn("osd.1", shell("kill -9 $$"))
    with pytest.raises(DemoError, match=r"osd\.1 was killed by SIGKILL; its last words:\n  \(none\)"):
        supervisor.watch()


def test_even_success_is_a_death(supervisor):
    supervisor.spawn("rgw", ["true"])
    with pytest.raises(DemoError, match="rgw ended with exit code 0"):
        supervisor.watch()


def test_waiting_ends_when_a_daemon_dies(supervisor):
    supervisor.spawn("rgw", ["false"])
    with pytest.raises(DemoError, match="rgw ended with exit code 1"):
        supervisor.wait_for(lambda: False, "the end of the world", 5.0)


def test_waiting_names_what_it_waited_for(supervisor):
    with pytest.raises(DemoError, match=r"not ready: waited 0\.02 s for the gateway"):
        supervisor.wait_for(lambda: False, "the gateway", 0.02)


def test_missing_program(supervisor):
    with pytest.raises(DemoError, match="rgw cannot be started: this image has no no-such-radosgw"):
        supervisor.spawn("rgw", ["no-such-radosgw"])


def test_stop_goes_from_gateway_to_monitor_whatever_the_start(supervisor, capsys):
    for name in ("mon", "osd.0", "osd.1", "rgw", "mgr"):
        supervisor.spawn(name, shell(POLITE.replace("while", f"echo {name} begins; while"), name))
        wait_until(supervisor, capsys, f"{name} begins")
    supervisor.stop()
    kinds = re.findall(r"(\w+)(?:\.\d)? stops", capsys.readouterr().out)
    assert kinds == ["rgw", "mgr", "osd", "osd", "mon"]


def test_who_does_not_stop_is_killed(supervisor, capsys):
    for name in ("osd.0", "osd.1"):
        supervisor.spawn(name, shell(f"echo {name} begins; {STUBBORN}"))
        wait_until(supervisor, capsys, f"{name} begins")
    started = time.monotonic()
    supervisor.stop()
    assert 0.3 <= time.monotonic() - started < 0.6  # once for all of a kind
    assert [daemon.process.returncode for daemon in supervisor._daemons] == [-9, -9]
    assert "osd.0 did not stop within 0.3 s: killed\nosd.1 did not stop" in capsys.readouterr().out


def test_tool_gets_stdin_and_gives_stdout(supervisor):
    assert supervisor.result(Tool(["cat"], b"secret")) == "secret"


def test_tool_that_fails_says_how(supervisor):
    tool = Tool(shell("echo what >&2; echo not this; exit 3"))
    with pytest.raises(DemoError, match=r"failed: exit code 3: what$"):
        supervisor.result(tool)


def test_tool_that_hangs_is_not_waited_for_long(supervisor, monkeypatch):
    monkeypatch.setattr(supervisor_module, "TOOL_SECONDS", 0.05)
    tool = Tool(["sleep", "5"])
    with pytest.raises(DemoError, match=r"waited 0\.05 s for the end of `sleep 5`"):
        supervisor.result(tool)
    tool._process.kill()


PROGRAM = """
import ctypes, sys
sys.path.insert(0, sys.argv[1])
from ceph_demo.supervisor import StopRequested, Supervisor, raise_on_signals
ctypes.CDLL(None).prctl(36, 1, 0, 0, 0)  # PR_SET_CHILD_SUBREAPER: orphans become ours, as they become PID 1's
raise_on_signals()
supervisor = Supervisor()
supervisor.spawn("osd.0", ["sh", "-c", "(sleep 0.1 & echo $!) & wait; exec sleep 9"])
try:
    supervisor.watch()
except StopRequested:
    supervisor.stop()
    print("stopped in order", flush=True)
"""


def test_orphans_are_reaped_and_a_signal_stops():
    """In a process of its own, since it takes over signals and children."""
    command = [sys.executable, "-c", PROGRAM, str(Path(supervisor_module.__file__).parents[1])]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        orphan = Path("/proc", process.stdout.readline().split()[-1])
        deadline = time.monotonic() + 3
        while orphan.exists() and time.monotonic() < deadline:
            time.sleep(0.02)
        assert not orphan.exists()
        assert process.poll() is None
        os.kill(process.pid, signal.SIGTERM)
        assert process.communicate(timeout=3)[0] == "stopped in order\n"
    assert process.returncode == 0
