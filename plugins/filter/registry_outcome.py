# Copyright (c) rgwkit authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

DOCUMENTATION = r"""
name: registry_outcome
short_description: Describe in one sentence what changed on a registry and how the registry was verified
version_added: "0.3.0"
author: rgwkit authors (@rgwkit)
description:
  - Returns the sentence with which the role P(rgwkit.ceph.registry#role) ends.
options:
  _input:
    description:
      - C(name) and C(address) of the registry; C(changed), which says of each part whether it changed; C(check_mode).
      - C(roundtrip) and C(probe), the results of P(rgwkit.ceph.registry_roundtrip#module) and
        P(rgwkit.ceph.registry_probe#module), empty where a module did not run.
    type: dict
    required: true
"""

EXAMPLES = r"""
- name: Report the registry
  ansible.builtin.debug:
    msg: "{{ facts | rgwkit.ceph.registry_outcome }}"
  vars:
    facts:
      name: rgwkit-registry
      address: 127.0.0.1:5000
      changed: {configuration: false, container: false}
      check_mode: "{{ ansible_check_mode }}"
      roundtrip: "{{ roundtrip_result }}"
      probe: {}
"""

RETURN = r"""
_value:
  description: One line.
  type: str
  sample: "registry 127.0.0.1:5000 (rgwkit-registry): unchanged; verified by index and mount over its API"
"""

from typing import Any, Callable

from ansible_collections.rgwkit.ceph.plugins.module_utils.registry.outcome import registry_outcome


class FilterModule:
    """The filter registry_outcome."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        """The filters of this file."""
        return {"registry_outcome": registry_outcome}
