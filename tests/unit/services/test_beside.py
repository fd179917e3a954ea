# SPDX-License-Identifier: Apache-2.0
"""A trial, and one command, beside a service."""

from __future__ import annotations

import pytest
from ansible_collections.rgwkit.ceph.plugins.module_utils.services.beside import once, trial

from .definitions import given

OVERRIDE = {"command": ["serve", "/trial.yml"], "publish_ports": []}


def test_docker_s_trial_runs_in_the_background():
    found = trial(given(), OVERRIDE)
    assert found["words"][:4] == ["docker", "run", "--name=hub-trial", "--detach"]
    assert found["words"][-1] == "/trial.yml" and "--read-only" in found["words"]
    assert found["watched"] == {"name": "hub-trial", "runtime": "docker", "scope": "system"}
    assert found["remove"] == [["docker", "rm", "--force", "hub-trial"], ["docker", "rm", "--force", "hub-once"]]


@pytest.mark.parametrize(
    ("runtime", "watched"),
    [
        ("podman", {"name": "hub-trial", "runtime": "podman", "scope": "system"}),
        ("package", {"name": "hub-trial.service", "runtime": "systemd", "scope": "system"}),
    ],
)
def test_systemd_runs_the_other_trials(runtime, watched):
    found = trial(given(runtime=runtime, unit="hub@1.service"), OVERRIDE)
    assert found["words"][:4] == ["systemd-run", "--quiet", "--no-block", "--unit=hub-trial.service"]
    assert found["watched"] == watched
    assert found["remove"][0] == ["systemctl", "stop", "hub-trial.service"]


def test_a_command_runs_to_its_end_in_a_container_or_on_the_host():
    container = once(given(runtime="podman"), {"command": ["--version"], "mounts": []})
    assert container["words"][:4] == ["podman", "run", "--name=hub-once", "--rm"] and container["environment"] == {}
    assert container["words"][-1] == "--version" and not [word for word in container["words"] if "--mount" in word]
    host = once(given(runtime="package"), {"command": ["--version"]})
    assert host == {"words": ["registry", "--version"], "environment": {"SSL_CERT_FILE": "/ca.pem"}}


def test_a_user_s_trial_is_started_and_removed_by_their_own_manager():
    found = trial(given(runtime="podman", scope="user"), OVERRIDE)
    assert found["words"][:2] == ["systemd-run", "--user"] and found["watched"]["scope"] == "user"
    assert found["remove"][:2] == [
        ["systemctl", "--user", "stop", "hub-trial.service"],
        ["systemctl", "--user", "reset-failed", "hub-trial.service"],
    ]
