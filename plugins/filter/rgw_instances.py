# Copyright (c) rgwkit authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

DOCUMENTATION = r"""
name: rgw_instances
short_description: Derive names, folders, listeners and URLs of a host's gateways
version_added: "0.2.0"
author: rgwkit authors (@rgwkit)
description:
  - Returns each instance of the role P(rgwkit.ceph.rgw_gateway#role) with all values that follow from its options.
positional: host, frontend_options, loaded_dir
options:
  _input: {description: Instances in the form of C(rgw_gateway_instances)., type: list, required: true}
  host: {description: Name of the host in the inventory., type: str, required: true}
  frontend_options: {description: Web server options of all instances., type: dict, required: true}
  loaded_dir:
    description:
      - Folder of the files that record which configuration an instance has loaded. Empty for the data folder of each
        instance.
    type: str
    default: ""
"""

EXAMPLES = r"""
- name: Show the options of radosgw
  ansible.builtin.debug:
    msg: "{{ [{'name': 'a', 'port': 8080}] | rgwkit.ceph.rgw_instances('gateway1', {}) | map(attribute='text') }}"
"""

RETURN = r"""
_value: {description: The instances with the derived values., type: list, elements: dict}
"""

from typing import Any, Callable

from ansible_collections.rgwkit.ceph.plugins.module_utils.gateway.instances import rgw_instances


class FilterModule:
    """The filter rgw_instances."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        """The filters of this file."""
        return {"rgw_instances": rgw_instances}
