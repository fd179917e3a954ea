# SPDX-License-Identifier: Apache-2.0
"""Runs of a module that takes a long list, by ansible-playbook and alone, and what their benchmarks share."""

from __future__ import annotations

import argparse
import json
import os
import secrets
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Callable, NamedTuple

import against
import yaml
from demo_container import StartError, docker, ephemeral_demo, remove_all, start
from wire import WireError

PROJECT = Path(__file__).resolve().parents[1]
CONNECTIONS = 8  # the modules' default

# A module that takes the list and does nothing.
HAND_OVER = """
from ansible.module_utils.basic import AnsibleModule
AnsibleModule({"entries": {"type": "list", "elements": "dict"}}).exit_json(invocation={})
"""


class RunError(Exception):
    """A run that did not do what it was to do."""


class Alone(NamedTuple):
    """What the module's process took: seconds, and MiB at its peak."""

    seconds: float
    peak_mib: float


def fixed_options(tree: Path, module: str) -> dict[str, Any]:
    """The options that the role of a clone gives its module of the same name whatever the role's variables are."""
    files = sorted((tree / f"roles/{module}/tasks").glob("*.yml"))
    tasks = [task for path in files for task in yaml.safe_load(path.read_text())]
    name = f"rgwkit.ceph.{module}"
    options: dict[str, Any] = next(task[name] for task in tasks if name in task)
    return {name: value for name, value in options.items() if "{{" not in str(value)}


class ModuleRuns:
    """A list for a module, and the playbooks that hand the list over, in a directory of their own.

    directory: does not exist yet. connection: the module's connection options. tree: the clone whose module runs.
    module: "rgw_users"; option: the one that takes the list, "users". tasks: of more plays, by the names of these.
    """

    def __init__(
        self,
        directory: Path,
        connection: Mapping[str, str],
        tree: Path,
        module: str,
        option: str,
        entries: Sequence[Mapping[str, Any]],
        tasks: Mapping[str, Sequence[Mapping[str, Any]]] | None = None,
    ) -> None:
        self._directory = directory
        self._tree = tree
        self._module = module
        options = {**connection, **fixed_options(tree, module)}
        self._options = {**options, option: entries}
        (directory / "library").mkdir(parents=True)
        (directory / "library" / "hand_over.py").write_text(HAND_OVER)
        local = {"ansible_connection": "local", "ansible_python_interpreter": sys.executable}
        self._write("inventory", {"all": {"hosts": {"localhost": {**local, "entries": entries}}}})
        plays = {
            "start_up": [{"ansible.builtin.ping": {}}],
            "hand_over": [{"hand_over": {"entries": "{{ entries }}"}}],
            "module": [{f"rgwkit.ceph.{module}": {**options, option: "{{ entries }}"}}],
            **(tasks or {}),
        }
        for play, its_tasks in plays.items():
            self._write(play, [{"hosts": "all", "gather_facts": False, "tasks": its_tasks}])

    def _write(self, name: str, content: Any) -> None:
        (self._directory / f"{name}.yml").write_text(json.dumps(content, indent=2))  # JSON is YAML

    def play(self, name: str, changed: int = 0, environment: Mapping[str, str] | None = None) -> float:
        """Run the playbook start_up, hand_over, module or another one; the seconds it takes. Raises RunError.

        changed: how many tasks have to change something. environment: what the playbook has beside this process'.
        """
        program = Path(sys.executable).with_name("ansible-playbook")
        command = [str(program), f"--inventory={self._directory}/inventory.yml", f"{self._directory}/{name}.yml"]
        variables = {**os.environ, **(environment or {})}
        began = time.monotonic()
        # In the clone's folder, for its ansible.cfg.
        done = subprocess.run(command, cwd=self._tree, env=variables, capture_output=True, text=True, check=False)
        seconds = time.monotonic() - began
        if done.returncode != 0 or f"changed={changed} " not in done.stdout:
            raise RunError(f"{' '.join(command)}\n{done.stdout[-2000:]}{done.stderr[-2000:]}")
        return seconds

    def make_alone(self) -> Alone:
        """Run the module without Ansible around it. Raises RunError."""
        with tempfile.TemporaryFile() as given, tempfile.TemporaryFile() as printed:
            given.write(json.dumps({"ANSIBLE_MODULE_ARGS": self._options}).encode())
            given.seek(0)
            environment = {**os.environ, "PYTHONPATH": str(self._tree / ".collections")}
            program = [sys.executable, "-m", f"ansible_collections.rgwkit.ceph.plugins.modules.{self._module}"]
            began = time.monotonic()
            process = subprocess.Popen(program, stdin=given, stdout=printed, env=environment)
            _pid, status, usage = os.wait4(process.pid, 0)
            seconds = time.monotonic() - began
            process.returncode = os.waitstatus_to_exitcode(status)
            printed.seek(0)
            result = json.loads(printed.read())
        if not result.get("changed"):
            raise RunError(f"the module alone: {result.get('msg', 'nothing changed')}")
        return Alone(seconds, usage.ru_maxrss / 1024)


def new_name(letter: str) -> str:
    """What the names of users or buckets begin with that nobody has made before."""
    return f"{letter}{secrets.token_hex(4)}"


def address_of(container: str) -> str:
    """A container's own address: docker's proxy would slow all sides down and flatter the ratios."""
    return docker("inspect", "--format={{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}", container)


def in_turns(runs: int, turn: Callable[[], Mapping[str, float]]) -> dict[str, list[float]]:
    """What each side takes, in seconds, turn by turn."""
    seconds: dict[str, list[float]] = {}
    for number in range(1, runs + 1):
        taken = turn()
        print(f"turn {number} of {runs}: " + ", ".join(f"{side} {taken[side]:.2f} s" for side in taken), flush=True)
        for side in taken:
            seconds.setdefault(side, []).append(taken[side])
    return seconds


def over_floor(seconds: Mapping[str, Sequence[float]], run: str, less: str) -> float:
    """A run less another part, such as Ansible's start-up, in floors; the median of all turns."""
    rows = zip(seconds[run], seconds[less], seconds[f"{run}_floor"])
    return round(statistics.median((whole - part) / floor for whole, part, floor in rows), 2)


def over_floor_and_start_up(seconds: Mapping[str, Sequence[float]], run: str) -> float:
    """A whole run in floors with a start-up each; the median of all turns."""
    rows = zip(seconds[run], seconds[f"{run}_floor"], seconds["start_up"])
    return round(statistics.median(whole / (floor + start_up) for whole, floor, start_up in rows), 2)


def main(
    description: str,
    measure: Callable[[str, Path, Path, int], dict[str, float]],
    table: Callable[[dict[str, float]], str],
) -> int:
    """Measure on a demo gateway with its data in memory and report; 1 if something did not do what it was to do.

    measure: is given the container, the file with its administrator's secret, a clone, and the number of turns.
    """
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--image", default="rgwkit/ceph:18", help="image name (default: %(default)s)")
    parser.add_argument("--runs", type=int, default=5, help="turns with the short list (default: %(default)s)")
    against.add_option(parser)
    arguments = parser.parse_args()

    secret = secrets.token_hex(16)
    try:
        with tempfile.TemporaryDirectory() as directory:
            secret_file = Path(directory, "secret")
            secret_file.touch(mode=0o600)
            secret_file.write_text(secret)
            container, _seconds = start(arguments.image, ephemeral_demo(secret_file), secret)
            if arguments.against:  # both on one gateway, since two of the same kind differ more than the trees do
                return against.compare(
                    lambda tree: measure(container, secret_file, tree, 1), arguments.against, arguments.runs
                )
            found = measure(container, secret_file, PROJECT, arguments.runs)
    except (StartError, WireError, RunError, OSError) as error:
        print(error, file=sys.stderr)
        return 1
    finally:
        remove_all()
    print(table(found))
    print(json.dumps(found))
    return 0
