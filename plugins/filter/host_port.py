# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

DOCUMENTATION = r"""
name: host_port
short_description: Write a host and a port together
version_added: "0.1.0"
author: rgwkit authors (@rgwkit)
description:
  - A listener or an authority of a URL. An IPv6 address gets brackets before the port, if it has none yet.
positional: port
options:
  _input: {description: Name or address., type: str, required: true}
  port: {description: The port., type: raw, required: true}
"""

EXAMPLES = r"""
- name: Write [::1]:8080
  ansible.builtin.debug:
    msg: "{{ '::1' | rgwkit.ceph.host_port(8080) }}"
"""

RETURN = r"""
_value: {description: "HOST:PORT.", type: str}
"""

from typing import Any, Callable

from ansible_collections.rgwkit.ceph.plugins.module_utils.base.host_port import host_port


class FilterModule:
    """The filter host_port."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        """The filters of this file."""
        return {"host_port": host_port}
