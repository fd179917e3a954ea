# SPDX-License-Identifier: Apache-2.0
"""A run finds out what differs, changes that alone, and verifies everything."""

from __future__ import annotations

import re
import subprocess

import pytest


def docker(*arguments: str) -> str:
    return subprocess.run(["docker", *arguments], check=True, capture_output=True, text=True).stdout.strip()


def started(name: str) -> str:
    """When a container was started, and whether it runs."""
    return docker("inspect", "--format", "{{.State.StartedAt}} {{.State.Running}}", name)


def long_way(output: str) -> set[str]:
    """The roles that did more than to compare and to verify."""
    return set(re.findall(r"^included: \S+/roles/(\w+)/tasks/present.yml for", output, re.MULTILINE)) - {"demo_report"}


def differences(output: str, name: str) -> set[str]:
    """What a run named as different of a service; its message ends with a quotation mark."""
    found = re.search(rf"{name} differs: ([^'\"]+)", " ".join(output.split()))
    assert found, output[-4000:]
    return set(found[1].strip().split(", "))


@pytest.fixture
def work(demo, play):
    """Runs the demo's playbook, which has to succeed; what it printed."""

    def run(*options: str) -> str:
        done = play("demo", demo, *options)
        assert done.code == 0, done.output[-4000:]
        return done.output

    return run


@pytest.fixture
def registry(demo):
    return f"{demo.name}-registry"


def test_a_run_without_a_difference_verifies_and_does_no_more(demo, work, registry):
    before = started(demo.name), started(registry)
    written = (demo.directory / "summary.txt").stat().st_mtime
    output = work()
    assert f"{demo.name}: nothing differs, and the gateway works" in output and long_way(output) == set()
    assert (started(demo.name), started(registry)) == before
    summary = demo.directory / "summary.txt"
    assert summary.stat().st_mtime > written
    assert re.search(r"docker push 1\.0 MiB in [\d.]+ s, pull in [\d.]+ s, digests equal", summary.read_text())


def test_a_stopped_registry_an_edited_file_and_a_changed_mode_are_named_and_put_back(demo, work, registry):
    before = started(demo.name)
    config, passwords = (demo.directory / "registry" / name for name in ("config.yml", "htpasswd"))
    wanted, mode = config.read_text(), passwords.stat().st_mode
    docker("stop", registry)
    config.write_text(f"{wanted}# by hand\n")
    passwords.chmod(0o644)
    parts = {"process: exited", str(config), str(passwords)}
    checked = work("--check")
    assert differences(checked, registry) == parts and started(registry).endswith(" false")
    assert config.read_text() != wanted
    # Check mode verifies nothing, and does not say so.
    assert f"{demo.name}: nothing differs" in checked and "the gateway works" not in checked
    output = work()
    assert differences(output, registry) == parts and long_way(output) == {"registry"}
    assert started(registry).endswith(" true") and started(demo.name) == before
    assert (config.read_text(), passwords.stat().st_mode) == (wanted, mode)
    assert "differs:" not in work()


@pytest.mark.long
def test_another_cost_of_the_users_passwords_is_put_in_place_without_a_restart(demo, work, registry):
    passwords, before = demo.directory / "registry" / "htpasswd", started(registry)
    assert passwords.read_text().startswith("demo:$2b$05$")
    said = work("-e", "registry_htpasswd_cost=6")
    assert f"{registry} differs: users" in said and passwords.read_text().startswith("demo:$2b$06$")
    work()
    assert passwords.read_text().startswith("demo:$2b$05$") and started(registry) == before
