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
  - The stdout callback P(rgwkit.ceph.stages#callback) does the same by itself. Beside that one, this one is silent.
requirements: [enabling in the configuration (C(callbacks_enabled))]
options:
  interval:
    description: Seconds between two lines.
    type: int
    default: 10
    env: [{name: RGWKIT_HEARTBEAT_INTERVAL}]
    ini: [{section: callback_heartbeat, key: interval}]
"""

from ansible.plugins.callback import CallbackBase
from ansible_collections.rgwkit.ceph.plugins.plugin_utils.heartbeat import Heartbeat


class CallbackModule(CallbackBase):
    """Prints the name and the elapsed time of the running task, until the next task or the end."""

    CALLBACK_VERSION = 2.0
    CALLBACK_TYPE = "notification"
    CALLBACK_NAME = "rgwkit.ceph.heartbeat"
    CALLBACK_NEEDS_ENABLED = True

    def __init__(self) -> None:
        super().__init__()
        self._heartbeat = Heartbeat(self._display.display)

    def v2_playbook_on_start(self, playbook: object) -> None:
        """Begin to watch the tasks."""
        self._heartbeat.start(self.get_option("interval"))

    def v2_playbook_on_task_start(self, task: object, is_conditional: bool) -> None:
        """Record the running task and its start time."""
        self._heartbeat.task(str(task).removeprefix("TASK: "))

    def v2_playbook_on_stats(self, stats: object) -> None:
        """Stop printing."""
        self._heartbeat.end()
