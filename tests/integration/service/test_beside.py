# SPDX-License-Identifier: Apache-2.0
"""What role service runs beside a service, and how the role reports: played with doubles of the programs."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any, Callable

import pytest

from tests.integration.service.doubles import Doubles
from tests.playbooks import Run, run_playbook

PLAY = """
- hosts: localhost
  connection: local
  gather_facts: false
  environment: {PATH: "{{ path }}"}
  tasks:
    - ansible.builtin.include_role: {name: rgwkit.ceph.service, tasks_from: "{{ item }}"}
      loop: "{{ entry_points }}"
    - ansible.builtin.debug: {msg: "once: {{ service_once.stdout | default('') }}"}
    - ansible.builtin.debug: {msg: "log: {{ service_watched.log_tail | default([]) | join(' ') }}"}
"""
NAME = "rgwkit-test-double"
GIVEN: dict[str, Any] = {
    "name": NAME,
    "home": "/inventory",
    "description": "Double",
    "role": "service",
    "labels": {"io.rgwkit.home": "/inventory", "io.rgwkit.service": NAME},
    "image": "registry:2",
    "entrypoint": ["registry"],
    "command": ["serve", "/config.yml"],
    "publish_ports": ["127.0.0.1:5000:5000"],
    "ready_log": "listening on",
    "ready_timeout": 2,
    "record": {"path": "/nowhere/loaded"},
}
TRIAL = {"command": ["serve", "/trial.yml"], "publish_ports": []}
STARTS_TRIAL = f"systemd-run --quiet --no-block --unit={NAME}-trial.service"
STOPS_TRIAL = [f"systemctl {verb} {NAME}-trial.service" for verb in ("stop", "reset-failed")]


@pytest.fixture
def doubles(tmp_path: Path) -> Doubles:
    return Doubles(tmp_path)


@pytest.fixture
def play(doubles: Doubles, tmp_path: Path) -> Callable[..., Run]:
    """Play entry points of the role one after the other."""
    (tmp_path / "play.yml").write_text(PLAY)

    def run(
        *entry_points: str, runtime: str, override: dict[str, Any] | None = None, check: bool = False, **definition: Any
    ) -> Run:
        return run_playbook(
            tmp_path / "play.yml",
            *("-i", "localhost,", *(["--check"] if check else [])),
            path=f"{doubles.folder}:{os.environ['PATH']}",
            ansible_python_interpreter=sys.executable,
            entry_points=list(entry_points),
            service_definition={**GIVEN, "runtime": runtime, **definition},
            service_override=override or {},
        )

    return run


def words(run: Run) -> str:
    return " ".join(run.output.split())


@pytest.mark.parametrize("runtime", ["podman", "package"])
def test_a_trial_runs_beside_the_service_and_goes(play, doubles, runtime):
    doubles.say("log", "listening on :5000")
    run = play("trial", runtime=runtime, override=TRIAL)
    assert (run.code, run.count("changed")) == (0, 0), run.output
    (started,) = [line for line in doubles.asked() if line.startswith("systemd-run")]
    assert started.startswith(STARTS_TRIAL) and started.endswith("/trial.yml") and "5000" not in started
    assert ("podman run" in started) is (runtime == "podman")

    run = play("trial_absent", runtime=runtime)
    assert (run.code, run.count("changed")) == (0, 0), run.output
    removals = [f"podman rm --force {NAME}{suffix}" for suffix in ("-trial", "-once")] if runtime == "podman" else []
    assert doubles.asked() == STOPS_TRIAL + removals
    assert play("trial_absent", runtime=runtime).code == 0, "a trial that was never started is no failure"


def test_docker_s_trial_goes(play, doubles):
    assert play("trial_absent", runtime="docker").code == 0
    assert doubles.asked() == [f"docker rm --force {NAME}{suffix}" for suffix in ("-trial", "-once")]


@pytest.mark.parametrize("runtime", ["docker", "podman", "package"])
def test_a_trial_that_cannot_start_says_why(play, doubles, runtime):
    doubles.say("refusal", "port 5000 is reserved")
    run = play("trial", runtime=runtime, override=TRIAL)
    program = "docker" if runtime == "docker" else "systemd-run"
    assert run.code != 0 and f"{program} could not start {NAME}-trial" in words(run)
    assert "on localhost: port 5000 is reserved. Next: " in words(run)


def test_a_trial_that_does_not_get_ready_fails_with_its_log(play, doubles):
    doubles.say("log", "panic: no storage")
    run = play("trial", runtime="podman", override=TRIAL)
    assert run.code != 0 and "panic: no storage" in words(run) and f"container {NAME}-trial is not ready" in words(run)


@pytest.mark.parametrize("runtime", ["podman", "package"])
def test_the_log_of_a_service_that_does_not_run_is_no_failure(play, doubles, runtime):
    run = play("log", runtime=runtime)
    assert run.code == 0 and run.count("changed") == 0, run.output
    assert not [line for line in doubles.asked() if not line.startswith(("systemctl show", "journalctl"))]


def test_the_last_lines_of_a_service_that_runs(play, doubles):
    shown = {"LoadState": "loaded", "ActiveState": "active", "SubState": "running", "InvocationID": "i"}
    doubles.say(f"{NAME}.service", "\n".join(f"{name}={value}" for name, value in shown.items()))
    doubles.say("log", "served by the double")
    assert "log: served by the double" in words(play("log", runtime="podman"))


@pytest.mark.parametrize("check", [False, True])
@pytest.mark.parametrize("runtime", ["docker", "podman"])
def test_a_command_returns_what_it_says(play, doubles, runtime, check):
    doubles.say("output", "version 2.8")
    run = play("once", runtime=runtime, override={"command": ["--version"], "publish_ports": []}, check=check)
    assert run.code == 0 and "once: version 2.8" in words(run), run.output
    (asked,) = doubles.asked()
    assert asked.startswith(f"{runtime} run --name={NAME}-once --rm --pull=never") and asked.endswith("--version")


def test_a_command_that_fails_is_a_failure(play, doubles):
    doubles.say("refusal", "no such image")
    run = play("once", runtime="podman")
    assert run.code != 0 and "no such image" in words(run)


def test_podman_s_volumes_that_are_there_stay_as_they_are(play, doubles):
    """The module podman_volume would remove a volume with other labels, and all data in the volume."""
    doubles.say("there", "old")
    made = {"volumes": ["old", "new"], "network": "front", "own_network": True}
    run = play("run", runtime="podman", check=True, **made)
    assert run.code == 0, run.output
    asked = [line for line in doubles.asked() if line.startswith(("podman network", "podman volume"))]
    assert asked == ["podman network exists front", "podman volume exists old", "podman volume exists new"]
    assert "(item=new)" in run.output.split("Create the volumes]")[1], "only the new one is to be created"
    assert "(item=old)" not in run.output.split("Create the volumes]")[1]
