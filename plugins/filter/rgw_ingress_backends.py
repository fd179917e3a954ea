# Copyright (c) rgwkit authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

DOCUMENTATION = r"""
name: rgw_ingress_backends
short_description: List the backends of an ingress from the hosts of a group
version_added: "0.2.0"
author: rgwkit authors (@rgwkit)
description:
  - Returns a backend for each host, or for each gateway instance of the host, in the form of C(rgw_ingress_services).
positional: hostvars, address, port
options:
  _input: {description: Names of the hosts., type: list, elements: str, required: true}
  hostvars: {description: The variables of all hosts., type: dict, required: true}
  address: {description: Name of the variable with the address of a host., type: str, required: true}
  port:
    description: Port of all backends. Without it, each instance of C(rgw_gateway_instances) is a backend of its own.
    type: int
"""

EXAMPLES = r"""
- name: Show the registries as backends
  ansible.builtin.debug:
    msg: "{{ groups['registries'] | rgwkit.ceph.rgw_ingress_backends(hostvars, 'ansible_host', 5000) }}"
"""

RETURN = r"""
_value:
  description: The backends.
  type: list
  elements: dict
  sample: [{name: gateway1-a, address: 192.0.2.1, port: 8080}]
"""

from typing import Any, Callable

from ansible_collections.rgwkit.ceph.plugins.module_utils.gateway.ingress import ingress_backends


class FilterModule:
    """The filter rgw_ingress_backends."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        """The filters of this file."""
        return {"rgw_ingress_backends": ingress_backends}
