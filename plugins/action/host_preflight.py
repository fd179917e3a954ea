# Copyright (c) rgwkit authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The controller part of host_preflight: where sudo refuses the user, no module runs that could say what to do."""

from __future__ import annotations

from typing import Any

from ansible.plugins.action import ActionBase
from ansible_collections.rgwkit.ceph.plugins.module_utils.base.findings import as_data, describe
from ansible_collections.rgwkit.ceph.plugins.plugin_utils.sudo_refusal import sudo_refusal


class ActionModule(ActionBase):
    """The action host_preflight."""

    def run(self, tmp: str | None = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        """Run the module, and explain a refusal by sudo."""
        super().run(tmp, task_vars)
        result: dict[str, Any] = self._execute_module(
            "rgwkit.ceph.host_preflight", self._task.args, task_vars=task_vars
        )
        finding = sudo_refusal(result, (task_vars or {}).get("inventory_hostname", "the host"))
        if not finding:
            return result
        message = "this host is not ready:\n" + describe([finding])
        return {"failed": True, "changed": False, "msg": message, "findings": as_data([finding])}
