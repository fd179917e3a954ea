# Copyright (c) rgwkit authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

DOCUMENTATION = r"""
name: rgw_ingress_outcome
short_description: Describe in one sentence what changed on an ingress and how the ingress was verified
version_added: "0.3.0"
author: rgwkit authors (@rgwkit)
description:
  - Returns the sentence with which the role P(rgwkit.ceph.rgw_ingress#role) ends.
options:
  _input:
    description:
      - C(name) of the ingress; C(changed), which says of each part whether it changed; C(check_mode);
        C(virtual_address), which may be empty.
      - C(answers), the results of a loop of P(ansible.builtin.uri#module) over the services.
    type: dict
    required: true
"""

EXAMPLES = r"""
- name: Report the ingress
  ansible.builtin.debug:
    msg: "{{ facts | rgwkit.ceph.rgw_ingress_outcome }}"
  vars:
    facts:
      name: rgwkit-ingress
      changed: {configuration: false, HAProxy: false}
      check_mode: "{{ ansible_check_mode }}"
      answers: "{{ answers.results }}"
      virtual_address: ""
"""

RETURN = r"""
_value:
  description: One line.
  type: str
  sample: "ingress rgwkit-ingress: unchanged; answers through HAProxy: rgw on port 80 (404)"
"""

from typing import Any, Callable

from ansible_collections.rgwkit.ceph.plugins.module_utils.gateway.outcome import ingress_outcome


class FilterModule:
    """The filter rgw_ingress_outcome."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        """The filters of this file."""
        return {"rgw_ingress_outcome": ingress_outcome}
