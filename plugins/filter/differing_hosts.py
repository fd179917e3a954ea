# Copyright (c) rgwkit authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

DOCUMENTATION = r"""
name: differing_hosts
short_description: List the hosts that a run has to change
version_added: "0.3.0"
author: rgwkit authors (@rgwkit)
description:
  - Returns those of the hosts that an entry point C(plan) of a role has found to differ. A host that was not compared
    in this run, for example because of C(--limit), is not among them.
positional: hostvars, name
options:
  _input: {description: Names of hosts., type: list, elements: str, required: true}
  hostvars: {description: "The variables of all hosts, C(hostvars).", type: dict, required: true}
  name: {description: "Name of the fact with the differences.", type: str, required: true}
"""

EXAMPLES = r"""
- name: Run the registries that differ
  hosts: "{{ groups.registries | rgwkit.ceph.differing_hosts(hostvars | default({}), 'registry_differences') }}"
  roles:
    - rgwkit.ceph.registry
"""

RETURN = r"""
_value: {description: The hosts., type: list, elements: str, sample: [registry1]}
"""

from typing import Any, Callable

from ansible_collections.rgwkit.ceph.plugins.module_utils.services.plan import differing_hosts


class FilterModule:
    """The filter differing_hosts."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        """The filters of this file."""
        return {"differing_hosts": differing_hosts}
