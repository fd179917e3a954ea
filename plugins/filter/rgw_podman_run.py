# Copyright (c) rgwkit authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

DOCUMENTATION = r"""
name: rgw_podman_run
short_description: List the arguments of podman run for a gateway
version_added: "0.2.0"
author: rgwkit authors (@rgwkit)
description:
  - Returns the arguments with which the unit of an instance runs its container.
positional: image, labels, pids_limit, memory
options:
  _input: {description: An instance as P(rgwkit.ceph.rgw_gateway#lookup) returns it., type: dict, required: true}
  image: {description: Name of the image., type: str, required: true}
  labels: {description: Labels of the container., type: dict, required: true}
  pids_limit: {description: Most processes and threads in the container., type: int, required: true}
  memory: {description: "Most memory, as podman writes it. Empty for no limit.", type: str, default: ""}
"""

EXAMPLES = r"""
- name: Show the arguments
  ansible.builtin.debug:
    msg: "{{ instances | first | rgwkit.ceph.rgw_podman_run('quay.io/ceph/ceph:v18', {}, 8192) }}"
  vars:
    instances: "{{ lookup('rgwkit.ceph.rgw_gateway', 'instances') }}"
"""

RETURN = r"""
_value: {description: The arguments., type: list, elements: str, sample: ["--name=ceph-rgw.gateway1.a", "--replace"]}
"""

from typing import Any, Callable

from ansible_collections.rgwkit.ceph.plugins.module_utils.gateway.instances import rgw_podman_run


class FilterModule:
    """The filter rgw_podman_run."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        """The filters of this file."""
        return {"rgw_podman_run": rgw_podman_run}
