# Copyright (c) rgwkit authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

DOCUMENTATION = r"""
name: rgw_gateway_process
short_description: Find the process of a gateway, beside which radosgw-admin runs
version_added: "0.3.0"
author: rgwkit authors (@rgwkit)
description:
  - Returns where the process runs, its cephx name and its data folder.
positional: runtime, daemons, host, engine
options:
  _input: {description: An instance as P(rgwkit.ceph.rgw_gateway#lookup) returns it., type: dict, required: true}
  runtime:
    description: What runs the gateway.
    type: str
    choices: [docker, podman, package, cephadm]
    required: true
  daemons:
    description: The daemons of the service as P(rgwkit.ceph.ceph_orch_rgw#module) returns them.
    type: list
    elements: dict
    required: true
  host: {description: The orchestrator's name for the host., type: str, required: true}
  engine:
    description: Program with which cephadm runs containers on the host.
    type: str
    choices: [docker, podman]
    required: true
"""

EXAMPLES = r"""
- name: Show the cephx name of a gateway that cephadm runs
  ansible.builtin.debug:
    msg: "{{ (instance | rgwkit.ceph.rgw_gateway_process('cephadm', service.daemons, 'gw1', 'podman')).entity }}"
"""

RETURN = r"""
_value:
  description:
    - The process. C(via), C(runtime) and C(container) are options of the modules that run Ceph's tools. C(runtime) is
      empty without a container.
  type: dict
  sample:
    via: container
    runtime: docker
    container: ceph-rgw.gw1.a
    entity: client.rgw.gw1.a
    data: /var/lib/ceph/radosgw/ceph-rgw.gw1.a
"""

from typing import Any, Callable

from ansible_collections.rgwkit.ceph.plugins.module_utils.gateway.running import gateway_process


class FilterModule:
    """The filter rgw_gateway_process."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        """The filters of this file."""
        return {"rgw_gateway_process": gateway_process}
