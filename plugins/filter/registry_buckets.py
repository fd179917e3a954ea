# Copyright (c) rgwkit authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

DOCUMENTATION = r"""
name: registry_buckets
short_description: List the buckets of an inventory's registries
version_added: "0.3.0"
author: rgwkit authors (@rgwkit)
description:
  - Returns the names of the swift containers and buckets in which registries keep their images.
positional: hostvars, users
options:
  _input: {description: Names of the registries' hosts., type: list, elements: str, required: true}
  hostvars: {description: The variables of all hosts., type: dict, required: true}
  users:
    description: Users in the form of C(rgw_users_list), whose S3 keys tell the tenants of buckets.
    type: list
    elements: dict
    default: []
"""

EXAMPLES = r"""
- name: Show the buckets of the registries
  ansible.builtin.debug:
    msg: "{{ groups['registries'] | rgwkit.ceph.registry_buckets(hostvars, rgw_users_list) }}"
"""

RETURN = r"""
_value:
  description: The names, V(tenant/name) with a tenant.
  type: list
  elements: str
  sample: [registry, research/images]
"""

from typing import Any, Callable

from ansible_collections.rgwkit.ceph.plugins.module_utils.registry.buckets import registry_buckets


class FilterModule:
    """The filter registry_buckets."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        """The filters of this file."""
        return {"registry_buckets": registry_buckets}
