# Copyright (c) rgwkit authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

DOCUMENTATION = r"""
name: home
short_description: Look up the identity of the inventory, which marks everything that the toolkit creates
version_added: "0.2.0"
author: rgwkit authors (@rgwkit)
description:
  - Returns the variable C(rgwkit_home). If it is not set, returns the real path of the inventory's folder on the
    controller, or of the playbook's folder if the inventory is not a file.
options:
  _terms: {description: The lookup takes no terms., type: list, elements: str}
"""

EXAMPLES = r"""
- name: Show the identity of this inventory
  ansible.builtin.debug:
    msg: "{{ lookup('rgwkit.ceph.home') }}"
"""

RETURN = r"""
_raw: {description: The identity of the inventory., type: list, elements: str}
"""

from ansible.plugins.lookup import LookupBase
from ansible_collections.rgwkit.ceph.plugins.plugin_utils.home import inventory_home


class LookupModule(LookupBase):
    """The lookup home."""

    def run(self, terms, variables=None, **kwargs) -> list[str]:
        """Return the identity of the inventory that the variables come from."""
        return [inventory_home(self._templar, variables)]
