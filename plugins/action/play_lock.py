# Copyright (c) rgwkit authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The controller part of play_lock: identifies the play, and finds out which plays of this controller have ended."""

from __future__ import annotations

import os
import time
from typing import Any

from ansible.plugins.action import ActionBase
from ansible_collections.rgwkit.ceph.plugins.module_utils.host.play_process import (
    ELSEWHERE,
    OVER,
    RUNS,
    fate_of,
    name_of,
)


class ActionModule(ActionBase):
    """The action play_lock."""

    def run(self, tmp: str | None = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        """Request the lock from the host, and once more if the play that holds the lock has ended."""
        super().run(tmp, task_vars)
        # Tasks run in worker processes, whose parent runs the play.
        arguments = {**self._task.args, "play": name_of(os.getppid())}
        result = self._ask(arguments, task_vars)
        holder = result.get("holder")
        if arguments.get("state", "held") != "held" or result.get("failed") or result.get("held") or not holder:
            return result
        fate = fate_of(holder["play"])
        if self._task.check_mode:
            return result if fate == OVER else {**result, "warnings": [_who(holder)]}
        if fate == OVER or (fate == ELSEWHERE and _is_true(arguments.get("take_over"))):
            result = self._ask({**arguments, "instead_of": holder["play"]}, task_vars)
            if result.get("failed") or result["held"]:
                return result
            holder, fate = result["holder"], RUNS
        return {**result, "failed": True, "msg": _refusal(holder, fate)}

    def _ask(self, arguments: dict[str, Any], task_vars: dict[str, Any] | None) -> dict[str, Any]:
        result: dict[str, Any] = self._execute_module("rgwkit.ceph.play_lock", arguments, task_vars=task_vars)
        return result


def _is_true(value: Any) -> bool:
    return str(value).lower() in ("true", "yes", "1", "on")


def _who(holder: dict[str, Any]) -> str:
    host, _boot, _namespace, pid, _began = holder["play"].rsplit("/", 4)
    since = time.strftime("%Y-%m-%d %H:%M:%S", time.localtime(holder["since"]))
    return f"another play works on this host: process {pid} on {host} ({holder['about']}), since {since}"


def _refusal(holder: dict[str, Any], fate: str) -> str:
    if fate == RUNS:
        return f"{_who(holder)}. Nothing was changed here. Next: wait for that play to end, then run this play again"
    return (
        f"{_who(holder)}. Nothing was changed here. This controller cannot see whether that play still runs. "
        "Next: wait for that play to end. If it was killed or its controller is gone, run this play with "
        "-e play_lock_take_over=true"
    )
