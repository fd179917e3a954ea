# Copyright (c) rgwkit authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

DOCUMENTATION = r"""
name: service_result
short_description: Tell what a run did to the process of a service
version_added: "0.3.0"
author: rgwkit authors (@rgwkit)
description:
  - Returns the comparison with C(changed) and C(action), which is V(none), V(started), V(reloaded), V(restarted) or
    V(moved).
positional: did
options:
  _input:
    description: The service in the result of P(rgwkit.ceph.service_record#module).
    type: dict
    required: true
  did: {description: Result of P(rgwkit.ceph.service_action#filter)., type: dict, required: true}
  recreated: {description: Whether the container or the unit is another one., type: bool, default: false}
  changed: {description: "Whether the process was started, restarted or reloaded.", type: bool, default: false}
"""

EXAMPLES = r"""
- name: Show what was done
  ansible.builtin.debug:
    msg: "{{ (compared.services[0] | rgwkit.ceph.service_result(did, changed=true)).action }}"
"""

RETURN = r"""
_value:
  description: What was done.
  type: dict
  sample: {differs: [], drift: [], previous_runtime: docker, previous: {}, changed: true, action: restarted}
"""

from typing import Any, Callable

from ansible_collections.rgwkit.ceph.plugins.module_utils.services.action import result


class FilterModule:
    """The filter service_result."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        """The filters of this file."""
        return {"service_result": result}
