# SPDX-License-Identifier: Apache-2.0
"""Plays and what they cost: on this host, and on a test cluster whose hosts are containers on this host."""

from __future__ import annotations

import json
import os
import re
import resource
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

PROJECT = Path(__file__).resolve().parents[1]
SCENARIO = PROJECT / "molecule" / "cluster"


class PlayError(Exception):
    """A play that did not do what it was to do; the text has the end of its output."""


@dataclass(frozen=True)
class Taken:
    """What a run has taken: seconds, seconds of the controller's processors, and tasks, each once for every host."""

    seconds: float
    cpu_seconds: float
    tasks: int

    def named(self, name: str) -> dict[str, float]:
        """The figures as keys of a benchmark's JSON line."""
        return {f"{name}_s": self.seconds, f"{name}_cpu_s": self.cpu_seconds, f"{name}_tasks": self.tasks}


def run(command: list[str], tree: Path, environment: dict[str, str] | None = None) -> Taken:
    """Run a command in a tree, which has to succeed. Raises PlayError."""
    before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    done = subprocess.run(
        command, cwd=tree, env={**os.environ, **(environment or {})}, capture_output=True, text=True, check=False
    )
    seconds, after = time.monotonic() - began, resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode:
        raise PlayError(f"{' '.join(command)}: {done.stdout[-4000:]}{done.stderr[-2000:]}")
    cpu_seconds = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Taken(seconds, cpu_seconds, sum(map(int, re.findall(r"\bok=(\d+)", done.stdout))))


class Cluster:
    """A test cluster as `make test-cluster` has it, but with a name of its own and as many gateways' hosts as needed.

    The hosts belong to this tree's scenario, whichever tree's playbooks run on them.
    """

    def __init__(self, name: str, gateways: int = 2) -> None:
        self._name = name
        self._directory = tempfile.TemporaryDirectory()
        more = {f"rgw{number}": self._host(number) for number in range(3, gateways + 1)}
        self._inventory = Path(self._directory.name, "more.json")
        self._inventory.write_text(json.dumps({"all": {"children": {"rgws": {"hosts": more}}}}))

    def __enter__(self) -> Cluster:
        try:
            for playbook in ("create", "prepare"):
                self._play(PROJECT, SCENARIO / f"{playbook}.yml")
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_error: object) -> None:
        self._play(PROJECT, SCENARIO / "destroy.yml")
        self._directory.cleanup()

    def play(self, tree: Path, playbook: str, *options: str, **variables: Any) -> Taken:
        """Run a playbook of a tree, with these options and extra variables. Raises PlayError."""
        return self._play(tree, tree / "playbooks" / f"{playbook}.yml", *options, **variables)

    def _host(self, number: int) -> dict[str, str]:
        return {"ansible_host": f"{self._name}-rgw{number}", "cluster_address": f"10.87.6.{20 + number}"}

    def _play(self, tree: Path, playbook: Path, *options: str, **variables: Any) -> Taken:
        command = [str(Path(sys.executable).with_name("ansible-playbook")), str(playbook), *options]
        for inventory in (tree / "inventories" / "cluster", SCENARIO / "inventory", self._inventory):
            command.append(f"--inventory={inventory}")
        # One inventory for both trees: each changes what the other has made.
        command += ["-e", json.dumps({"rgwkit_home": self._name, **variables})]
        environment = {"RGWKIT_CLUSTER": self._name, "ANSIBLE_PIPELINING": "true", "ANSIBLE_FORKS": "8"}
        return run(command, tree, environment)
