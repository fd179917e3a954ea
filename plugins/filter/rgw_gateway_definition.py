# Copyright (c) rgwkit authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

DOCUMENTATION = r"""
name: rgw_gateway_definition
short_description: Describe what a running gateway has read at its start
version_added: "0.3.0"
author: rgwkit authors (@rgwkit)
description:
  - Returns what a restart of the instance depends on, besides its certificate and key, for
    P(rgwkit.ceph.service_record#module).
positional: runner, key, version, image, labels, limits, unit
options:
  _input: {description: An instance as P(rgwkit.ceph.rgw_gateway#lookup) returns it., type: dict, required: true}
  runner: {description: What runs it., type: str, choices: [package, docker, podman, cephadm], required: true}
  key: {description: Checksum of the keyring., type: str, required: true}
  version: {description: Version of Ceph., type: str, required: true}
  image: {description: Name and ids of the image of a container., type: list, elements: str, required: true}
  labels: {description: Labels of a container., type: dict, required: true}
  limits: {description: Limits of processes and of memory of a container., type: list, elements: raw, required: true}
  unit: {description: Digest of podman's unit., type: str, required: true}
"""

EXAMPLES = r"""
- name: Record what the gateway has loaded
  rgwkit.ceph.service_record:
    path: "{{ instance.loaded }}"
    runtime: package
    definition: "{{ instance | rgwkit.ceph.rgw_gateway_definition('package', 'c0ffee', '18.2.7', [], {}, [], '') }}"
"""

RETURN = r"""
_value:
  description: The definition.
  type: dict
  sample: {options: {rgw_frontends: "beast endpoint=0.0.0.0:8080"}, key: c0ffee, version: 18.2.7}
"""

from typing import Any, Callable

from ansible_collections.rgwkit.ceph.plugins.module_utils.gateway.running import gateway_definition


class FilterModule:
    """The filter rgw_gateway_definition."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        """The filters of this file."""
        return {"rgw_gateway_definition": gateway_definition}
