# Copyright (c) rgwkit authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

DOCUMENTATION = r"""
name: rgw_ingress
short_description: Look up what follows from the variables of the role rgw_ingress
version_added: "0.3.0"
author: rgwkit authors (@rgwkit)
description:
  - Returns what P(rgwkit.ceph.rgw_ingress#role) derives from its variables, for the current host.
options:
  _terms:
    description: What to look up.
    type: list
    elements: str
    choices:
      needs: What the host must have, as options of P(rgwkit.ceph.host_preflight#module).
      certificates: The certificates of the services, as the option of P(rgwkit.ceph.host_preflight#module).
      checks: The request by which HAProxy checks backends, by their type.
      has_names: Whether a backend is given by a host name.
      is_planned: Whether records can tell that nothing is to be done.
      definitions: HAProxy and, with a virtual address, keepalived as definitions of P(rgwkit.ceph.service#role).
      haproxy: The former.
      keepalived: The latter.
      log_command: The command that shows the log of HAProxy.
    required: true
"""

EXAMPLES = r"""
- name: Show the definition of HAProxy
  ansible.builtin.debug:
    msg: "{{ lookup('rgwkit.ceph.rgw_ingress', 'haproxy') }}"
"""

RETURN = r"""
_raw: {description: What the term stands for., type: list, elements: raw}
"""

from collections.abc import Mapping
from typing import Any

from ansible_collections.rgwkit.ceph.plugins.module_utils.gateway.host_ingress import HostIngress
from ansible_collections.rgwkit.ceph.plugins.plugin_utils.home import inventory_home
from ansible_collections.rgwkit.ceph.plugins.plugin_utils.role_variables import (
    DerivedLookup,
    release_of,
    renews_images,
)


class LookupModule(DerivedLookup):
    """The lookup rgw_ingress."""

    prefix = "rgw_ingress_"
    derived = HostIngress

    def context(self, variables: Mapping[str, Any]) -> dict[str, Any]:
        """The identity of the inventory, and what the records have besides the variables."""
        return {
            "home": inventory_home(self._templar, variables),
            "release": release_of(variables, ["rgw_ingress", "service"]),
            "renews": renews_images(self._templar, variables),
        }
