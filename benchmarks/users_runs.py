# SPDX-License-Identifier: Apache-2.0
"""Runs of the module rgw_users for many new users: by ansible-playbook, and alone."""

from __future__ import annotations

import json
import os
import secrets
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any, NamedTuple

import yaml

MODULE = "ansible_collections.rgwkit.ceph.plugins.modules.rgw_users"

# A module that takes the list and does nothing.
HAND_OVER = """
from ansible.module_utils.basic import AnsibleModule
AnsibleModule({"users": {"type": "list", "elements": "dict"}}).exit_json(invocation={})
"""


class RunError(Exception):
    """A run that did not do what it was to do."""


class Alone(NamedTuple):
    """What the module's process took: seconds, and MiB at its peak."""

    seconds: float
    peak_mib: float


def fixed_options(tree: Path) -> dict[str, Any]:
    """The options that the role rgw_users of a clone gives its module whatever its variables are."""
    task = yaml.safe_load((tree / "roles/rgw_users/tasks/main.yml").read_text())[0]
    options: dict[str, Any] = task["rgwkit.ceph.rgw_users"]
    return {name: value for name, value in options.items() if "{{" not in str(value)}


class Users:
    """Users that nobody has made before, and the playbooks that make them, in a directory of their own.

    connection: the module's connection options. tree: the clone whose module runs.
    """

    def __init__(self, directory: Path, connection: dict[str, str], tree: Path, count: int) -> None:
        name = f"u{secrets.token_hex(4)}"
        self.uids = [f"{name}-{n}" for n in range(count)]
        self._directory = directory / name
        self._tree = tree
        options = {**connection, **fixed_options(tree)}
        self._options = {**options, "users": [self._user(uid) for uid in self.uids]}
        (self._directory / "library").mkdir(parents=True)
        (self._directory / "library" / "hand_over.py").write_text(HAND_OVER)
        local = {"ansible_connection": "local", "ansible_python_interpreter": sys.executable}
        self._write("inventory", {"all": {"hosts": {"localhost": {**local, "users": self._options["users"]}}}})
        tasks = {
            "start_up": {"ansible.builtin.ping": {}},
            "hand_over": {"hand_over": {"users": "{{ users }}"}},
            "users": {"rgwkit.ceph.rgw_users": {**options, "users": "{{ users }}"}},
        }
        for play, task in tasks.items():
            self._write(play, [{"hosts": "all", "gather_facts": False, "tasks": [task]}])

    def _user(self, uid: str) -> dict[str, Any]:
        subuser = {"name": "swift", "access": "full", "secret_file": f"{self._directory}/secrets/{uid}.swift"}
        return {"uid": uid, "user_quota": {"max_size": "10GiB"}, "subusers": [subuser]}

    def _write(self, name: str, content: Any) -> None:
        (self._directory / f"{name}.yml").write_text(json.dumps(content, indent=2))  # JSON is YAML

    def play(self, name: str, changed: bool = False) -> float:
        """Run the playbook start_up, hand_over or users; the seconds it takes. Raises RunError."""
        program = Path(sys.executable).with_name("ansible-playbook")
        command = [str(program), f"--inventory={self._directory}/inventory.yml", f"{self._directory}/{name}.yml"]
        began = time.monotonic()
        # In the clone's folder, for its ansible.cfg.
        done = subprocess.run(command, cwd=self._tree, capture_output=True, text=True, check=False)
        seconds = time.monotonic() - began
        if done.returncode != 0 or f"changed={int(changed)} " not in done.stdout:
            raise RunError(f"{' '.join(command)}\n{done.stdout[-2000:]}{done.stderr[-2000:]}")
        return seconds

    def make_alone(self) -> Alone:
        """Run the module without Ansible around it. Raises RunError."""
        with tempfile.TemporaryFile() as given, tempfile.TemporaryFile() as printed:
            given.write(json.dumps({"ANSIBLE_MODULE_ARGS": self._options}).encode())
            given.seek(0)
            environment = {**os.environ, "PYTHONPATH": str(self._tree / ".collections")}
            began = time.monotonic()
            process = subprocess.Popen([sys.executable, "-m", MODULE], stdin=given, stdout=printed, env=environment)
            _pid, status, usage = os.wait4(process.pid, 0)
            seconds = time.monotonic() - began
            process.returncode = os.waitstatus_to_exitcode(status)
            printed.seek(0)
            result = json.loads(printed.read())
        if not result.get("changed"):
            raise RunError(f"the module alone: {result.get('msg', 'nothing changed')}")
        return Alone(seconds, usage.ru_maxrss / 1024)
