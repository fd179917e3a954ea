# Copyright (c) rgwkit authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

DOCUMENTATION = r"""
name: near_host
short_description: Find the address at which a program on the same host reaches a listener
version_added: "0.2.0"
author: rgwkit authors (@rgwkit)
description:
  - Returns V(127.0.0.1) for V(0.0.0.0) and V(*), V(::1) for V(::), and otherwise the address itself, without brackets.
options:
  _input: {description: Address of the listener., type: str, required: true}
"""

EXAMPLES = r"""
- name: Show 127.0.0.1
  ansible.builtin.debug:
    msg: "{{ '0.0.0.0' | rgwkit.ceph.near_host }}"
"""

RETURN = r"""
_value: {description: The address to connect to., type: str, sample: 127.0.0.1}
"""

from typing import Any, Callable

from ansible_collections.rgwkit.ceph.plugins.module_utils.base.host_port import near_host


class FilterModule:
    """The filter near_host."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        """The filters of this file."""
        return {"near_host": near_host}
