# Copyright (c) rgwkit authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

DOCUMENTATION = r"""
name: with_registry_buckets
short_description: Add the buckets of an inventory's registries to a list of buckets
version_added: "0.3.0"
author: rgwkit authors (@rgwkit)
description:
  - Returns the entries, and an entry for the swift container or bucket of each registry whose user is among the users.
    With the s3 driver, the entry has a lifecycle rule that ends incomplete uploads when the registry gives them up.
  - What an entry of the list mentions of such a bucket wins.
positional: hosts, hostvars, users
options:
  _input: {description: Buckets in the form of C(rgw_buckets_list)., type: list, elements: dict, required: true}
  hosts: {description: Names of the registries' hosts., type: list, elements: str, required: true}
  hostvars: {description: The variables of all hosts., type: dict, required: true}
  users: {description: Users in the form of C(rgw_users_list)., type: list, elements: dict, default: []}
"""

EXAMPLES = r"""
- name: Show all buckets that are declared
  ansible.builtin.debug:
    msg: "{{ rgw_buckets_list | rgwkit.ceph.with_registry_buckets(groups['registries'], hostvars, rgw_users_list) }}"
"""

RETURN = r"""
_value:
  description: The entries.
  type: list
  elements: dict
  sample:
    - name: images
      owner: registry
      lifecycle: [{id: registry-uploads, abort_incomplete_multipart_upload_days: 7}]
      lifecycle_is_default: true
"""

from typing import Any, Callable

from ansible_collections.rgwkit.ceph.plugins.module_utils.registry.buckets import with_registry_buckets


class FilterModule:
    """The filter with_registry_buckets."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        """The filters of this file."""
        return {"with_registry_buckets": with_registry_buckets}
