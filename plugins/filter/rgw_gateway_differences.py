# Copyright (c) rgwkit authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

DOCUMENTATION = r"""
name: rgw_gateway_differences
short_description: List the gateways of a host that a run has to change
version_added: "0.3.0"
author: rgwkit authors (@rgwkit)
description:
  - Returns a line for each instance that differs from its record or does not pass its verification.
positional: compared, verified
options:
  _input:
    description: The instances as P(rgwkit.ceph.rgw_gateway#lookup) returns them.
    type: list
    elements: dict
    required: true
  compared:
    description: Result of P(rgwkit.ceph.service_record#module) with a service for each instance, in the same order.
    type: dict
    required: true
  verified:
    description: Result of P(rgwkit.ceph.rgw_verify#module) in a loop over the instances.
    type: dict
    default: {}
"""

EXAMPLES = r"""
- name: Show what differs
  ansible.builtin.debug:
    msg: "{{ instances | rgwkit.ceph.rgw_gateway_differences(compared, verified) }}"
  vars:
    instances: "{{ lookup('rgwkit.ceph.rgw_gateway', 'instances') }}"
"""

RETURN = r"""
_value:
  description: The lines.
  type: list
  elements: str
  sample: ["client.rgw.gateway1.a: options, /etc/ceph/ceph.conf"]
"""

from typing import Any, Callable

from ansible_collections.rgwkit.ceph.plugins.module_utils.gateway.plan import gateway_differences


class FilterModule:
    """The filter rgw_gateway_differences."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        """The filters of this file."""
        return {"rgw_gateway_differences": gateway_differences}
