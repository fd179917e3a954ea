# Copyright (c) rgwkit authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

DOCUMENTATION = r"""
name: client_settings
short_description: Give entries of client settings the logins of the inventory's users
version_added: "0.3.0"
author: rgwkit authors (@rgwkit)
description:
  - Returns entries for M(rgwkit.ceph.client_settings). An entry with C(uid) gets the first subuser with access and the
    first S3 key that are present, or those that its C(subuser) and C(access_key) name.
  - An entry of a user with V(state=absent) becomes absent, too. What an entry says itself wins.
positional: users, endpoint, ca_file, state
options:
  _input: {description: Entries in the form of C(client_settings_list)., type: list, elements: dict, required: true}
  users: {description: Users in the form of C(rgw_users_list)., type: list, elements: dict, required: true}
  endpoint: {description: URL of the gateway for entries without one., type: str, default: ""}
  ca_file: {description: Authorities to trust for entries without a file., type: str, default: ""}
  state: {description: With V(absent) every entry becomes absent., type: str, default: present}
"""

EXAMPLES = r"""
- name: Write the settings of the inventory's users
  rgwkit.ceph.client_settings:
    home: production
    clients: "{{ client_settings_list | rgwkit.ceph.client_settings(rgw_users_list, rgw_users_endpoint) }}"
"""

RETURN = r"""
_value:
  description: The entries.
  type: list
  elements: dict
  sample:
    - path: /home/ada/.config/rgwkit
      owner: ada
      endpoint: https://rgw.example.org
      swift: {user: "ada:swift", key_file: /etc/rgwkit/users/ada.swift.secret}
"""

from collections.abc import Mapping, Sequence
from typing import Any, Callable

from ansible.errors import AnsibleFilterError
from ansible_collections.rgwkit.ceph.plugins.module_utils.base.errors import InputError
from ansible_collections.rgwkit.ceph.plugins.module_utils.clients.users import with_logins

_Entries = Sequence[Mapping[str, Any]]


def client_settings(
    entries: _Entries, users: _Entries, endpoint: str = "", ca_file: str = "", state: str = "present"
) -> list[dict[str, Any]]:
    """The entries with logins. Raises AnsibleFilterError."""
    try:
        return with_logins(entries, users, endpoint, ca_file, state)
    except InputError as error:
        raise AnsibleFilterError(str(error)) from error


class FilterModule:
    """The filter client_settings."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        """The filters of this file."""
        return {"client_settings": client_settings}
