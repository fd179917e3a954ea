# Copyright (c) rgwkit authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

DOCUMENTATION = r"""
name: rgw_accounts_by_state
short_description: Split accounts into those that are to be present and those that are to be absent
version_added: "0.3.0"
author: rgwkit authors (@rgwkit)
description:
  - Users need their accounts, so accounts are created before the users change, and removed afterwards.
options:
  _input: {description: Accounts in the form of C(rgw_users_accounts)., type: list, elements: dict, required: true}
"""

EXAMPLES = r"""
- name: Show the names of the accounts that are to be present
  ansible.builtin.debug:
    msg: "{{ (rgw_users_accounts | rgwkit.ceph.rgw_accounts_by_state).names }}"
"""

RETURN = r"""
_value:
  description: The entries as C(present) and C(absent), and the C(names) of those that are to be present.
  type: dict
  sample:
    present: [{name: acme, max_users: 50}]
    absent: []
    names: [acme]
"""

from typing import Any, Callable

from ansible_collections.rgwkit.ceph.plugins.module_utils.rgw.accounts.by_state import accounts_by_state


class FilterModule:
    """The filter rgw_accounts_by_state."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        """The filters of this file."""
        return {"rgw_accounts_by_state": accounts_by_state}
