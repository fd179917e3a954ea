# Copyright (c) rgwkit authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

DOCUMENTATION = r"""
name: service_action
short_description: Decide what a run does to the process of a service
version_added: "0.3.0"
author: rgwkit authors (@rgwkit)
description:
  - Returns C(moves_from), the runtime whose daemon has to go first; C(restarts); C(reloads); and C(recreates), whether
    a container has to be created anew.
positional: compared, seen
options:
  _input: {description: The definition with all defaults., type: dict, required: true}
  compared:
    description: The service in the result of P(rgwkit.ceph.service_record#module).
    type: dict
    required: true
  seen: {description: Result of P(rgwkit.ceph.service_watch#module)., type: dict, required: true}
  restart: {description: Whether the caller wants a restart., type: bool, default: false}
  changes:
    description: Whether the caller has changed files that the process loads, or in check mode would change them.
    type: bool
    default: false
"""

EXAMPLES = r"""
- name: Show whether the service is going to be restarted
  ansible.builtin.debug:
    msg: "{{ (definition | rgwkit.ceph.service_action(compared.services[0], seen)).restarts }}"
"""

RETURN = r"""
_value:
  description: What to do.
  type: dict
  sample: {moves_from: "", restarts: false, reloads: true, recreates: false}
"""

from typing import Any, Callable

from ansible_collections.rgwkit.ceph.plugins.module_utils.services.action import action


class FilterModule:
    """The filter service_action."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        """The filters of this file."""
        return {"service_action": action}
