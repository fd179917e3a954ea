# SPDX-License-Identifier: Apache-2.0
"""The module service_record: compare in check mode, write, compare again."""

from __future__ import annotations

import json
import stat
from pathlib import Path
from typing import Any, Callable

import pytest
from ansible_collections.rgwkit.ceph.plugins.modules import service_record

# What podman says of an image.
SHOWN = """echo '[{{"Id": "{}"}}]'"""


@pytest.fixture
def loaded(tmp_path: Path) -> Path:
    """The record's path, beside a file that it covers."""
    (tmp_path / "config.yml").write_text("canary-of-a-file")
    return tmp_path / "loaded"


@pytest.fixture
def run(run_module: Callable[..., dict[str, Any]], loaded: Path) -> Callable[..., dict[str, Any]]:
    """Run the module on that record; the result of its service beside those of the module."""

    def run_one(check: bool = False, **service: Any) -> dict[str, Any]:
        one = {"path": str(loaded), "files": [str(loaded.with_name("config.yml"))], **service}
        result = run_module(service_record, services=[one], check=check)
        return {**result, **(result["services"][0] if "services" in result else {})}

    return run_one


@pytest.fixture
def systemctl(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Put a systemctl before the host's that shows a unit in this state, with a file."""
    unit = tmp_path / "hub.service"
    unit.write_text("[Service]")

    def show(**properties: str) -> None:
        shown = {"LoadState": "loaded", "ActiveState": "active", "SubState": "running", "UnitFileState": "enabled"}
        shown |= {"NeedDaemonReload": "no", "FragmentPath": str(unit), "DropInPaths": "", **properties}
        lines = "".join(f"{name}={value}\n" for name, value in shown.items())
        program = tmp_path / "systemctl"
        program.write_text(f"#!/bin/sh\ncat <<'END'\n{lines}END\n")
        program.chmod(0o755)

    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    show()
    return show


def test_check_mode_compares_and_writes_nothing(run, loaded):
    result = run(check=True, runtime="docker", definition={"image": "a"})
    assert (result["changed"], result["previous_runtime"]) == (True, "")
    assert result["differs"] == [str(loaded.with_name("config.yml")), "image"]
    assert not loaded.exists()


@pytest.mark.parametrize(
    ("podman", "image"),
    [
        (SHOWN.format("id1"), "a"),
        (SHOWN.format("id2"), "id1"),
        ("echo 'no such image' >&2; exit 125", "id1"),
        ("exit 1", "a"),
        ("", "a"),
    ],
)
def test_a_runtime_that_does_not_answer_keeps_the_definition_as_it_is(
    run, loaded, tmp_path, monkeypatch, podman, image
):
    """If the name of the image means another image by now, its ID takes its place."""
    kept = {"image": "a", "runtime": "podman"}
    record = {"runtime": "podman", "loaded": {}, "managed": {}, "process": "", "kept": json.dumps(kept), "image": "id1"}
    loaded.write_text(json.dumps({"format": 2, **record}))
    if podman:
        (tmp_path / "podman").write_text(f"#!/bin/sh\n{podman}\n")
        (tmp_path / "podman").chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin" if podman else str(tmp_path))
    assert run(check=True, runtime="docker")["previous"] == {**kept, "image": image}


def test_a_written_record_differs_no_more_until_something_changes(run, loaded):
    assert run(runtime="docker", definition={"image": "a"})["changed"]
    assert stat.S_IMODE(loaded.stat().st_mode) == 0o600
    again = run(runtime="docker", definition={"image": "a"})
    assert (again["changed"], again["differs"], again["previous_runtime"]) == (False, [], "docker")

    loaded.with_name("config.yml").write_text("another")
    moved = run(check=True, runtime="podman", definition={"image": "b"}, managed={"caps": "canary"})

    assert moved["differs"] == ["runtime", str(loaded.with_name("config.yml")), "image"]
    assert (moved["drift"], moved["previous_runtime"]) == (["caps"], "docker")
    shown = [*moved["differs"], "caps"]
    assert moved["diff"]["prepared"].splitlines() == [f"{loaded}: {name}" for name in shown]
    assert "canary" not in loaded.read_text() + moved["printed"].replace('"managed": {"caps": "canary"}', "")


@pytest.mark.parametrize(
    ("properties", "drift"),
    [
        ({"LoadState": "not-found", "ActiveState": "inactive"}, "process: missing"),
        ({"LoadState": "masked"}, "process: masked"),
        ({"ActiveState": "activating", "SubState": "auto-restart"}, "process: activating (auto-restart)"),
        ({"UnitFileState": "disabled"}, "process: not enabled"),
        ({"NeedDaemonReload": "yes"}, "process: changed since systemd read the unit"),
    ],
)
def test_a_unit_that_does_not_run_as_wanted(run, systemctl, properties, drift):
    assert run(unit="hub.service")["changed"]
    assert not run(unit="hub.service", check=True)["changed"]
    systemctl(**properties)
    result = run(unit="hub.service", check=True)
    assert (result["changed"], result["differs"], result["drift"]) == (True, [], [drift])


def test_a_unit_that_somebody_has_edited(run, systemctl, tmp_path):
    run(unit="hub.service")
    (tmp_path / "hub.service").write_text("[Service]\nUser=root\n")
    assert run(unit="hub.service", check=True)["drift"] == ["process"]
    run(unit="hub.service")
    assert not run(unit="hub.service", check=True)["changed"]


def test_without_a_record_nobody_asks_for_the_process(run, monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    assert run(unit="hub.service", image="hub:1", check=True)["differs"]
    result = run(unit="hub.service")
    assert result["failed"] and "this host has no such program" in result["msg"]


def test_a_service_that_loads_nothing_gets_a_record_once(run, loaded):
    assert [run(files=[])["changed"] for _turn in range(2)] == [True, False]


def test_a_folder_that_is_not_there(run, tmp_path):
    result = run(path=str(tmp_path / "missing" / "loaded"))
    assert result["failed"] and result["failure"]["target"] == str(tmp_path / "missing")
    assert "No such file or directory" in result["msg"]
