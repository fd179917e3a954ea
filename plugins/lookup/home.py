# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

DOCUMENTATION = r"""
name: home
short_description: The identity of the inventory, which everything that the toolkit makes carries
version_added: "0.1.0"
author: rgwkit authors (@rgwkit)
description:
  - The variable C(rgwkit_home); without it, the real path of the inventory's folder on the controller, or of the
    playbook's where the inventory is no file.
options:
  _terms: {description: Takes none., type: list, elements: str}
"""

EXAMPLES = r"""
- name: Show whose things these plays make
  ansible.builtin.debug:
    msg: "{{ lookup('rgwkit.ceph.home') }}"
"""

RETURN = r"""
_raw: {description: The identity., type: list, elements: str}
"""

import os

from ansible.errors import AnsibleLookupError
from ansible.plugins.lookup import LookupBase


class LookupModule(LookupBase):
    """The lookup home."""

    def run(self, terms, variables=None, **kwargs) -> list[str]:
        """The identity of the inventory that the variables are of."""
        given = str(self._templar.template(variables.get("rgwkit_home")) or "")
        if not given.isprintable():
            raise AnsibleLookupError("rgwkit_home holds a line break or the like. Next: a name or a path")
        # Of `-i host,` the folder is no path.
        folder = str(variables.get("inventory_dir"))
        return [given or os.path.realpath(folder if os.path.isabs(folder) else variables["playbook_dir"])]
