# Copyright (c) rgwkit authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

DOCUMENTATION = r"""
name: rgw_gateway_outcome
short_description: Describe in one sentence what changed on a gateway and how the gateway was verified
version_added: "0.3.0"
author: rgwkit authors (@rgwkit)
description:
  - Returns the sentence with which the role P(rgwkit.ceph.rgw_gateway#role) ends for each instance.
options:
  _input:
    description:
      - C(entity) and C(url) of the gateway; C(changed), which says of each part whether it changed; C(check_mode).
      - C(verify), the result of P(rgwkit.ceph.rgw_verify#module), empty where the module did not run.
    type: dict
    required: true
"""

EXAMPLES = r"""
- name: Report the gateway
  ansible.builtin.debug:
    msg: "{{ facts | rgwkit.ceph.rgw_gateway_outcome }}"
  vars:
    facts:
      entity: client.rgw.rgw1.a
      url: http://192.0.2.1:8080
      changed: {key: false, configuration: true}
      check_mode: "{{ ansible_check_mode }}"
      verify: "{{ verify_result }}"
"""

RETURN = r"""
_value:
  description: One line.
  type: str
  sample: "gateway client.rgw.a at http://192.0.2.1:8080: unchanged; verified at its own address: 12 probes ok"
"""

from typing import Any, Callable

from ansible_collections.rgwkit.ceph.plugins.module_utils.gateway.outcome import gateway_outcome


class FilterModule:
    """The filter rgw_gateway_outcome."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        """The filters of this file."""
        return {"rgw_gateway_outcome": gateway_outcome}
