# Copyright (c) rgwkit authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

DOCUMENTATION = r"""
name: docker_volumes
short_description: Look up what follows from the variables of the role docker_volumes
version_added: "0.3.0"
author: rgwkit authors (@rgwkit)
description:
  - Returns what P(rgwkit.ceph.docker_volumes#role) derives from its variables, for the current host.
options:
  _terms:
    description: What to look up.
    type: list
    elements: str
    choices:
      needs: What the host must have, as options of P(rgwkit.ceph.host_preflight#module).
      objections: What speaks against the variables, as sentences.
      definition: The volume driver as a definition of P(rgwkit.ceph.service#role).
      settings: The path of rclone's settings.
      cache: The folder of rclone's cache.
      mounts: The folder below which volumes are mounted.
      socket: The socket of the driver.
      log_command: The command that shows the log of the driver.
    required: true
"""

EXAMPLES = r"""
- name: Show the definition of the volume driver
  ansible.builtin.debug:
    msg: "{{ lookup('rgwkit.ceph.docker_volumes', 'definition') }}"
"""

RETURN = r"""
_raw: {description: What the term stands for., type: list, elements: raw}
"""

from collections.abc import Mapping
from typing import Any

from ansible_collections.rgwkit.ceph.plugins.module_utils.volumes.host_volumes import HostVolumes
from ansible_collections.rgwkit.ceph.plugins.plugin_utils.home import inventory_home
from ansible_collections.rgwkit.ceph.plugins.plugin_utils.role_variables import DerivedLookup, release_of


class LookupModule(DerivedLookup):
    """The lookup docker_volumes."""

    prefix = "docker_volumes_"
    derived = HostVolumes

    def context(self, variables: Mapping[str, Any]) -> dict[str, Any]:
        """The identity of the inventory, and what the record has besides the variables."""
        return {
            "home": inventory_home(self._templar, variables),
            "release": release_of(variables, ["docker_volumes", "service"]),
        }
