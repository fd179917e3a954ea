# Copyright (c) rgwkit authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

DOCUMENTATION = r"""
name: rgw_gateway_version
short_description: Find the version of Ceph that gateways are going to have
version_added: "0.3.0"
author: rgwkit authors (@rgwkit)
description:
  - Returns the version of the orchestrator, which deploys gateways of its own version, or that of the image. Returns an
    empty text if the version is not known, and with O(runtime=package).
positional: runtime, once
options:
  _input: {description: Result of P(rgwkit.ceph.ceph_cluster_info#module)., type: dict, required: true}
  runtime:
    description: What runs the gateways.
    type: str
    choices: [docker, podman, package, cephadm]
    required: true
  once:
    description:
      - Result of C(radosgw --version) in a container, as the entry point C(once) of P(rgwkit.ceph.service#role) returns
        the result. Empty where the image is not there yet.
    type: dict
    required: true
"""

EXAMPLES = r"""
- name: Show the version of the orchestrator
  ansible.builtin.debug:
    msg: "{{ cluster_result | rgwkit.ceph.rgw_gateway_version('cephadm', {}) }}"
"""

RETURN = r"""
_value: {description: "The version, or an empty text.", type: str, sample: 18.2.7}
"""

from typing import Any, Callable

from ansible_collections.rgwkit.ceph.plugins.module_utils.gateway.running import gateway_version


class FilterModule:
    """The filter rgw_gateway_version."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        """The filters of this file."""
        return {"rgw_gateway_version": gateway_version}
