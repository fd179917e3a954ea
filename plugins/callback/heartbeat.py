# Copyright (c) rgwkit authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

DOCUMENTATION = r"""
name: heartbeat
type: notification
short_description: Show that a long task is still running
version_added: "0.1.0"
author: rgwkit authors (@rgwkit)
description:
  - Prints a line with the elapsed time while a task takes long, so that nobody wonders whether the build of an image or
    the wait for a gateway is stuck.
requirements: [enabling in the configuration (C(callbacks_enabled))]
options:
  interval:
    description: Seconds between two lines.
    type: int
    default: 10
    env: [{name: RGWKIT_HEARTBEAT_INTERVAL}]
    ini: [{section: callback_heartbeat, key: interval}]
"""

import threading
import time

from ansible.plugins.callback import CallbackBase


class CallbackModule(CallbackBase):
    """Prints the name and the elapsed time of the running task from a thread, until the next task or the end."""

    CALLBACK_VERSION = 2.0
    CALLBACK_TYPE = "notification"
    CALLBACK_NAME = "rgwkit.ceph.heartbeat"
    CALLBACK_NEEDS_ENABLED = True

    def __init__(self) -> None:
        super().__init__()
        self._task: tuple[str, float] | None = None
        self._ended = threading.Event()

    def v2_playbook_on_start(self, playbook: object) -> None:
        """Start the thread. The thread ends with the process or with the play's statistics."""
        threading.Thread(target=self._beat, daemon=True).start()

    def v2_playbook_on_task_start(self, task: object, is_conditional: bool) -> None:
        """Record the running task and its start time."""
        self._task = (str(task), time.monotonic())

    def v2_playbook_on_stats(self, stats: object) -> None:
        """Stop printing."""
        self._ended.set()

    def _beat(self) -> None:
        interval = self.get_option("interval")
        next_line = interval
        while not self._ended.wait(1):
            task = self._task
            if task is None or time.monotonic() - task[1] < interval:
                next_line = interval
            elif time.monotonic() - task[1] >= next_line:
                self._display.display(f"    ... {next_line} s: {task[0].removeprefix('TASK: ')}")
                next_line += interval
