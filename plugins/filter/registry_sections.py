# Copyright (c) rgwkit authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

DOCUMENTATION = r"""
name: registry_sections
short_description: Build the configuration of a registry
version_added: "0.2.0"
author: rgwkit authors (@rgwkit)
description:
  - Returns the configuration of a Docker registry that follows from the variables of P(rgwkit.ceph.registry#role), as
    the registry's own keys. The secrets are not in it.
options:
  _input:
    description: The variables of the role, without C(registry_) before their names.
    type: dict
    required: true
"""

EXAMPLES = r"""
- name: Show the storage section
  ansible.builtin.debug:
    msg: "{{ given | rgwkit.ceph.registry_sections }}"
"""

RETURN = r"""
_value: {description: The configuration., type: dict, sample: {version: "0.1"}}
"""

from typing import Any, Callable

from ansible_collections.rgwkit.ceph.plugins.module_utils.registry.config.sections import registry_sections


class FilterModule:
    """The filter registry_sections."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        """The filters of this file."""
        return {"registry_sections": registry_sections}
