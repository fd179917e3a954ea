# SPDX-License-Identifier: Apache-2.0
"""Playbooks that are killed with SIGKILL after a change, together with everything that they have started."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.playbooks import BIN, PROJECT

CALLBACKS = Path(__file__).parent / "callbacks"
SECONDS = 600


def kill_after(changes: int, playbook: str, *options: str, **variables: object) -> str | None:
    """Run a playbook and kill it after its n-th change, counted from 1. The task's name; None if the play ended before.

    Raises AssertionError when the play ends with a failure of its own.
    """
    with TemporaryDirectory() as folder:
        note = Path(folder) / "note"
        environment = {
            **os.environ,
            "ANSIBLE_CALLBACK_PLUGINS": str(CALLBACKS),
            "ANSIBLE_CALLBACKS_ENABLED": "kill_after",
            "RGWKIT_TEST_KILL_AFTER": str(changes),
            "RGWKIT_TEST_KILL_NOTE": str(note),
        }
        command = [str(BIN / "ansible-playbook"), f"playbooks/{playbook}.yml", "-e", json.dumps(variables), *options]
        done = subprocess.run(
            command,
            cwd=PROJECT,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
            timeout=SECONDS,
            check=False,
        )
        if note.exists():
            return note.read_text(encoding="utf-8")
        assert done.returncode == 0, done.stdout[-6000:]
        return None
