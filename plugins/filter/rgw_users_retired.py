# Copyright (c) rgwkit authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

DOCUMENTATION = r"""
name: rgw_users_retired
short_description: List the logins that a rotation retires
version_added: "0.3.0"
author: rgwkit authors (@rgwkit)
description:
  - Returns the names of the subusers and keys with C(state=retired), and the files with their secrets. The result holds
    no secrets.
options:
  _input: {description: Users in the form of C(rgw_users_list)., type: list, elements: dict, required: true}
  accounts: {description: Accounts in the form of C(rgw_users_iam)., type: list, elements: dict, default: []}
"""

EXAMPLES = r"""
- name: Show the retired logins
  ansible.builtin.debug:
    msg: "{{ (rgw_users_list | rgwkit.ceph.rgw_users_retired).logins }}"
"""

RETURN = r"""
_value:
  description: The names of the logins and the files.
  type: dict
  sample: {logins: ["registry:swift-a"], files: [/root/swift-a.secret]}
"""

from typing import Any, Callable

from ansible_collections.rgwkit.ceph.plugins.module_utils.rgw.retired import retired


class FilterModule:
    """The filter rgw_users_retired."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        """The filters of this file."""
        return {"rgw_users_retired": retired}
