# Copyright (c) rgwkit authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

DOCUMENTATION = r"""
name: registry_panic
short_description: Explain why a registry ended in a panic
version_added: "0.2.0"
author: rgwkit authors (@rgwkit)
description:
  - Returns the panic in what a registry said, with its meaning where the panic is known. Without a panic, returns what
    the registry said.
options:
  _input: {description: What the registry said., type: str, required: true}
"""

EXAMPLES = r"""
- name: Explain a panic
  ansible.builtin.debug:
    msg: "{{ 'panic: x509: certificate signed by unknown authority' | rgwkit.ceph.registry_panic }}"
"""

RETURN = r"""
_value: {description: One line., type: str, sample: "panic: x509: ... The gateway's certificate is not trusted."}
"""

from typing import Any, Callable

from ansible_collections.rgwkit.ceph.plugins.module_utils.registry.panics import registry_panic


class FilterModule:
    """The filter registry_panic."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        """The filters of this file."""
        return {"registry_panic": registry_panic}
