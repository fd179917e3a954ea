# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

DOCUMENTATION = r"""
name: kill_after
type: notification
short_description: Kill the play after a change
description:
  - Kills the process group of ansible-playbook with SIGKILL once so many tasks have changed something or have taken
    or released the play lock. After all others, the world is as it was before them.
requirements: [enabling in the configuration]
options:
  changes:
    description: After which of them the play is killed, from 1.
    type: int
    required: true
    env: [{name: RGWKIT_TEST_KILL_AFTER}]
  note:
    description: File for the name of the task after which the play was killed.
    type: path
    required: true
    env: [{name: RGWKIT_TEST_KILL_NOTE}]
"""

import os
import signal
from pathlib import Path
from typing import Any

from ansible.plugins.callback import CallbackBase


class CallbackModule(CallbackBase):
    """Counts, notes the task, kills."""

    CALLBACK_VERSION = 2.0
    CALLBACK_TYPE = "notification"
    CALLBACK_NAME = "kill_after"
    CALLBACK_NEEDS_ENABLED = True

    def __init__(self) -> None:
        super().__init__()
        self._seen = 0

    def v2_runner_on_ok(self, result: Any) -> None:
        """Kill after the last of the wanted number."""
        task = result.task
        if not result.is_changed() and not task.action.endswith("play_lock"):
            return
        self._seen += 1
        if self._seen == self.get_option("changes"):
            Path(self.get_option("note")).write_text(task.get_name(), encoding="utf-8")
            os.killpg(0, signal.SIGKILL)
