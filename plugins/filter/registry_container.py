# Copyright (c) rgwkit authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

DOCUMENTATION = r"""
name: registry_container
short_description: Read how a registry container was run
version_added: "0.2.0"
author: rgwkit authors (@rgwkit)
description:
  - Returns the mounts and published ports of a container from docker's record of it.
options:
  _input: {description: The container as C(docker inspect) shows it., type: dict, required: true}
"""

EXAMPLES = r"""
- name: Show the published address
  ansible.builtin.debug:
    msg: "{{ (inspected.container | rgwkit.ceph.registry_container).address }}"
"""

RETURN = r"""
_value:
  description: Mounts, ports and the first published address.
  type: dict
  sample: {mounts: [], ports: ["127.0.0.1:5000:5000"], address: "127.0.0.1:5000"}
"""

from typing import Any, Callable

from ansible_collections.rgwkit.ceph.plugins.module_utils.registry.container import registry_container


class FilterModule:
    """The filter registry_container."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        """The filters of this file."""
        return {"registry_container": registry_container}
