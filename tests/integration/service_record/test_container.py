# SPDX-License-Identifier: Apache-2.0
"""A container of docker's beside the record of its service: what counts as a difference, and what does not."""

from __future__ import annotations

import json
import secrets
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Callable

import pytest
from ansible_collections.rgwkit.ceph.plugins.modules import service_record

from tests.ceph import IMAGE


def docker(*arguments: str) -> None:
    subprocess.run(["docker", *arguments], check=True, capture_output=True)


def run_container(name: str, *options: str, command: tuple[str, ...] = ("sleep", "600")) -> None:
    docker(
        "run",
        "--detach",
        "--name",
        name,
        "--network",
        "none",
        *options,
        "--entrypoint",
        command[0],
        IMAGE,
        *command[1:],
    )


def listed(container: str) -> list[str]:
    """The container's mounts in the order of docker's answer."""
    shown = ["docker", "inspect", "--format", "{{json .Mounts}}", container]
    mounts = subprocess.run(shown, check=True, capture_output=True, text=True).stdout
    return [mount["Destination"] for mount in json.loads(mounts)]


@pytest.fixture
def container(tmp_path: Path) -> Iterator[str]:
    """The name of a container that runs."""
    name = f"rgwkit-test-record-{secrets.token_hex(4)}"
    # Five, since docker shows two in one order most of the time (it walks a Go map from a random place).
    run_container(name, *(f"--volume={tmp_path}:/mnt/{letter}" for letter in "abcde"))
    yield name
    subprocess.run(["docker", "rm", "--force", name], check=False, capture_output=True)


@pytest.fixture
def seen(run_module: Callable[..., dict[str, Any]], tmp_path: Path, container: str) -> Callable[[], list[str]]:
    """Record the container as it runs; then compare, which gives the drift."""

    def run(check: bool) -> dict[str, Any]:
        service = {"path": str(tmp_path / "loaded"), "runtime": "docker", "container": container, "image": IMAGE}
        result = run_module(service_record, services=[service], check=check)
        assert not result.get("failed"), result["msg"]
        return result

    run(check=False)

    def compare() -> list[str]:
        result = run(check=True)
        one = result["services"][0]
        assert one["differs"] == [] and result["changed"] == bool(one["drift"])
        return one["drift"]

    return compare


def test_a_restart_of_the_same_container_is_no_difference(seen, container):
    docker("restart", "--time", "0", container)
    assert seen() == []


def test_the_order_in_which_docker_lists_the_mounts_is_no_difference(seen, container):
    shown = {json.dumps(listed(container)) for _ in range(40)}
    assert len(shown) > 1, "docker gives one order only, so this test shows nothing"
    assert [seen() for _ in range(10)] == 10 * [[]]


def test_a_container_that_has_ended_differs(seen, container):
    docker("stop", "--time", "0", container)
    assert seen() == ["process: exited"]


def test_a_container_that_is_gone_differs(seen, container):
    docker("rm", "--force", container)
    assert seen() == ["process: missing"]


def test_a_container_that_somebody_has_updated_differs(seen, container):
    docker("update", "--memory", "64m", "--memory-swap", "64m", container)
    assert seen() == ["process"]


def test_a_container_that_somebody_has_created_anew_differs(seen, container):
    docker("rm", "--force", container)
    run_container(container, "--env", "OTHER=1")
    assert seen() == ["process"]


def test_a_container_that_falls_again_and_again_differs(seen, container):
    docker("rm", "--force", container)
    run_container(container, "--restart", "always", command=("false",))
    assert seen() == ["process: restarted again and again"]
