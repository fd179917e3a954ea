# SPDX-License-Identifier: Apache-2.0
"""A look at a systemd unit, with systemctl, journalctl and podman doubled."""

from __future__ import annotations

import time

import pytest
from ansible_collections.rgwkit.ceph.plugins.module_utils.services.source import source_of
from ansible_collections.rgwkit.ceph.plugins.module_utils.services.watch import Ready, watch

SHOWN = {
    "LoadState": "loaded",
    "ActiveState": "active",
    "SubState": "running",
    "NRestarts": "0",
    "ExecMainStatus": "0",
    "ExecMainStartTimestampMonotonic": "1",
    "InvocationID": "abc",
}


@pytest.fixture
def host(tmp_path, monkeypatch):
    """Put programs before the host's: systemctl shows a unit, and the others say what they were asked."""

    def show(log="listening on :5000", labels=(), **properties):
        unit = tmp_path / "hub.service"
        unit.write_text("[X-Rgwkit]\n" + "".join(f"Label={label}\n" for label in labels))
        shown = "".join(f"{name}={value}\n" for name, value in {**SHOWN, "FragmentPath": unit, **properties}.items())
        texts = {
            "systemctl": f"echo \"$@\" >> {tmp_path}/asked; cat <<'END'\n{shown}END\n",
            "journalctl": f"echo \"$@\" >> {tmp_path}/asked; echo '{log}'\n",
            "podman": 'echo "$@"\n',
        }
        for name, text in texts.items():
            (tmp_path / name).write_text(f"#!/bin/sh\n{text}")
            (tmp_path / name).chmod(0o755)

    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    show()
    return show


def look(ready_log=None, timeout=5, runtime="systemd", name="hub.service"):
    return watch(source_of(runtime, name), Ready(ready_log), timeout, ["ss -lnt"], 20)


def test_a_unit_is_ready_when_its_journal_since_the_start_says_so(host, tmp_path):
    seen = look("listening on")
    assert seen.ready and seen.running and seen.state == "active (running)"
    assert "_SYSTEMD_INVOCATION_ID=abc" in (tmp_path / "asked").read_text()


def test_of_a_container_s_unit_what_the_container_says_counts_and_podman_s_errors(host, tmp_path):
    host(log="listening on :5000\n\nand on another")
    seen = look("listening on", runtime="podman", name="hub")
    assert seen.log_tail == ["listening on :5000", "and on another"]
    since = "_SYSTEMD_INVOCATION_ID=abc"
    assert f"{since} CONTAINER_NAME=hub + {since} _TRANSPORT=stdout\n" in (tmp_path / "asked").read_text()


@pytest.mark.parametrize(("runtime", "name"), [("systemd", "hub.service"), ("podman", "hub")])
def test_a_look_without_waiting_reads_the_last_lines_only(host, tmp_path, runtime, name):
    look(runtime=runtime, name=name)
    asked = [line for line in (tmp_path / "asked").read_text().splitlines() if "INVOCATION_ID=" in line]
    assert asked and all("--lines=20" in line for line in asked)


def test_a_unit_between_two_restarts_loops(host):
    host(ActiveState="activating", SubState="auto-restart", NRestarts="3", ExecMainStatus="1")
    seen = look("listening on", 60)
    assert seen.looping and seen.seconds < 5 and not seen.ready
    said = seen.failure(source_of("systemd", "hub.service"), "x")
    assert "service hub.service is not ready" in said and "journalctl --unit=hub.service" in said
    assert "systemd has restarted service hub.service 3 times" in seen.warning(source_of("systemd", "hub.service"))


def test_a_unit_that_has_failed_has_ended(host):
    host(ActiveState="failed", SubState="failed", ExecMainStatus="2")
    seen = look("ready", 60)
    assert (seen.running, seen.exit_code, seen.looping) == (False, 2, True)
    assert "it is failed (failed), exit code 2" in seen.failure(source_of("podman", "hub"), "x")
    assert seen.warning(source_of("podman", "hub")).startswith("container hub has ended; its last log line: ")


def test_a_unit_that_waits_for_its_job_is_waited_for(host):
    host(ActiveState="inactive", SubState="dead", Job="17", InvocationID="")
    began = time.monotonic()
    assert not look("ready", 0.5).ready and time.monotonic() - began >= 0.5


def test_a_missing_unit_shows_what_it_last_said(host):
    host(LoadState="not-found", log="panic: no storage")
    seen = look("ready", 60)
    assert (seen.state, seen.log_tail) == ("missing", ["panic: no storage"])
    assert look().log_tail == []


def test_a_unit_s_labels_and_a_container_s_commands(host):
    host(labels=["io.rgwkit.port=5000"], log="")
    seen = look("ready", 0, "podman", "hub")
    assert seen.labels == {"io.rgwkit.port": "5000"}
    assert seen.commands == {"ss -lnt": ["exec hub timeout 10 sh -c ss -lnt"]}
    assert look("ready", 0).commands == {"ss -lnt": ["(not run: the service has no container)"]}


def test_a_user_s_unit_is_asked_of_their_own_manager(host, tmp_path):
    host(LoadState="not-found")
    source = source_of("podman", "hub", "user")
    watch(source, Ready("ready"), 0, [], 5)
    asked = (tmp_path / "asked").read_text().splitlines()
    assert asked[0].startswith("--user show ") and asked[-1].endswith("--user-unit=hub.service --lines=5")
    assert source.log_command == "journalctl --user-unit=hub.service"
