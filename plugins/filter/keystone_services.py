# Copyright (c) rgwkit authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

DOCUMENTATION = r"""
name: keystone_services
short_description: Tell what Keystone's catalogue is to have for gateways
version_added: "0.3.0"
author: rgwkit authors (@rgwkit)
description:
  - Returns the service with its public endpoint that follows from C(rgw_gateway_keystone), in the format of C(services)
    of the module P(rgwkit.ceph.rgw_keystone_identity#module).
  - The endpoint has the first of C(catalogue_urls) and the path of swift. Without a URL, the list is empty.
positional: options
options:
  _input: {description: C(rgw_gateway_keystone)., type: dict, required: true}
  options:
    description: C(rgw_gateway_options), which may have C(rgw_swift_url_prefix).
    type: dict
    required: true
"""

EXAMPLES = r"""
- name: Show the entry of the gateways in the catalogue
  ansible.builtin.debug:
    msg: "{{ rgw_gateway_keystone | rgwkit.ceph.keystone_services({}) }}"
"""

RETURN = r"""
_value:
  description: The service, or nothing.
  type: list
  elements: dict
  sample:
    - endpoints:
        - {region: RegionOne, url: https://objects.example.com/swift/v1}
"""

from typing import Any, Callable

from ansible_collections.rgwkit.ceph.plugins.module_utils.keystone.identity.gateways import catalogue_services


class FilterModule:
    """The filter keystone_services."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        """The filters of this file."""
        return {"keystone_services": catalogue_services}
