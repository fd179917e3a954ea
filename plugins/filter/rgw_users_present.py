# Copyright (c) rgwkit authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

DOCUMENTATION = r"""
name: rgw_users_present
short_description: List the users that a run has created or found
version_added: "0.3.0"
author: rgwkit authors (@rgwkit)
description:
  - Returns the names of the users that are present after P(rgwkit.ceph.rgw_users#module), or in check mode would be.
options:
  _input: {description: C(users) of a result of that module., type: list, elements: dict, required: true}
"""

EXAMPLES = r"""
- name: Show the users
  ansible.builtin.debug:
    msg: "{{ rgw_users_result.users | rgwkit.ceph.rgw_users_present }}"
"""

RETURN = r"""
_value:
  description: The uids, V(tenant$uid) with a tenant.
  type: list
  elements: str
  sample: [registry, research$alice]
"""

from typing import Any, Callable

from ansible_collections.rgwkit.ceph.plugins.module_utils.rgw.present_users import present_users


class FilterModule:
    """The filter rgw_users_present."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        """The filters of this file."""
        return {"rgw_users_present": present_users}
