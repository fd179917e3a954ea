# Copyright (c) rgwkit authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

DOCUMENTATION = r"""
name: rgw_gateway
short_description: Look up what follows from the variables of the role rgw_gateway
version_added: "0.3.0"
author: rgwkit authors (@rgwkit)
description:
  - Returns what P(rgwkit.ceph.rgw_gateway#role) derives from its variables, for the current host.
options:
  _terms:
    description: What to look up.
    type: list
    elements: str
    choices:
      instances: The instances with all that follows from them; C(ceph_options) are the options of Ceph of each.
      preflight_instances: What P(rgwkit.ceph.rgw_preflight#module) takes of the instances.
      needs: What the host must have, as options of P(rgwkit.ceph.host_preflight#module).
      zone_options: The options of Ceph that name the realm, zonegroup and zone.
      things: The folders that the gateways use, as the option C(things) of P(rgwkit.ceph.ownership#module).
      owner: The account that owns the files of an instance.
      secret_options: Names of the given options that hold secrets.
      keystone: C(rgw_gateway_keystone) with all defaults, and the URLs of the gateways; empty without Keystone.
      keystone_conflicts: Names of the given options that contradict C(rgw_gateway_keystone).
      is_planned: Whether the records of the instances can tell that nothing is to be done.
      services: The definition of each instance, as P(rgwkit.ceph.service#role) takes it.
      service: The definition of the one O(instance).
      record: The one O(instance) that cephadm runs, as one of the C(services) of P(rgwkit.ceph.service_record#module).
    required: true
  instance: {description: "For V(service) and V(record), one of the C(instances).", type: dict, default: {}}
  entities:
    description:
      - For V(services) and V(service), what the monitors hold of keys and options, as the module
        P(rgwkit.ceph.ceph_entity_info#module) returns entities. An instance without an entity has no key.
    type: list
    elements: dict
    default: []
"""

EXAMPLES = r"""
- name: Show the URLs of the gateways
  ansible.builtin.debug:
    msg: "{{ lookup('rgwkit.ceph.rgw_gateway', 'instances') | map(attribute='url') }}"
"""

RETURN = r"""
_raw: {description: What the term stands for., type: list, elements: raw}
"""

from collections.abc import Mapping
from typing import Any

from ansible_collections.rgwkit.ceph.plugins.module_utils.gateway.host_gateways import HostGateways
from ansible_collections.rgwkit.ceph.plugins.plugin_utils.home import inventory_home
from ansible_collections.rgwkit.ceph.plugins.plugin_utils.role_variables import DerivedLookup, release_of


class LookupModule(DerivedLookup):
    """The lookup rgw_gateway."""

    prefix = "rgw_gateway_"
    derived = HostGateways

    def context(self, variables: Mapping[str, Any]) -> dict[str, Any]:
        """The host, the identity of its inventory, and what tasks know of its instances."""
        return {
            "host": variables["inventory_hostname"],
            "home": inventory_home(self._templar, variables),
            "instance": self.get_option("instance"),
            "entities": self.get_option("entities"),
            "release": release_of(variables, ["rgw_gateway", "service"]),
        }
