# Copyright (c) rgwkit authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

DOCUMENTATION = r"""
name: service_differences
short_description: List why a run has to change a host's services
version_added: "0.3.0"
author: rgwkit authors (@rgwkit)
description:
  - Returns the reasons for which services do not have to stay as they are. The list is empty if there is nothing to do.
positional: failure
options:
  _input:
    description:
      - Result of P(rgwkit.ceph.service_record#module). A comparison that failed or was skipped is a reason of its own.
    type: dict
    required: true
  failure:
    description: What a verification of services that do not differ has found.
    type: str
    default: ""
"""

EXAMPLES = r"""
- name: Show what differs
  ansible.builtin.debug:
    msg: "{{ compared | rgwkit.ceph.service_differences }}"
"""

RETURN = r"""
_value: {description: The reasons., type: list, elements: str, sample: [image, "process: exited"]}
"""

from typing import Any, Callable

from ansible_collections.rgwkit.ceph.plugins.module_utils.services.plan import service_differences


class FilterModule:
    """The filter service_differences."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        """The filters of this file."""
        return {"service_differences": service_differences}
