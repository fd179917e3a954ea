# SPDX-License-Identifier: Apache-2.0
"""The module service_record: compare in check mode, write, compare again."""

from __future__ import annotations

import stat
from functools import partial
from pathlib import Path
from typing import Any, Callable

import pytest
from ansible_collections.rgwkit.ceph.plugins.modules import service_record


@pytest.fixture
def loaded(tmp_path: Path) -> Path:
    """The record's path, beside a file that it covers."""
    (tmp_path / "config.yml").write_text("canary-of-a-file")
    return tmp_path / "loaded"


@pytest.fixture
def run(run_module: Callable[..., dict[str, Any]], loaded: Path) -> Callable[..., dict[str, Any]]:
    """Run the module on that record."""
    return partial(run_module, service_record, path=str(loaded), files=[str(loaded.with_name("config.yml"))])


def test_check_mode_compares_and_writes_nothing(run, loaded):
    result = run(check=True, runtime="docker", definition={"image": "a"})
    assert (result["changed"], result["previous_runtime"]) == (True, "")
    assert result["differs"] == [str(loaded.with_name("config.yml")), "image"]
    assert not loaded.exists()


def test_a_written_record_differs_no_more_until_something_changes(run, loaded):
    assert run(runtime="docker", definition={"image": "a"})["changed"]
    assert stat.S_IMODE(loaded.stat().st_mode) == 0o600
    again = run(runtime="docker", definition={"image": "a"})
    assert (again["changed"], again["differs"], again["previous_runtime"]) == (False, [], "docker")

    loaded.with_name("config.yml").write_text("another")
    moved = run(check=True, runtime="podman", definition={"image": "b"})

    assert moved["differs"] == ["runtime", str(loaded.with_name("config.yml")), "image"]
    assert moved["previous_runtime"] == "docker"
    assert moved["diff"]["prepared"].splitlines() == [f"{loaded}: {name}" for name in moved["differs"]]
    assert "canary" not in loaded.read_text() + moved["printed"]


def test_a_service_that_loads_nothing_gets_a_record_once(run_module, loaded):
    assert [run_module(service_record, path=str(loaded))["changed"] for _turn in range(2)] == [True, False]


def test_a_folder_that_is_not_there(run_module, tmp_path):
    result = run_module(service_record, path=str(tmp_path / "missing" / "loaded"))
    assert result["failed"] and result["failure"]["target"] == str(tmp_path / "missing")
    assert "No such file or directory" in result["msg"]
