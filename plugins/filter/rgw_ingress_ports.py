# Copyright (c) rgwkit authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

DOCUMENTATION = r"""
name: rgw_ingress_ports
short_description: List the ports that an ingress needs and does not have yet
version_added: "0.3.0"
author: rgwkit authors (@rgwkit)
description:
  - Returns the ports of the services that the running HAProxy does not hold itself, in the form of the option C(ports)
    of P(rgwkit.ceph.host_preflight#module).
positional: configuration
options:
  _input: {description: Services in the form of C(rgw_ingress_services)., type: list, elements: dict, required: true}
  configuration:
    description: The configuration that the running HAProxy has loaded. Empty if HAProxy does not run.
    type: str
    required: true
"""

EXAMPLES = r"""
- name: Check that the ports are free
  rgwkit.ceph.host_preflight:
    ports: "{{ rgw_ingress_services | rgwkit.ceph.rgw_ingress_ports('') }}"
"""

RETURN = r"""
_value:
  description: The ports.
  type: list
  elements: dict
  sample: [{port: 80, purpose: the ingress, variable: rgw_ingress_services}]
"""

from typing import Any, Callable

from ansible_collections.rgwkit.ceph.plugins.module_utils.gateway.ingress import ingress_ports


class FilterModule:
    """The filter rgw_ingress_ports."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        """The filters of this file."""
        return {"rgw_ingress_ports": ingress_ports}
