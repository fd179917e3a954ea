# Copyright (c) rgwkit authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

DOCUMENTATION = r"""
name: host_port
short_description: Join a host and a port
version_added: "0.2.0"
author: rgwkit authors (@rgwkit)
description:
  - Joins a host and a port as a listener or the authority of a URL. An IPv6 address gets brackets unless it has them.
positional: port
options:
  _input: {description: Name or address of the host., type: str, required: true}
  port: {description: The port., type: raw, required: true}
"""

EXAMPLES = r"""
- name: Show [::1]:8080
  ansible.builtin.debug:
    msg: "{{ '::1' | rgwkit.ceph.host_port(8080) }}"
"""

RETURN = r"""
_value: {description: "Host and port, as C(HOST:PORT).", type: str, sample: "[::1]:8080"}
"""

from typing import Any, Callable

from ansible_collections.rgwkit.ceph.plugins.module_utils.base.host_port import host_port


class FilterModule:
    """The filter host_port."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        """The filters of this file."""
        return {"host_port": host_port}
