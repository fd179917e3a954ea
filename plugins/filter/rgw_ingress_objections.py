# Copyright (c) rgwkit authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

DOCUMENTATION = r"""
name: rgw_ingress_objections
short_description: Validate the variables of an ingress
version_added: "0.2.0"
author: rgwkit authors (@rgwkit)
description:
  - Returns what speaks against the services and names of an ingress, a sentence each. HAProxy would read some of these
    values as words of its own.
positional: name, folder, socket
options:
  _input: {description: Services in the form of C(rgw_ingress_services)., type: list, elements: dict, required: true}
  name: {description: Value of C(rgw_ingress_name)., type: str, required: true}
  folder: {description: Value of C(rgw_ingress_dir)., type: str, required: true}
  socket: {description: Value of C(rgw_ingress_socket)., type: str, required: true}
"""

EXAMPLES = r"""
- name: Show what is wrong with an ingress
  ansible.builtin.debug:
    msg: "{{ rgw_ingress_services | rgwkit.ceph.rgw_ingress_objections('ingress', '/etc/ingress', '/run/admin.sock') }}"
"""

RETURN = r"""
_value: {description: The objections; empty without any., type: list, elements: str, sample: []}
"""

from typing import Any, Callable

from ansible_collections.rgwkit.ceph.plugins.module_utils.gateway.ingress import ingress_objections


class FilterModule:
    """The filter rgw_ingress_objections."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        """The filters of this file."""
        return {"rgw_ingress_objections": ingress_objections}
